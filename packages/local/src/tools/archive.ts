import * as path from "node:path";
import { AttemptError, HopelessError, lastLines } from "./attempt";
import { runProgram } from "./run-program";
import type { Tree } from "./tool";

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
  const members = new Map(
    (await membersOf(archive, directory))
      .filter((member) => binaries.includes(path.posix.basename(member)) && isInside(member))
      // A folder may be named like a program; its entries end with a slash and have another base name.
      .filter((member) => !member.endsWith("/"))
      .map((member) => [path.posix.basename(member), member] as const),
  );
  refuseWithout(
    archive,
    binaries.filter((name) => !members.has(name)),
  );
  await tar(["-xzf", archive, "-C", directory, ...members.values()], directory);
  return Object.fromEntries([...members].map(([name, member]) => [name, path.join(directory, member)]));
}

/**
 * Unpacks a .tar.gz as a whole. It must have one folder at its top, and in it what the program needs.
 *
 * @returns path of that folder
 */
export async function unpackTree(archive: string, { program, needs }: Tree, directory: string): Promise<string> {
  const members = (await membersOf(archive, directory)).map((member) => member.replace(/^\.\//, ""));
  const outside = members.find((member) => !isInside(member));
  if (outside !== undefined)
    throw new AttemptError(`download refused: ${path.basename(archive)} holds ${outside}, outside of its own folder`);
  const roots = [...new Set(members.map((member) => member.split("/")[0] ?? ""))].filter((root) => root !== "");
  const [root] = roots;
  if (root === undefined || roots.length > 1)
    throw new AttemptError(
      `download refused: ${path.basename(archive)} has ${roots.length} folders at its top, not one`,
    );
  const has = (name: string) =>
    members.some((member) => member === `${root}/${name}` || member.startsWith(`${root}/${name}/`));
  refuseWithout(
    archive,
    [program, ...needs].filter((name) => !has(name)),
  );
  // Files of whoever packed it become this user's, also for root.
  await tar(["-xzf", archive, "--no-same-owner", "-C", directory], directory);
  return path.join(directory, root);
}

function refuseWithout(archive: string, missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new AttemptError(`download refused: ${path.basename(archive)} holds no ${missing.join(", ")}`);
}

async function membersOf(archive: string, directory: string): Promise<string[]> {
  const listed = await tar(["-tzf", archive], directory);
  return listed.split("\n").filter((member) => member !== "");
}

function isInside(member: string): boolean {
  return !member.startsWith("/") && !member.split("/").includes("..");
}

/** A list of names is long: what of it is cut off would be missed. */
const LONGEST_LIST = 64 * 1024 * 1024;

async function tar(args: readonly string[], directory: string): Promise<string> {
  const { code, stdout, stderr, error } = await runProgram("tar", args, { kept: LONGEST_LIST });
  if (error) throw new AttemptError(`the archive cannot be opened: tar ${error.code ?? error.message}`);
  if (/no space left on device/i.test(stderr))
    throw new HopelessError(directory, "no space is left on the device; free some space and run again", "DISK_FULL");
  if (code !== 0) throw new AttemptError(`the archive cannot be opened: ${lastLines(stderr)}`);
  return stdout;
}
