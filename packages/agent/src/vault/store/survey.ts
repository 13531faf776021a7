import type { Stats } from "node:fs";
import { lstat, opendir, readlink } from "node:fs/promises";
import * as path from "node:path";

export interface Survey {
  readonly files: number;
  readonly bytes: number;
  /** Files whose last change is not longer ago than was asked for. */
  readonly recent: readonly string[];
  /** Some of the recent ones belong to another user: they cannot be marked. */
  readonly foreign: boolean;
  /** Links that lead out of the data, or that would lead back to it from a restored copy. */
  readonly strayLinks: readonly { readonly path: string; readonly to: string }[];
}

interface Counts {
  files: number;
  bytes: number;
  recent: string[];
  foreign: boolean;
  strayLinks: { path: string; to: string }[];
}

/** What lies below some paths of a home that may be in use: what vanishes meanwhile is not counted. */
export async function survey(home: string, targets: readonly string[], changedSinceMs: number): Promise<Survey> {
  const counts: Counts = { files: 0, bytes: 0, recent: [], foreign: false, strayLinks: [] };
  for (const target of targets) {
    const found = await lstat(target).catch(gone);
    if (found) await visit(home, target, found, changedSinceMs, counts);
  }
  return counts;
}

async function visit(home: string, name: string, found: Stats, since: number, counts: Counts): Promise<void> {
  if (found.isSymbolicLink()) return visitLink(home, name, counts);
  if (found.isDirectory()) return visitDirectory(home, name, since, counts);
  if (!found.isFile()) return;
  counts.files += 1;
  counts.bytes += found.size;
  if (found.mtimeMs < since) return;
  counts.recent.push(name);
  const user = process.geteuid?.();
  if (user !== undefined && user !== 0 && user !== found.uid) counts.foreign = true;
}

const AT_ONCE = 64;

async function visitDirectory(home: string, directory: string, since: number, counts: Counts): Promise<void> {
  const directories: string[] = [];
  let batch: Promise<void>[] = [];
  const entries = await opendir(directory).catch(gone);
  if (!entries) return;
  for await (const entry of entries) {
    const name = path.join(directory, entry.name);
    if (entry.isDirectory()) directories.push(name);
    else batch.push(visitEntry(home, name, since, counts));
    if (batch.length < AT_ONCE) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
  for (const name of directories) await visitDirectory(home, name, since, counts);
}

async function visitEntry(home: string, name: string, since: number, counts: Counts): Promise<void> {
  const found = await lstat(name).catch(gone);
  if (found) await visit(home, name, found, since, counts);
}

/** An absolute link leads from a restored copy back to the data of the node that was copied. */
async function visitLink(home: string, name: string, counts: Counts): Promise<void> {
  const to = await readlink(name).catch(gone);
  if (to === undefined) return;
  const end = path.resolve(path.dirname(name), to);
  if (path.isAbsolute(to) || !`${end}/`.startsWith(`${home}/`)) counts.strayLinks.push({ path: name, to });
}

/** Whoever reads it next says why it cannot be read. */
function gone(): undefined {
  return undefined;
}

export function joinSurveys(parts: readonly Survey[]): Survey {
  return {
    files: parts.reduce((sum, part) => sum + part.files, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    recent: parts.flatMap((part) => part.recent),
    foreign: parts.some((part) => part.foreign),
    strayLinks: parts.flatMap((part) => part.strayLinks),
  };
}
