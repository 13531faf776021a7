import { execFile, execFileSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statfsSync, utimesSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

/** Databases of a node: one file of random bytes in each, which no compression makes smaller. */
export const FILES = 500;

export const now = (): number => performance.now() / 1000;

/** Seconds of an action. */
export async function timed(action: () => unknown): Promise<number> {
  const began = now();
  await action();
  return now() - began;
}

/** Brings everything to the disk and forgets it in memory, so that the next who reads it has to go to the disk; false where that is not allowed. */
export function coldCaches(): boolean {
  execFileSync("sync");
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3");
    return true;
  } catch {
    return false;
  }
}

/** Seconds of `cp -a`, and of the `sync` behind it. The copy is deleted. */
export async function copySeconds(from: string, to: string): Promise<{ copy: number; sync: number }> {
  try {
    // Not in one piece with everything else: connections that are closed meanwhile must be noticed.
    const copy = await timed(() => promisify(execFile)("cp", ["-a", from, to]));
    return { copy, sync: await timed(() => promisify(execFile)("sync", ["-f", to])) };
  } finally {
    rmSync(to, { recursive: true, force: true });
  }
}

/** @throws Error when a disk has less room than that */
export function assertRoom(directory: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(directory);
  const size = (n: number) => `${(n / 2 ** 30).toFixed(1)} GiB`;
  if (bavail * bsize >= bytes) return;
  throw new Error(`${directory}: ${size(bytes)} are needed, ${size(bavail * bsize)} are free; use a smaller --gib`);
}

/**
 * Writes random files in the place of those of some databases, new ones as databases do it.
 *
 * @returns bytes that were written
 */
export function writeRandom(data: string, databases: readonly number[], bytesEach: number): number {
  const block = Buffer.allocUnsafe(bytesEach);
  for (const i of databases) {
    const database = path.join(data, `${i}.db`);
    mkdirSync(database, { recursive: true });
    for (const name of readdirSync(database)) if (name.endsWith(".sst")) rmSync(path.join(database, name));
    writeFileSync(path.join(database, `${process.hrtime.bigint()}.sst`), randomFillSync(block));
  }
  return databases.length * bytesEach;
}

/** As if it had been written some minutes ago: what has changed in the last minute is read twice, and a node's data is older than that. */
export function age(data: string, seconds = 180): void {
  const then = Date.now() / 1000 - seconds;
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(path.join(entry.parentPath, entry.name), then, then);
  }
}
