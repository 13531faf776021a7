import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import { KEY_FILE_BYTES, keyContent, keyFileName } from "@chainkeep/core";

/**
 * The first file below a directory that must not be in a recovery point, and why. Told by names, and for small files by what is in them; read
 * again after a restore, because a copy may have come from an agent that knew fewer keys.
 */
export async function keyInside(root: string): Promise<{ readonly file: string; readonly what: string } | undefined> {
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await entriesOf(directory)) {
      const place = path.join(directory, entry.name);
      if (entry.isDirectory()) pending.push(place);
      if (!entry.isFile()) continue;
      const file = path.relative(root, place);
      const what = keyFileName(file) ?? (await contentOf(place));
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

async function contentOf(file: string): Promise<string | undefined> {
  const { size } = await stat(file);
  return size === 0 || size > KEY_FILE_BYTES ? undefined : keyContent(await readFile(file, "latin1"));
}
