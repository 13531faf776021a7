import { open, stat } from "node:fs/promises";

const TAIL_BYTES = 16 * 1024;
const TAIL_LINES = 20;

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** Last lines of a log, from an offset on. Empty when there is nothing to read. */
export async function tailOf(file: string, from = 0): Promise<string[]> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const size = (await handle.stat()).size;
    // A log that is shorter than before was rotated in between.
    const start = Math.max(size < from ? 0 : from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.subarray(0, bytesRead).toString("utf8").split("\n");
    return lines.filter((line) => line.trim() !== "").slice(-TAIL_LINES);
  } finally {
    await handle.close();
  }
}

export function quoted(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${lines.map((line) => `    | ${line}`).join("\n")}`;
}
