import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import * as path from "node:path";

/** Writes a file whole or not at all: also after a power cut, it is the old one or the new one. */
export async function writeDurably(file: string, content: string, mode = 0o600): Promise<void> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = path.join(directory, `.${path.basename(file)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  const parent = await open(directory, "r").catch(() => undefined);
  // Some file systems refuse to sync a directory; they order renames by themselves.
  await parent?.sync().catch(() => undefined);
  await parent?.close();
}
