import type { Dirent } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { VaultError } from "../vault-error";

/** One thread of the four that node has for files is left to the rest of the agent. */
const AT_ONCE = 3;
const PAUSE_MS = 500;
/** A tree of very many files is looked through for a quarter of the time at most. */
const REST = 3;

/**
 * Brings what is written below a directory to the disk while it is written, and all that is left when it is whole: so the disk works beside the
 * processor, and what takes the place of old data afterwards is still there after a power cut.
 *
 * @throws VaultError TARGET_FULL, TARGET_WRITE
 */
export async function durably<T>(root: string, write: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const beside = follow(root, over.signal);
  let result: T;
  try {
    result = await write();
  } finally {
    over.abort();
    await beside.catch(() => undefined);
  }
  // An error of before counts: the system tells only once what it could not write.
  await beside;
  await settle(root);
  return result;
}

/** What has changed since it was last brought to the disk, again and again. */
async function follow(root: string, over: AbortSignal): Promise<void> {
  const done = new Map<string, number>();
  const bring = async (file: string) => {
    const found = await lstat(file).catch(ignoreAbsent);
    if (!found || over.aborted || done.get(file) === found.mtimeMs) return;
    await toDisk(file);
    done.set(file, found.mtimeMs);
  };
  for (let pause = PAUSE_MS; ; ) {
    await sleep(pause, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    const began = performance.now();
    await eachFile(root, bring);
    pause = Math.max(PAUSE_MS, REST * (performance.now() - began));
  }
}

async function settle(root: string): Promise<void> {
  const directories = await eachFile(root, toDisk);
  // Some file systems refuse to sync a directory; they order names by themselves.
  for (const directory of directories) await toDisk(directory).catch(() => undefined);
}

/** @returns the directories */
async function eachFile(root: string, action: (file: string) => Promise<void>): Promise<string[]> {
  const directories = [root];
  for (const directory of directories) {
    const entries = (await readdir(directory, { withFileTypes: true }).catch(ignoreAbsent)) ?? [];
    directories.push(
      ...pathsOf(
        directory,
        entries.filter((entry) => entry.isDirectory()),
      ),
    );
    const files = pathsOf(
      directory,
      entries.filter((entry) => entry.isFile()),
    ).values();
    const worker = async () => {
      for (const file of files) await action(file);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return directories;
}

const pathsOf = (directory: string, entries: readonly Dirent[]): string[] =>
  entries.map(({ name }) => path.join(directory, name));

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, "r").catch(ignoreAbsent);
  try {
    await handle?.sync();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const full = code === "ENOSPC" || code === "EDQUOT";
    const text = full ? `no room is left for ${file}` : `${file}: the disk does not take it (${code})`;
    throw new VaultError(full ? "TARGET_FULL" : "TARGET_WRITE", text, [], { cause: error });
  } finally {
    await handle?.close();
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
