import type { Command } from "commander";

/** Commands of ours that a text names: what stands in backticks and begins with the program's name. */
export function namedCommands(text: string): string[] {
  return [...text.matchAll(/`((?:npx )?chainkeep(?: [^`]*)?)`/g)].map((match) => match[1] ?? "");
}

/** What is wrong with a command, as the command line's own description tells it; undefined when it would be taken. */
export function commandProblem(line: string, program: Command): string | undefined {
  const words = (line.match(/"[^"]*"|\S+/g) ?? []).slice(line.startsWith("npx ") ? 2 : 1);
  let command = program;
  while (command.commands.length > 0) {
    const name = words[0];
    const found = command.commands.find((c) => c.name() === name);
    if (!found) return `there is no command ${name === undefined ? `below ${command.name()}` : JSON.stringify(name)}`;
    command = found;
    words.shift();
  }
  const given: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith("-")) {
      given.push(word);
      continue;
    }
    const [flag, value] = word.split("=", 2);
    if (flag === "--help" || flag === "-h") continue;
    const option = [...command.options, ...program.options].find((o) => o.short === flag || o.long === flag);
    if (!option) return `${command.name()} has no ${flag}`;
    if (option.required && value === undefined && words.shift() === undefined) return `${flag} wants a value`;
  }
  const wanted = command.registeredArguments;
  const missing = wanted.find((argument, index) => argument.required && given[index] === undefined);
  if (missing) return `${command.name()} wants <${missing.name()}>`;
  const many = wanted.some((argument) => argument.variadic);
  return given.length > wanted.length && !many ? `${command.name()} takes no ${given.at(-1)}` : undefined;
}
