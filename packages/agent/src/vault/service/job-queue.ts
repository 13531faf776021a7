import { randomBytes } from "node:crypto";
import type { VaultJob, VaultJobStep, VaultProgress } from "@chainkeep/core";
import type { Log } from "../../log";
import type { JobContext } from "../contracts";
import { asVaultError } from "../vault-error";

/** A piece of work that waits for its turn. */
export interface Work {
  readonly kind: string;
  readonly subject: string;
  /** Goes before others that wait: somebody stands beside a node that is down. */
  readonly urgent?: boolean;
  /** Can be begun anew at any time, and makes way for what is urgent. */
  readonly yields?: boolean;
  /** Touches neither the store nor a process: waits for nobody. */
  readonly beside?: boolean;
  readonly run: (job: JobContext) => Promise<unknown>;
}

/** Ended jobs that can still be asked for. */
const KEPT = 50;

interface Entry {
  readonly work: Work;
  readonly stop: AbortController;
  readonly ended: Promise<VaultJob>;
  readonly end: (job: VaultJob) => void;
  job: VaultJob;
  /** Name of the job that does it anew, after this one has made way. */
  again?: string;
}

/** Work with the vault, one piece at a time: two backups at once would stop two nodes. */
export class JobQueue {
  private waiting: Entry[] = [];
  private running: Entry | undefined;
  private beside: Entry[] = [];
  private ended: VaultJob[] = [];
  private closed = false;
  private opened = false;

  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** Lets work begin. What is added before waits. */
  open(): void {
    this.opened = true;
    this.next();
  }

  /** Takes a piece of work in. One that is equal to another that still waits is the same job. */
  add(work: Work): VaultJob {
    const same = this.waiting.find((e) => e.work.kind === work.kind && e.work.subject === work.subject);
    if (same) return same.job;
    const entry = this.entryOf(work);
    if (this.closed) {
      const error = { code: "VAULT_STOPPING", text: "the agent is stopping; ask again when it is back", problems: [] };
      this.finish(entry, { state: "failed", error });
      return entry.job;
    }
    if (work.beside) {
      this.beside.push(entry);
      this.begin(entry);
      return entry.job;
    }
    const place = work.urgent ? this.waiting.findIndex((e) => !e.work.urgent) : -1;
    if (place < 0) this.waiting.push(entry);
    else this.waiting.splice(place, 0, entry);
    if (work.urgent) this.makeWay();
    this.next();
    return entry.job;
  }

  /** Resolves with the job when it has ended. */
  async whenEnded(id: string): Promise<VaultJob | undefined> {
    const entry = this.entry(id);
    return entry ? entry.ended : this.ended.find((job) => job.id === id);
  }

  /** What runs, what waits, and what has ended of late, newest first. */
  list(): VaultJob[] {
    return [...this.entries.map((e) => e.job), ...this.ended];
  }

  find(id: string): VaultJob | undefined {
    return this.list().find((job) => job.id === id);
  }

  current(): VaultJob | null {
    return this.running?.job ?? null;
  }

  /** Whether a piece of work of that kind runs or waits. */
  has(kind: string): boolean {
    return this.entries.some((entry) => entry.work.kind === kind);
  }

  /** Ends a job: one that waits at once, one that runs at its next safe point. False when there is none. */
  cancel(id: string): boolean {
    const entry = this.entry(id);
    if (!entry) return false;
    entry.stop.abort();
    if (this.waiting.includes(entry)) {
      this.waiting = this.waiting.filter((e) => e !== entry);
      this.finish(entry, {
        state: "failed",
        error: { code: "JOB_CANCELLED", text: "cancelled before its turn", problems: [] },
      });
    }
    return true;
  }

