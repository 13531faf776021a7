import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { keyOf, smallText } from "../key-file";

/**
 * The first file below a directory that must not be in a recovery point, and why. Looked for again after a restore, because a copy may have come
 * from an agent that knew fewer keys.
 */
export async function keyInside(
  root: string,
  keyPaths: readonly string[],
): Promise<{ readonly file: string; readonly what: string } | undefined> {
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await entriesOf(directory)) {
      const place = path.join(directory, entry.name);
      if (entry.isDirectory()) pending.push(place);
      if (!entry.isFile()) continue;
      const file = path.relative(root, place);
      const text = await smallText(place, (await stat(place)).size);
      const what = keyOf({ below: file, text }, keyPaths);
      if (what !== undefined) return { file, what };
    }
  }
  return undefined;
}

/** A process whose copy holds nothing has no directory. */
function entriesOf(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
