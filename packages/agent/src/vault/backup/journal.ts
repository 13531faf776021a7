import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { createDurably, writeDurably } from "../proof/durable-file";
import { type Identified, identify, isRunning } from "../proof/process-identity";
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
    const names = typeof value.node === "string" && typeof value.attempt === "string";
    return value.schemaVersion === 1 && names && lists && typeof value.agent?.pid === "number" ? value : "torn";
  } catch {
    return "torn";
  }
}

/** Attempts of this process, by their journals: none of these is a leftover. */
const active = new Map<string, string>();

/** Whether an attempt is under way in this process. */
export function isUnderWay(attempt: string): boolean {
  return [...active.values()].includes(attempt);
}

/** Whether another process that lives is at work: then its journal is nobody else's business. */
export function isOfAnother({ agent }: Journal): boolean {
  return agent.pid !== process.pid && isRunning(agent);
}

/** What is told to whoever comes second. */
export function underWay(file: string, journal: Journal | undefined): VaultError {
  const who = journal ? ` of ${journal.node} by process ${journal.agent.pid}` : "";
  return new VaultError("BACKUP_UNDER_WAY", `${file}: a backup${who} is under way; ask again when it has ended`);
}

/** The journal of a backup under way. Each change is on disk before what it tells begins. */
export class BackupJournal {
  private writing: Promise<void> = Promise.resolve();
  private ended = false;

  private constructor(
    readonly file: string,
    private state: Journal,
  ) {}

  /**
   * Takes the place of the journal, which only one attempt at a time can have. What a dead agent has left there is recovered before.
   *
   * @throws VaultError JOURNAL_WRITE, BACKUP_UNDER_WAY: nothing has begun, and what was there is as it was
   */
  static async begin(
    directory: string,
    { attempt, node, start }: Pick<Journal, "attempt" | "node" | "start">,
  ): Promise<BackupJournal> {
    const file = journalFile(directory);
    if (active.has(file)) throw underWay(file, undefined);
    // Before the first write: whoever finds the file must not take it for a leftover.
    active.set(file, attempt);
    try {
      const agent = identify(process.pid) ?? { pid: process.pid, startTime: "unknown" };
      const state: Journal = {
        schemaVersion: 1,
        attempt,
        node,
        phase: "warm",
        agent,
        children: [],
        start,
        deadline: null,
      };
      const made = await createDurably(file, textOf(state)).catch((error: Error) => {
        throw notWritten(file, error);
      });
      if (!made) {
        const other = await readJournal(file);
        throw underWay(file, typeof other === "object" ? other : undefined);
      }
      return new BackupJournal(file, state);
    } catch (error) {
      active.delete(file);
      throw error;
    }
  }

  get attempt(): string {
    return this.state.attempt;
  }

  /** @throws VaultError JOURNAL_WRITE */
  change(change: Partial<Pick<Journal, "phase" | "deadline" | "children">>): Promise<void> {
    this.state = { ...this.state, ...change };
    const content = textOf(this.state);
    const written = this.writing.then(() => (this.ended ? undefined : writeDurably(this.file, content)));
    this.writing = written.catch(() => undefined);
    return written.catch((error: Error) => {
      throw notWritten(this.file, error);
    });
  }

  /** A program that reads the data. What cannot be written now is written with the next change. */
  child(pid: number): void {
    const found = identify(pid);
    if (found) void this.change({ children: [...this.state.children, found] }).catch(() => undefined);
  }

  /** From now on what is left of it is a leftover. */
  leave(): void {
    if (active.get(this.file) === this.state.attempt) active.delete(this.file);
  }

  async end(): Promise<void> {
    // A change that comes later must not bring the file back.
    this.ended = true;
    await this.writing;
    await rm(this.file, { force: true });
  }
}

const textOf = (state: Journal) => `${JSON.stringify(state)}\n`;

function notWritten(file: string, { message }: Error): VaultError {
  return new VaultError("JOURNAL_WRITE", `cannot write ${file}: ${message}; nothing is stopped without it`);
}
