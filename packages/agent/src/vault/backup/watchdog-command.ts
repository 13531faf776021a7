import { parseArgs } from "node:util";
import { tellWatching } from "./spawn-watchdog";
import { watchdog } from "./watchdog";

/** The watchdog as a command. Resolves with its exit code, 1 when the node could not be started; undefined for arguments that it does not know. */
export async function watchdogCommand(
  words: readonly string[],
  out: (text: string) => void,
): Promise<0 | 1 | undefined> {
  const asked = askedBy(words);
  if (!asked) return undefined;
  const say = (line: string) => out(`${new Date().toISOString()} ${line}\n`);
  const end = await watchdog(asked.journal, { attempt: asked.attempt, say, onWatching: tellWatching });
  return end === "failed" ? 1 : 0;
}

function askedBy(words: readonly string[]): { readonly journal: string; readonly attempt: string } | undefined {
  try {
    const options = { journal: { type: "string" }, attempt: { type: "string" } } as const;
    const { journal, attempt } = parseArgs({ args: [...words], options }).values;
    return journal && attempt ? { journal, attempt } : undefined;
  } catch {
    // An option that nobody knows, or one without its value.
    return undefined;
  }
}