  /** Takes nothing in any more, and waits until what runs has come to a safe point. */
  async close(graceMs: number): Promise<void> {
    this.closed = true;
    for (const { job } of this.waiting) this.cancel(job.id);
    const underWay = this.entries;
    for (const { stop } of underWay) stop.abort();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(underWay.map((e) => e.ended)), late]);
    clearTimeout(timer);
  }

  private entry(id: string): Entry | undefined {
    return this.entries.find((e) => e.job.id === id);
  }

  /** All that have not ended. */
  private get entries(): Entry[] {
    return [...(this.running ? [this.running] : []), ...this.beside, ...this.waiting];
  }

  /** What can be done again later ends for what is urgent now. */
  private makeWay(): void {
    const { running } = this;
    if (!running?.work.yields || running.stop.signal.aborted) return;
    const again = this.entryOf(running.work);
    running.again = again.job.id;
    this.waiting.push(again);
    this.log("info", "vault_job_makes_way", { job: running.job.id, again: again.job.id });
    running.stop.abort();
  }

  private entryOf(work: Work): Entry {
    let end: (job: VaultJob) => void = () => {};
    const ended = new Promise<VaultJob>((resolve) => {
      end = resolve;
    });
    const job: VaultJob = {
      id: `${work.kind}-${randomBytes(4).toString("hex")}`,
      kind: work.kind,
      subject: work.subject,
      state: "queued",
      createdAt: this.now() / 1000,
      startedAt: null,
      endedAt: null,
      steps: [],
      progress: null,
      result: null,
      error: null,
    };
    return { work, stop: new AbortController(), ended, end, job };
  }

  private next(): void {
    if (this.running || !this.opened) return;
    const entry = this.waiting.shift();
    if (!entry) return;
    this.running = entry;
    this.begin(entry);
  }

  private begin(entry: Entry): void {
    this.change(entry, { state: "running", startedAt: this.now() / 1000 });
    this.log("info", "vault_job_started", { job: entry.job.id, subject: entry.job.subject });
    // Not in the same turn: whoever adds work sees it queued first.
    setImmediate(() => void this.runNow(entry));
  }

  private async runNow(entry: Entry): Promise<void> {
    try {
      const result = await entry.work.run(this.contextOf(entry));
      this.finish(entry, { state: "done", result: result ?? null });
    } catch (error) {
      this.finish(entry, { state: "failed", error: entry.again ? madeWay(entry.again) : failureOf(error) });
    }
    this.beside = this.beside.filter((e) => e !== entry);
    if (entry !== this.running) return;
    this.running = undefined;
    this.next();
  }

  private contextOf(entry: Entry): JobContext {
    return {
      id: entry.job.id,
      signal: entry.stop.signal,
      step: (name) => {
        const at = this.now() / 1000;
        this.change(entry, {
          steps: [...endLast(entry.job.steps, at), { name, startedAt: at, endedAt: null }],
          progress: null,
        });
      },
      progress: (progress: VaultProgress) => this.change(entry, { progress }),
    };
  }

  private finish(entry: Entry, end: Partial<VaultJob>): void {
    const at = this.now() / 1000;
    this.change(entry, { ...end, endedAt: at, steps: endLast(entry.job.steps, at), progress: null });
    this.ended = [entry.job, ...this.ended].slice(0, KEPT);
    const { id, subject, error } = entry.job;
    const fields = { job: id, subject, seconds: Math.round((at - entry.job.createdAt) * 10) / 10 };
    if (error) this.log("error", "vault_job_failed", { ...fields, code: error.code, error: error.text });
    else this.log("info", "vault_job_done", fields);
    entry.end(entry.job);
  }

  private change(entry: Entry, change: Partial<VaultJob>): void {
    entry.job = { ...entry.job, ...change };
  }
}

function failureOf(error: unknown): VaultJob["error"] {
  const { code, message, problems } = asVaultError(error);
  return { code, text: message, problems: problems.map((p) => `${p.path}: ${p.message} [${p.code}]`) };
}

function madeWay(again: string): VaultJob["error"] {
  return { code: "JOB_CANCELLED", text: `made way for a restore; ${again} does it anew after that`, problems: [] };
}

function endLast(steps: readonly VaultJobStep[], at: number): VaultJobStep[] {
  return steps.map((step) => (step.endedAt === null ? { ...step, endedAt: at } : step));
}
