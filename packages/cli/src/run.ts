import { type Command, CommanderError } from "commander";
import { EXIT, told } from "./errors";
import { buildProgram } from "./program";

/** Runs the command line and resolves with the exit code. */
export async function run(args: readonly string[], version: string): Promise<number> {
  const { command, chosen } = buildProgram(version);
  for (const one of allOf(command)) one.configureOutput({ outputError: usage });
  try {
    await command.parseAsync([...args], { from: "user" });
    return (await chosen()?.()) ?? EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { text, exitCode } = told(error);
    process.stderr.write(`${text}\n`);
    return exitCode;
  }
}

/** Commander's complaint on one line, in our form. */
function usage(text: string, write: (text: string) => void): void {
  const line = text
    .replace(/^error: /, "")
    .trim()
    .replaceAll(/\s*\n\s*/g, " ");
  write(`chainkeep: ${line} [USAGE]\n`);
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}
