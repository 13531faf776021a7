import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { writeDurably } from "../proof/durable-file";
import { type Identified, identify } from "../proof/process-identity";
import { VaultError } from "../vault-error";

/** `warm` and `recording`: the node runs. In between it may stand still, and whoever finds the journal starts it. */
export type Phase = "warm" | "stopping" | "copying" | "starting" | "recording";

/** What is under way, for the watchdog and for the next agent. */
export interface Journal {
  readonly schemaVersion: 1;
  readonly attempt: string;
  readonly node: string;
  readonly phase: Phase;
  readonly agent: Identified;
  /** Programs that read the data: they end before the node starts. */
  readonly children: readonly Identified[];
  /** Commands that start the node, in order. */
  readonly start: readonly (readonly string[])[];
  /** Unix seconds after which the node is started although the agent lives; null before the stop. */
  readonly deadline: number | null;
}

export function journalFile(directory: string): string {
  return path.join(directory, "journal.json");
}

/** Whether a node of that phase may stand still. */
export function maybeStopped(phase: Phase): boolean {
  return phase === "stopping" || phase === "copying" || phase === "starting";
}

/** The journal that is there; "torn" for a file that tells nothing, "unreadable" for one that cannot be read now. */
export async function readJournal(file: string): Promise<Journal | "torn" | "unreadable" | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "unreadable";
  }
  try {
    const value = JSON.parse(text) as Journal;
    const lists = Array.isArray(value.children) && Array.isArray(value.start);
    return value.schemaVersion === 1 && typeof value.node === "string" && lists ? value : "torn";
  } catch {
    return "torn";
  }
}

/** Attempts of this process: their journals are no leftovers. */
const active = new Set<string>();

/** Whether an attempt is under way in this process. */
export function isUnderWay(attempt: string): boolean {
  return active.has(attempt);
}

/** The journal of a backup under way. Each change is on disk before what it tells begins. */
export class BackupJournal {
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly file: string,
    private state: Journal,
  ) {}

  /** @throws VaultError JOURNAL_WRITE: nothing has begun */
  static async begin(
    directory: string,
    { attempt, node, start }: Pick<Journal, "attempt" | "node" | "start">,
  ): Promise<BackupJournal> {
    const agent = identify(process.pid) ?? { pid: process.pid, startTime: "unknown" };
    const journal = new BackupJournal(journalFile(directory), {
      schemaVersion: 1,
      attempt,
      node,
      phase: "warm",
      agent,
      children: [],
      start,
      deadline: null,
    });
    await journal.change({});
    active.add(attempt);
    return journal;
  }

  /** @throws VaultError JOURNAL_WRITE */
  change(change: Partial<Pick<Journal, "phase" | "deadline" | "children">>): Promise<void> {
    this.state = { ...this.state, ...change };
    const content = `${JSON.stringify(this.state)}\n`;
    const written = this.writing.then(() => writeDurably(this.file, content));
    this.writing = written.catch(() => undefined);
    return written.catch((error: Error) => {
      throw new VaultError(
        "JOURNAL_WRITE",
        `cannot write ${this.file}: ${error.message}; nothing is stopped without it`,
      );
    });
  }

  /** A program that reads the data. What cannot be written now is written with the next change. */
  child(pid: number): void {
    const found = identify(pid);
    if (found) void this.change({ children: [...this.state.children, found] }).catch(() => undefined);
  }

  /** From now on what is left of it is a leftover. */
  leave(): void {
    active.delete(this.state.attempt);
  }

  async end(): Promise<void> {
    await this.writing;
    await rm(this.file, { force: true });
  }
}
