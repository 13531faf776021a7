import { chmod, lstat } from "node:fs/promises";

const AT_ONCE = 64;

/**
 * Marks files as changed without changing them: the time of their last change of status becomes now, so that they are read again. Time and
 * size do not tell everything of a file that was written shortly before it was read: clocks have ticks, and pages of a file in memory that are
 * written twice before they reach the disk carry the time of the first write.
 */
export async function markChanged(files: readonly string[]): Promise<void> {
  for (let i = 0; i < files.length; i += AT_ONCE) {
    await Promise.all(
      files.slice(i, i + AT_ONCE).map(async (name) => {
        // One that is gone by now needs no mark.
        const found = await lstat(name).catch(() => undefined);
        if (found?.isFile()) await chmod(name, found.mode & 0o7777).catch(ignoreAbsent);
      }),
    );
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
