import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { InventoryGuestProcess, InventoryGuestStart } from "@chainkeep/core";
import { VaultError } from "../vault-error";
import { OutputTail } from "./output-tail";
import { type Identified, identify, isRunning, processesWith, signalGroup, signalOne } from "./process-identity";

/** In the environment of everything that belongs to a guest, with the guest's directory: leftovers are found by it. */
export const GUEST_MARK = "CHAINKEEP_GUEST";

const PREPARE_MS = 120_000;
const KILL_MS = 10_000;

/** Marks by which a local supervisor finds what belongs to its stack. */
const PASSED = ["PATH", "LANG", "TZ", "TMPDIR", "CHAINKEEP_SUPERVISOR", "CHAINKEEP_PROCESS"];

export interface Exit {
  readonly process: string;
  readonly how: string;
  readonly signal: NodeJS.Signals | null;
  /** Last lines that it printed. */
  readonly lines: readonly string[];
}

/** One client of a guest, as a plain child of the agent with a group of its own. */
export class GuestProcess {
  readonly tail = new OutputTail();
  private child: ChildProcess | undefined;
  private identity: Identified | undefined;
  private ended: Promise<void> = Promise.resolve();
  private exit: Exit | undefined;

  constructor(
    readonly of: InventoryGuestProcess,
    private readonly directory: string,
  ) {}

  get running(): Identified | undefined {
    return this.identity && isRunning(this.identity) ? this.identity : undefined;
  }

  /** Why it is not running any more although nobody has stopped it. */
  get ending(): Exit | undefined {
    return this.exit;
  }

  /** @throws VaultError GUEST_PREPARE, GUEST_PROGRAM */
  async start(at: InventoryGuestStart, signal: AbortSignal): Promise<Identified | undefined> {
    const env = this.environment(at);
    for (const command of at.prepare) await this.prepare(command, env, signal);
    const words = at.argsFile === undefined ? [] : await wordsOf(at.argsFile);
    this.exit = undefined;
    const child = this.spawn([...at.command, ...words], env);
    this.child = child;
    this.ended = new Promise((resolve) => child.once("close", () => resolve()));
    child.once("exit", (code, by) => {
      const how = by ? `was ended by ${by}` : `ended with exit code ${code}`;
      this.exit = { process: this.of.name, how, signal: by, lines: [] };
    });
    await started(child, this.of.name);
    this.identity = child.pid === undefined ? undefined : identify(child.pid);
    return this.identity;
  }

  /** The last words come after the exit: waits for them. */
  async lastWords(): Promise<Exit | undefined> {
    if (!this.exit) return undefined;
    await Promise.race([this.ended, delay(1000)]);
    return { ...this.exit, lines: this.tail.all().slice(-20) };
  }

  /** Its own signal, its grace, then SIGKILL. */
  async stop(graceSeconds = this.of.graceSeconds): Promise<void> {
    const { child, identity } = this;
    if (!child || !identity) return;
    signalOne(identity, this.of.stopSignal);
    await Promise.race([gone(child), delay(graceSeconds * 1000)]);
    signalGroup(identity, "SIGKILL");
    await Promise.race([gone(child), delay(KILL_MS)]);
    this.child = undefined;
    this.identity = undefined;
    this.exit = undefined;
  }

  private async prepare(command: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
    const child = this.spawn(command, env);
    const end = () => child.kill("SIGKILL");
    const late = setTimeout(end, PREPARE_MS);
    signal.addEventListener("abort", end, { once: true });
    try {
      await started(child, this.of.name);
      await gone(child);
      if (child.exitCode === 0) return;
      const why = child.signalCode ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`;
      const last = this.tail.all().slice(-3).join("; ");
      throw new VaultError("GUEST_PREPARE", `a step before the start of ${this.of.name} ${why}: ${last}`);
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", end);
    }
  }

  private spawn([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(program, args, {
      cwd: this.of.home,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (chunk: string) => this.tail.take(chunk));
    }
    return child;
  }

  /** Only what is needed: the agent's own environment may hold credentials. */
  private environment(at: InventoryGuestStart): NodeJS.ProcessEnv {
    const passed = PASSED.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]] as const]));
    return { ...Object.fromEntries(passed), HOME: this.of.home, ...at.env, [GUEST_MARK]: this.directory };
  }
}

function started(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.on("error", (error) => {
      reject(new VaultError("GUEST_PROGRAM", `${name} cannot be started: ${error.message}`, [], { cause: error }));
    });
  });
}

function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function wordsOf(file: string): Promise<string[]> {
  try {
    return (await readFile(file, "utf8")).split(/\s+/).filter((word) => word !== "");
  } catch (error) {
    throw new VaultError("GUEST_PREPARE", `no arguments in ${file}: ${(error as Error).message}`, [], { cause: error });
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** Everything that carries the mark of a guest's directory, in whatever state the guest's own record of it is. */
export function markedBy(directory: string): Identified[] {
  return processesWith(`${GUEST_MARK}=${directory}`);
}
