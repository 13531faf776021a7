import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { writeDurably } from "../proof/durable-file";
import type { Move } from "./swap";

/** `fetch`: the old data is in force. `swap`: moves are under way. `start`: the new data is in force, and the node has not been ready yet. */
export type RestorePhase = "fetch" | "swap" | "start";

export interface RestoreJournal {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly node: string;
  readonly point: string;
  readonly phase: RestorePhase;
  /** Directories that are only the restore's. */
  readonly fresh: readonly string[];
  readonly moves: readonly Move[];
}

export function restoreJournalFile(directory: string): string {
  return path.join(directory, "restore.json");
}

export async function writeRestoreJournal(directory: string, journal: RestoreJournal): Promise<void> {
  await writeDurably(restoreJournalFile(directory), `${JSON.stringify(journal)}\n`);
}

/** The journal that is there. One that is torn was not written through, and what it was to tell had not begun. */
export async function readRestoreJournal(directory: string): Promise<RestoreJournal | undefined> {
  const text = await readFile(restoreJournalFile(directory), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as RestoreJournal;
    return value.schemaVersion === 1 && Array.isArray(value.moves) ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function endRestoreJournal(directory: string): Promise<void> {
  await rm(restoreJournalFile(directory), { force: true });
}
