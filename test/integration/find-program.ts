import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

/** Where a real program is: CHAINKEEP_<NAME>, PATH, or the cache that `chainkeep setup` fills. Undefined when it is nowhere. */
export function findProgram(name: string): string | undefined {
  const { env } = process;
  const override = env[`CHAINKEEP_${name.toUpperCase().replaceAll("-", "_")}`];
  const cache = path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "chainkeep", "bin");
  const folders = [...(env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== ""), cache];
  return [...(override ? [override] : []), ...folders.map((folder) => path.join(folder, name))].find(isExecutable);
}

/** `describe`, or a skipped one with a line that says what is missing. */
export function describeWith(programs: Readonly<Record<string, string | undefined>>): jest.Describe {
  const missing = Object.keys(programs).filter((name) => programs[name] === undefined);
  if (missing.length === 0) return describe;
  const list = missing.join(" ");
  process.stderr.write(`skipped: ${list} not found; put it on PATH, or try: npx chainkeep tools --resolve ${list}\n`);
  return describe.skip;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
