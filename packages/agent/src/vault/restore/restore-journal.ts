import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { writeDurably } from "../proof/durable-file";
import { type Identified, identify, isRunning, signalGroup } from "../proof/process-identity";
import { VaultError } from "../vault-error";
import type { HomeSwap } from "./swap";

/**
 * `fetch`: the old data is in force. `swap`: the data changes places. `forward`: it does, and is not to go back. `start`: the new data is in
 * force. `back`: the old data is to come back.
 */
export type RestorePhase = "fetch" | "swap" | "forward" | "start" | "back";

/** What of a restore, or of a bootstrap, is on the disk. Written through before what it tells begins. */
export interface RestoreJournal {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly node: string;
  readonly point: string;
  readonly phase: RestorePhase;
  /** Directories that are only the restore's. */
  readonly fresh: readonly string[];
  readonly swaps: readonly HomeSwap[];
  /** Programs that write into them. */
  readonly children: readonly Identified[];
}

export function restoreJournalFile(directory: string): string {
  return path.join(directory, "restore.json");
}

/** A journal of this process. Its changes come to the disk in their order. */
export class RestoreNotes {
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string,
    private state: RestoreJournal,
  ) {}

  get(): RestoreJournal {
    return this.state;
  }

  /** @throws VaultError RESTORE_JOURNAL: what it was to tell must not begin */
  change(change: Partial<RestoreJournal>): Promise<void> {
    this.state = { ...this.state, ...change };
    const content = `${JSON.stringify(this.state)}\n`;
    const written = this.writing.then(() => writeDurably(this.file, content));
    this.writing = written.catch(() => undefined);
    return written.catch((error: Error) => {
      throw new VaultError("RESTORE_JOURNAL", `cannot write ${this.file}: ${error.message}`);
    });
  }

  /** A program that writes. What cannot be written now is written with the next change. */
  child(pid: number): void {
    const found = identify(pid);
    if (found) void this.change({ children: [...this.state.children, found] }).catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.writing;
    await rm(this.file, { force: true });
  }
}

/** The journal that is there; "torn" for a file that tells nothing. */
export async function readRestoreJournal(file: string): Promise<RestoreJournal | "torn" | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new VaultError("RESTORE_JOURNAL", `cannot read ${file}: ${error.message}`);
  });
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as RestoreJournal;
    const lists = Array.isArray(value.swaps) && Array.isArray(value.fresh) && Array.isArray(value.children);
    return value.schemaVersion === 1 && typeof value.node === "string" && lists ? value : "torn";
  } catch {
    return "torn";
  }
}

const GONE_MS = 10_000;

/** Ends programs of a dead agent that would write into what is about to be removed. */
export async function endChildren({ children }: RestoreJournal): Promise<void> {
  const alive = children.filter(isRunning);
  for (const child of alive) signalGroup(child, "SIGKILL");
  const until = performance.now() + GONE_MS;
  while (alive.some(isRunning)) {
    if (performance.now() > until) {
      throw new VaultError(
        "RESTORE_JOURNAL",
        `process ${alive.find(isRunning)?.pid} of an earlier restore does not end`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
