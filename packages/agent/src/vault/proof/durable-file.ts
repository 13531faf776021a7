import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import * as path from "node:path";

/** Writes a file whole or not at all: also after a power cut, it is the old one or the new one. */
export async function writeDurably(file: string, content: string, mode = 0o600): Promise<void> {
  await viaTemporary(file, content, mode, (temporary) => rename(temporary, file));
}

/** Like `writeDurably`, where there is no file yet: of several at once, one makes it. False when it is there; then it is as it was. */
export async function createDurably(file: string, content: string, mode = 0o600): Promise<boolean> {
  return viaTemporary(file, content, mode, async (temporary) => {
    try {
      // Not every file system has hard links.
      await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST" || error.code === "ENOENT") throw error;
        return copyFile(temporary, file, constants.COPYFILE_EXCL);
      });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  });
}

async function viaTemporary<T>(
  file: string,
  content: string,
  mode: number,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = path.join(directory, `.${path.basename(file)}.${randomBytes(4).toString("hex")}.tmp`);
  let result: T;
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    result = await place(temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  const parent = await open(directory, "r").catch(() => undefined);
  // Some file systems refuse to sync a directory; they order renames by themselves.
  await parent?.sync().catch(() => undefined);
  await parent?.close();
  return result;
}
