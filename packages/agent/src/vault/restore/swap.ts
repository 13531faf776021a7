import { chown, lstat, mkdir, open, rename } from "node:fs/promises";
import * as path from "node:path";
import { type DataPlaces, dataEntries } from "./data-entries";
import { exists, oldDirectory, removeTree, strayDirectory } from "./own-names";

/*
 * How new data takes the place of old data in a home. All of it are renames within one file system, and each can be told from what is on the
 * disk: so a swap that was interrupted anywhere can be carried on, or taken back.
 */

export interface HomeSwap {
  readonly home: string;
  readonly id: string;
  /** Directory with the new data, below the home. */
  readonly fresh: string;
  readonly places: DataPlaces;
  /** Entries of the old data, in the home before the swap. */
  readonly before: readonly string[];
  /** Entries of the new data. */
  readonly after: readonly string[];
}

/** Looks at both. The node stands still: what it would make now is not in the list. */
export async function swapOf(home: string, id: string, fresh: string, places: DataPlaces): Promise<HomeSwap> {
  const [before, after] = [await dataEntries(home, places), await dataEntries(fresh, places)];
  return { home, id, fresh, places, before, after };
}

/** Puts the new data in the place of the old data: all old data first, so that the new data is never beside a part of it. */
export async function carryOut(swaps: readonly HomeSwap[]): Promise<void> {
  for (const swap of swaps) await putAside(swap);
  for (const swap of swaps) await putIn(swap);
}

/** The old data back in its place, and the new data in its own. */
export async function takeBack(swaps: readonly HomeSwap[]): Promise<void> {
  for (const swap of swaps) await takeOut(swap);
  for (const swap of swaps) await bringBack(swap);
}

/** Of an interrupted swap: how much of the new data is in its place, and whether there is old data to go back to. */
export async function progressOf(
  swaps: readonly HomeSwap[],
): Promise<{ readonly begun: boolean; readonly complete: boolean; readonly hasOld: boolean }> {
  const isIn = await Promise.all(swaps.flatMap((swap) => swap.after.map((name) => isNew(swap, name))));
  const isOut = await Promise.all(swaps.flatMap((swap) => swap.before.map((name) => isAside(swap, name))));
  return {
    begun: isIn.some(Boolean),
    complete: isIn.every(Boolean) && isOut.every(Boolean),
    hasOld: swaps.some(({ before }) => before.length > 0),
  };
}

async function putAside(swap: HomeSwap): Promise<void> {
  const { home, id, before } = swap;
  const old = oldDirectory(home, id);
  for (const name of before) {
    if (!(await isAside(swap, name)) && (await exists(path.join(home, name)))) await move(name, home, old);
  }
  // Whatever else is there was written by somebody who was started in between.
  for (const name of await dataEntries(home, swap.places)) if (!(await isNew(swap, name))) await putAway(swap, name);
  await settle(home, old);
}

async function putIn(swap: HomeSwap): Promise<void> {
  const { home, fresh, after } = swap;
  for (const name of after) {
    if (await isNew(swap, name)) continue;
    if (await exists(path.join(home, name))) await putAway(swap, name);
    await move(name, fresh, home);
  }
  await settle(home, ...after.map((name) => path.dirname(path.join(home, name))));
}

async function takeOut(swap: HomeSwap): Promise<void> {
  const { home, fresh, before } = swap;
  for (const name of await dataEntries(home, swap.places)) {
    if (before.includes(name) && !(await isAside(swap, name))) continue;
    if (await isNew(swap, name)) await move(name, home, fresh);
    else await putAway(swap, name);
  }
}

async function bringBack(swap: HomeSwap): Promise<void> {
  const { home, id, before } = swap;
  const old = oldDirectory(home, id);
  for (const name of before) if (await isAside(swap, name)) await move(name, old, home);
  await settle(home, ...before.map((name) => path.dirname(path.join(home, name))));
  // Only directories are left in it.
  await removeTree(old);
}

/** New data leaves its own directory when it takes its place. */
async function isNew({ fresh, after }: HomeSwap, name: string): Promise<boolean> {
  return after.includes(name) && !(await exists(path.join(fresh, name)));
}

function isAside({ home, id }: HomeSwap, name: string): Promise<boolean> {
  return exists(path.join(oldDirectory(home, id), name));
}

async function putAway({ home, id }: HomeSwap, name: string): Promise<void> {
  const stray = strayDirectory(home, id);
  await removeTree(path.join(stray, name));
  await move(name, home, stray);
}

async function move(name: string, from: string, to: string): Promise<void> {
  await makeParents(path.dirname(name), from, to);
  await rename(path.join(from, name), path.join(to, name));
}

/** With the rights of their models. */
async function makeParents(below: string, from: string, to: string): Promise<void> {
  if (!(await exists(to))) await mkdir(to, { recursive: true, mode: 0o700 });
  const parts = below === "." ? [] : below.split("/");
  for (let i = 1; i <= parts.length; i++) {
    const name = path.join(...parts.slice(0, i));
    const place = path.join(to, name);
    if (await exists(place)) continue;
    const { mode, uid, gid } = await lstat(path.join(from, name));
    await mkdir(place, { mode: mode & 0o7777 });
    if (process.geteuid?.() === 0) await chown(place, uid, gid);
  }
}

/** Renames that are told in a journal must not be lost in a power cut. */
async function settle(...directories: readonly string[]): Promise<void> {
  for (const directory of new Set(directories)) {
    const handle = await open(directory, "r").catch(() => undefined);
    // Some file systems refuse to sync a directory; they order renames by themselves.
    await handle?.sync().catch(() => undefined);
    await handle?.close();
  }
}
