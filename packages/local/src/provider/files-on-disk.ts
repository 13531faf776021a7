import { mkdir, readFile, realpath, rm, rmdir, stat } from "node:fs/promises";
import * as path from "node:path";
import type { Problem } from "@chainkeep/core";
import { contentDigest } from "../resources/digest";
import { writeFiles } from "../supervisor/atomic-file";
import { errnoOf, fileProblem, LocalError } from "../supervisor/problem";
import { fourDigits, type WantedFile, type Written, type WrittenFile } from "./file-set-props";

/** Digest of a file's bytes; undefined when it is not there. */
export async function digestOnDisk(file: string): Promise<string | undefined> {
  try {
    return contentDigest(await readFile(file));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errnoOf(error) ?? "")) return undefined;
    throw new LocalError("FileSet", [fileProblem(file, error)]);
  }
}

export async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

/** What is there of the files that were written. One that is left to its program is taken as it was. */
export async function look(directory: string, written: Written): Promise<Written> {
  const found: Record<string, WrittenFile> = {};
  for (const [name, before] of Object.entries(written)) {
    const file = path.join(directory, name);
    const digest = before.createOnly ? before.digest : await digestOnDisk(file);
    if (digest === undefined) continue;
    const mode = before.createOnly ? before.mode : modeText((await stat(file)).mode);
    found[name] = { ...before, digest, mode };
  }
  return found;
}

function modeText(mode: number): string {
  return fourDigits((mode & 0o777).toString(8));
}

/** A file as it is recorded after writing. Of one that is left to its program, nothing is ever compared. */
export function recordOf(file: WantedFile): WrittenFile {
  if (file.createOnly) return { digest: "", mode: "", createOnly: true };
  return { digest: contentDigest(file.content), mode: file.mode, createOnly: false };
}

/**
 * Writes the files that are missing or different, all or none. Returns those that were written.
 *
 * @throws LocalError with every problem at once
 */
export async function bring(directory: string, wanted: readonly WantedFile[]): Promise<WantedFile[]> {
  const subject = `FileSet ${directory}`;
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new LocalError(subject, [fileProblem(directory, error)]);
  });
  const due: WantedFile[] = [];
  for (const file of wanted) if (await isDue(directory, file)) due.push(file);
  const outside = await escapes(directory, due);
  if (outside.length > 0) throw new LocalError(subject, outside);
  const problems = await writeFiles(
    due.map(({ path: name, content, mode }) => ({
      path: path.join(directory, name),
      content,
      mode: Number.parseInt(mode, 8),
    })),
  );
  if (problems.length > 0) throw new LocalError(subject, problems);
  return due;
}

async function isDue(directory: string, file: WantedFile): Promise<boolean> {
  const target = path.join(directory, file.path);
  if (file.createOnly) return !(await exists(target));
  if ((await digestOnDisk(target)) !== contentDigest(file.content)) return true;
  return modeText((await stat(target)).mode) !== file.mode;
}

/** Somebody may have put a symbolic link in the place of a directory. */
async function escapes(directory: string, files: readonly WantedFile[]): Promise<Problem[]> {
  const root = await realpath(directory);
  const problems: Problem[] = [];
  for (const parent of new Set(files.map((file) => path.dirname(path.join(directory, file.path))))) {
    const real = await nearestReal(parent);
    if (real === root || real.startsWith(root + path.sep)) continue;
    const message = `leads to ${real}, outside of ${root}; replace the symbolic link by a directory`;
    problems.push({ path: parent, message, code: "PATH_OUTSIDE" });
  }
  return problems;
}

async function nearestReal(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch {
    return nearestReal(path.dirname(directory));
  }
}

/** Removes files and the directories that get empty by it, up to and without the set's own. */
export async function remove(directory: string, names: readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  for (const name of names) {
    const file = path.join(directory, name);
    await rm(file, { force: true }).catch((error) => problems.push(fileProblem(file, error)));
    for (let parent = path.dirname(name); parent !== "."; parent = path.dirname(parent)) {
      if (!(await removedIfEmpty(path.join(directory, parent)))) break;
    }
  }
  if (problems.length > 0) throw new LocalError(`FileSet ${directory}`, problems);
}

export async function removedIfEmpty(directory: string): Promise<boolean> {
  return rmdir(directory).then(
    () => true,
    () => false,
  );
}
