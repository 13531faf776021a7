import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import type { Problem } from "@chainkeep/core";
import { fileProblem } from "./problem";

export interface FileToWrite {
  /** Absolute path. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

interface Staged extends FileToWrite {
  readonly temporary: string;
}

/**
 * Writes all files or, when one does not fit on the disk, none: every text is on the disk under another name before the first
 * one takes its place. Returns what went wrong.
 */
export async function writeFiles(files: readonly FileToWrite[]): Promise<Problem[]> {
  const staged: Staged[] = files.map((file) => ({ ...file, temporary: temporaryName(file.path) }));
  const problems: Problem[] = [];
  const attempt = async (file: Staged, step: (file: Staged) => Promise<void>) => {
    await step(file).catch((error) => problems.push(fileProblem(file.path, error)));
  };
  for (const file of staged) await attempt(file, stage);
  if (problems.length === 0)
    for (const file of staged) await attempt(file, ({ temporary, path: to }) => rename(temporary, to));
  // A temporary file that was never made, or has been renamed, is no trouble.
  for (const { temporary } of staged) await rm(temporary, { force: true }).catch(() => undefined);
  for (const directory of new Set(staged.map((file) => path.dirname(file.path)))) await syncDirectory(directory);
  return problems;
}

const TEMPORARY = /^\..+\.[0-9a-f]{12}\.chainkeep-tmp$/;

/** Left by somebody who was killed in the middle of writing. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

function temporaryName(file: string): string {
  const suffix = randomBytes(6).toString("hex");
  return path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${suffix}.chainkeep-tmp`);
}

async function stage({ temporary, path: target, content, mode }: Staged): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(content);
    // The umask does not have the last word.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only on the disk when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch(() => undefined);
  if (handle === undefined) return;
  // Some file systems refuse to sync a directory; they order renames by themselves.
  await handle.sync().catch(() => undefined);
  await handle.close();
}
