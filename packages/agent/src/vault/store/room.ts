import { lstat, opendir, statfs } from "node:fs/promises";
import * as path from "node:path";

/** Bytes of all files below a directory; undefined when it cannot be read. */
export async function bytesBelow(directory: string): Promise<number | undefined> {
  const entries = await opendir(directory).catch(() => undefined);
  if (entries === undefined) return undefined;
  let bytes = 0;
  for await (const entry of entries) {
    const name = path.join(directory, entry.name);
    if (entry.isDirectory()) bytes += (await bytesBelow(name)) ?? 0;
    else bytes += (await lstat(name).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

/** Bytes that this user can still write there. */
export async function bytesFree(directory: string): Promise<number | undefined> {
  const found = await statfs(directory).catch(() => undefined);
  return found === undefined ? undefined : found.bavail * found.bsize;
}
