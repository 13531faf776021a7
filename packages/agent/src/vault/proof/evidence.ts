import { readdir, readFile, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import type { Evidence, RecoveryPoint } from "@chainkeep/core";
import { writeDurably } from "./durable-file";

/** Evidence against a point outlives it: whoever looks for the cause weeks later finds it. */
const BAD_KEPT_SECONDS = 30 * 86_400;

export function evidenceDirectory(vaultDirectory: string): string {
  return path.join(vaultDirectory, "evidence");
}

/** `<point>-<time>`, with nothing in it that a file's name may not have: ids come from a store that others may write to. */
export function evidenceId(point: string, nowMs: number): string {
  const time = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  return `${point
    .replace(/[^A-Za-z0-9.-]/g, "_")
    .replace(/^\.+/, "")
    .slice(0, 160)}-${time}`;
}

export async function writeEvidence(vaultDirectory: string, evidence: Evidence): Promise<void> {
  const file = path.join(evidenceDirectory(vaultDirectory), `${evidence.id}.json`);
  await writeDurably(file, `${JSON.stringify(evidence, null, 1)}\n`);
}

/** All that can be read, newest first. */
export async function listEvidence(vaultDirectory: string): Promise<Evidence[]> {
  const found = await Promise.all((await files(vaultDirectory)).map(readEvidence));
  return found.flatMap((one) => (one ? [one] : [])).sort((a, b) => b.endedAt - a.endedAt);
}

/**
 * Deletes evidence of points that are no more. That against a point stays for 30 days longer.
 *
 * @returns names of what was deleted
 */
export async function pruneEvidence(
  vaultDirectory: string,
  points: readonly Pick<RecoveryPoint, "id">[],
  nowMs: number,
): Promise<string[]> {
  const ids = new Set(points.map(({ id }) => id));
  const deleted: string[] = [];
  for (const file of await files(vaultDirectory)) {
    const evidence = await readEvidence(file);
    if (evidence && ids.has(evidence.point)) continue;
    // One that is torn tells nothing, but may have been against a point.
    const isBad = evidence === undefined || evidence.failure !== null;
    const endedAt = evidence?.endedAt ?? ((await stat(file).catch(() => undefined))?.mtimeMs ?? 0) / 1000;
    if (isBad && nowMs / 1000 - endedAt < BAD_KEPT_SECONDS) continue;
    await rm(file, { force: true });
    deleted.push(path.basename(file, ".json"));
  }
  return deleted;
}

async function files(vaultDirectory: string): Promise<string[]> {
  const directory = evidenceDirectory(vaultDirectory);
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => path.join(directory, name));
}

async function readEvidence(file: string): Promise<Evidence | undefined> {
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as Partial<Evidence> | null;
    const isOne = typeof value?.id === "string" && typeof value.point === "string" && typeof value.endedAt === "number";
    return isOne ? (value as Evidence) : undefined;
  } catch {
    return undefined;
  }
}
