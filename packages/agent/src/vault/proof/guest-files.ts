import { copyFile, lstat, mkdir, readdir, readlink, rm } from "node:fs/promises";
import * as path from "node:path";

/**
 * Copies a directory's files over another one. Whatever is in the way of a file or a directory is removed first: what was restored may hold
 * links, and nothing is ever written through them.
 */
export async function copyOver(from: string, to: string): Promise<void> {
  await realDirectory(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyOver(source, target);
    else {
      await rm(target, { recursive: true, force: true });
      await copyFile(source, target);
    }
  }
}

async function realDirectory(directory: string): Promise<void> {
  const found = await lstat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  if (found) await rm(directory, { force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

/** The first link below a directory that leads out of it: a client that follows it would write to somebody else's data. */
export async function linkOutOf(root: string): Promise<string | undefined> {
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const place = path.join(directory, entry.name);
      if (entry.isDirectory()) pending.push(place);
      if (!entry.isSymbolicLink()) continue;
      const target = path.resolve(directory, await readlink(place));
      if (target !== root && !target.startsWith(`${root}${path.sep}`)) return place;
    }
  }
  return undefined;
}
