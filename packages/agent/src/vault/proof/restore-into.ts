import { rm, statfs } from "node:fs/promises";
import * as path from "node:path";
import type { AgentInventory, RecoveryPoint, VaultProgress } from "@chainkeep/core";
import type { JobContext, PointStore } from "../contracts";
import { keyPathsOf } from "../key-file";
import { isDamaged, PointFault, Undecided } from "./findings";
import type { Guest } from "./guest";
import { keyInside } from "./keys-inside";

export interface RestoreInto {
  readonly store: PointStore;
  readonly point: RecoveryPoint;
  readonly guest: Guest;
  /** Knows where clients keep their keys. */
  readonly inventory: Pick<AgentInventory, "nodes">;
  readonly job: JobContext;
  readonly signal: AbortSignal;
}

/**
 * Writes a point's data into a guest, every byte of it checked, and looks through what was written: no key may be inside, and no link out of it.
 *
 * @returns bytes that were written
 * @throws PointFault at `intact` for damaged data, keys and links
 */
export async function restoreInto({ store, point, guest, inventory, job, signal }: RestoreInto): Promise<number> {
  let bytes = 0;
  for (const process of point.processes) {
    const target = guest.of.processes.find(({ layer }) => layer === process.layer)?.home;
    if (target === undefined) throw new Undecided("PROOF_OTHER_CLIENT", `the guest has no place for ${process.name}`);
    const before = bytes;
    const onProgress = (progress: VaultProgress) => job.progress(sum(before, progress, point.sizeBytes));
    // A record that cannot be written is found out by what is written next.
    const onChild = (pid: number) => void guest.adopt("restore", pid).catch(() => undefined);
    const fetch = () => store.fetch({ point, process: process.name, target, onProgress, signal, onChild });
    bytes += (await twice(fetch, () => rm(target, { recursive: true, force: true }))).bytes;
  }
  for (const { home, name, client } of guest.of.processes) {
    const key = await keyInside(home, keyPathsOf(inventory, client));
    if (!key) continue;
    throw new PointFault("intact", "KEYS_FOUND", `holds ${key.what} for ${name}: ${key.file}`);
  }
  const link = await guest.linkOut();
  if (link !== undefined) {
    const text = `holds a link that leads out of it: ${path.relative(guest.of.directory, link)}`;
    throw new PointFault("intact", "LINK_OUTSIDE", text);
  }
  return bytes;
}

/** Bytes that are damaged on their way here are damaged once: a point is called bad when it is so a second time. */
export async function twice<T>(read: () => Promise<T>, between: () => Promise<void> = async () => {}): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    await between();
    return read();
  }
}

/** Of one process, as part of all of them. */
function sum(before: number, { doneBytes, bytesPerSecond }: VaultProgress, totalBytes: number): VaultProgress {
  const done = before + doneBytes;
  const left = Math.max(0, totalBytes - done);
  const secondsLeft = bytesPerSecond ? left / bytesPerSecond : null;
  return { doneBytes: done, totalBytes, bytesPerSecond, secondsLeft };
}

/** Beside the data itself: what the client writes while it opens, and imports. */
const SPARE_BYTES = 256 * 2 ** 20;

export async function roomFor(
  directory: string,
  bytes: number,
  { freeBytes = freeAt }: { freeBytes?: (directory: string) => Promise<number | undefined> },
): Promise<Undecided | undefined> {
  const free = await freeBytes(directory);
  const needed = Math.ceil(bytes * 1.1) + SPARE_BYTES;
  if (free === undefined || free >= needed) return undefined;
  const gib = (value: number) => `${Math.round((value / 2 ** 30) * 10) / 10} GiB`;
  return new Undecided(
    "PROOF_NO_ROOM",
    `the copy needs ${gib(needed)} beside ${directory}, which has ${gib(free)} left`,
  );
}

/** Of the nearest directory above that is there. */
async function freeAt(directory: string): Promise<number | undefined> {
  for (let place = directory; ; place = path.dirname(place)) {
    try {
      const { bsize, bavail } = await statfs(place);
      return bsize * bavail;
    } catch {
      if (place === path.dirname(place)) return undefined;
    }
  }
}
