import * as path from "node:path";
import { AttemptError, HopelessError, lastLines } from "./attempt";
import { runProgram } from "./run-program";

/**
 * Takes programs out of a .tar.gz. Only regular paths inside of it are considered.
 *
 * @returns path of each program by name
 */
export async function unpack(
  archive: string,
  binaries: readonly string[],
  directory: string,
): Promise<Record<string, string>> {
  const listed = await tar(["-tzf", archive], directory);
  const members = new Map(
    listed
      .split("\n")
      .filter((member) => binaries.includes(path.posix.basename(member)) && isInside(member))
      // A folder may be named like a program; its entries end with a slash and have another base name.
      .filter((member) => !member.endsWith("/"))
      .map((member) => [path.posix.basename(member), member] as const),
  );
  const missing = binaries.filter((name) => !members.has(name));
  if (missing.length > 0)
    throw new AttemptError(`download refused: ${path.basename(archive)} holds no ${missing.join(", ")}`);
  await tar(["-xzf", archive, "-C", directory, ...members.values()], directory);
  return Object.fromEntries([...members].map(([name, member]) => [name, path.join(directory, member)]));
}

function isInside(member: string): boolean {
  return !member.startsWith("/") && !member.split("/").includes("..");
}

async function tar(args: readonly string[], directory: string): Promise<string> {
  const { code, stdout, stderr, error } = await runProgram("tar", args);
  if (error) throw new AttemptError(`the archive cannot be opened: tar ${error.code ?? error.message}`);
  if (/no space left on device/i.test(stderr))
    throw new HopelessError(directory, "no space is left on the device; free some space and run again", "DISK_FULL");
  if (code !== 0) throw new AttemptError(`the archive cannot be opened: ${lastLines(stderr)}`);
  return stdout;
}
