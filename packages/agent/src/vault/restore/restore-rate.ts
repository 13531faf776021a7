import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { writeDurably } from "../proof/durable-file";

const fileOf = (directory: string) => path.join(directory, "last-restore.json");

/** Remembers how fast data was last written, for the next plan. It is only an estimate: what cannot be kept is left out. */
export async function rememberRate(directory: string, bytes: number, seconds: number): Promise<void> {
  if (bytes <= 0 || seconds <= 0) return;
  await writeDurably(fileOf(directory), `${JSON.stringify({ bytes, seconds })}\n`).catch(() => undefined);
}

/** Seconds that so many bytes will take; null before the first restore. */
export async function estimateOf(directory: string, wanted: number): Promise<number | null> {
  try {
    const { bytes, seconds } = JSON.parse(await readFile(fileOf(directory), "utf8")) as Record<string, unknown>;
    if (typeof bytes !== "number" || typeof seconds !== "number" || bytes <= 0 || seconds <= 0) return null;
    return Math.ceil((wanted * seconds) / bytes);
  } catch {
    return null;
  }
}
