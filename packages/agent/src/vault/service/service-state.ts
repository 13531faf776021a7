import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { StatusVault } from "@chainkeep/core";
import type { Log } from "../../log";
import { writeDurably } from "../proof/durable-file";
import type { Marks } from "./schedule";

/** What must outlive the agent: `service.json` in the vault's directory. */
export interface ServiceState {
  readonly schemaVersion: 1;
  readonly marks: Marks;
  readonly lastAttempt: StatusVault["lastAttempt"];
  readonly lastVerification: StatusVault["lastVerification"];
  readonly lastDrill: StatusVault["lastDrill"];
  /** The last look over the store, and the parts of it in which damage was found. */
  readonly lastCheck: { readonly at: number; readonly damaged: readonly number[]; readonly text: string } | null;
  readonly lastRestoreSeconds: number | null;
  readonly lastDowntimeSeconds: number | null;
  readonly transferErrors: number;
  /** Bad points that a replacement was taken for. */
  readonly replaced: readonly string[];
}

export function freshState(now: number): ServiceState {
  return {
    schemaVersion: 1,
    marks: { since: now, backup: null, verify: null, drill: null, check: null, failures: 0, failedAt: null },
    lastAttempt: null,
    lastVerification: null,
    lastDrill: null,
    lastCheck: null,
    lastRestoreSeconds: null,
    lastDowntimeSeconds: null,
    transferErrors: 0,
    replaced: [],
  };
}

/** Keeps the state, in memory and on disk. A disk that takes nothing is told, and the work goes on. */
export class StateKeeper {
  private state: ServiceState;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly log: Log,
    state: ServiceState,
  ) {
    this.state = state;
  }

  static async open(directory: string, log: Log, now: number): Promise<StateKeeper> {
    const file = path.join(directory, "service.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    const read = text === undefined ? undefined : stateIn(text);
    if (text !== undefined && !read) log("warn", "vault_state_torn", { file, effect: "schedules count from now on" });
    const keeper = new StateKeeper(file, log, read ?? freshState(now));
    // From when on a schedule counts outlives the agent, too.
    if (!read) await keeper.set({});
    return keeper;
  }

  get(): ServiceState {
    return this.state;
  }

  set(
    change: Partial<Omit<ServiceState, "schemaVersion" | "marks">> & { readonly marks?: Partial<Marks> },
  ): Promise<void> {
    this.state = { ...this.state, ...change, marks: { ...this.state.marks, ...change.marks } };
    const content = `${JSON.stringify(this.state, null, 1)}\n`;
    this.writing = this.writing.then(() =>
      writeDurably(this.file, content).catch((error: Error) =>
        this.log("error", "vault_state_not_written", { file: this.file, error: error.message }),
      ),
    );
    return this.writing;
  }
}

function stateIn(text: string): ServiceState | undefined {
  try {
    const value = JSON.parse(text) as ServiceState;
    const sound = value.schemaVersion === 1 && typeof value.marks?.since === "number" && Array.isArray(value.replaced);
    if (!sound) return undefined;
    // What an earlier agent did not know of.
    const fresh = freshState(value.marks.since);
    return { ...fresh, ...value, marks: { ...fresh.marks, ...value.marks } };
  } catch {
    return undefined;
  }
}
