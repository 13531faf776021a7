import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Destination } from "@chainkeep/core";
import type { Log } from "../../log";
import { VaultError } from "../vault-error";
import { isS3, resticEnv } from "./restic-env";
import { type ResticEnd, resticFailure } from "./restic-failure";
import { saidIn } from "./restic-lines";
import { type ResticDone, type ResticRun, runRestic } from "./run-restic";

export interface ResticOptions {
  readonly program: string;
  readonly destination: Destination;
  readonly passwordFile: string;
  readonly cache: string;
  readonly temporary: string;
  /** How long a lock of somebody who lives is waited for. */
  readonly lockPatienceSeconds: number;
  readonly log: Log;
}

export type ResticCall = Omit<ResticRun, "program" | "env" | "repository" | "places" | "directory"> & {
  /** Further variables. */
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. Default 0 alone. */
  readonly accepts?: readonly number[];
  /** The command takes no lock. */
  readonly unlocked?: boolean;
};

/** To look costs less than to ask restic, which works on the password for half a second each time. */
async function hasNoLocks(destination: Destination): Promise<boolean> {
  if (isS3(destination)) return false;
  const locks = await readdir(path.join(destination.repository, "locks")).catch(() => undefined);
  return locks?.length === 0;
}

/** Commands that only read: they go on without a lock where none can be written. A full disk must not stand between a person and a restore. */
const READS = ["cat", "dump", "ls", "restore", "snapshots"];

function cannotLock({ command, code, said }: ResticEnd): boolean {
  return code !== 0 && READS.includes(command) && said.some((line) => /unable to create lock/i.test(line));
}

/** The restic program with one repository. */
export class Restic {
  constructor(readonly options: ResticOptions) {}

  get repository(): string {
    return this.options.destination.repository;
  }

  /**
   * Runs a command. A lock of a process that is dead is taken away; one of a living process is waited for.
   *
   * @throws VaultError
   */
  async run(call: ResticCall): Promise<ResticDone> {
    const first = await this.#once(call);
    if (cannotLock(first.end)) return this.#checked(call, await this.#once(this.#withoutLock(call)));
    if (first.end.code !== 11 || call.unlocked) return this.#checked(call, first);
    await this.unlock();
    const patience = ["--retry-lock", `${this.options.lockPatienceSeconds}s`];
    const [command = "", ...rest] = call.args;
    return this.#checked(call, await this.#once({ ...call, args: [command, ...patience, ...rest] }));
  }

  /** Output of a command that prints one JSON value. */
  async json<T>(args: readonly string[], call: Partial<ResticCall> = {}): Promise<T> {
    const { text } = await this.run({ ...call, args: [...args, "--json"], output: "text" });
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new VaultError("STORE_FAILED", `restic ${args[0]} printed what is no JSON: ${text.slice(0, 200)}`);
    }
  }

  /** Takes away locks whose process is dead, or that nobody has renewed for half an hour. */
  async unlock(): Promise<void> {
    if (await hasNoLocks(this.options.destination)) return;
    const { end, text } = await this.#once({ args: ["unlock"], output: "text" });
    if (end.code !== 0) throw resticFailure(end);
    const gone = /successfully removed (\d+) locks?/.exec(text)?.[1];
    if (gone !== undefined && gone !== "0")
      this.options.log("warn", "vault_lock_removed", { repository: this.repository, locks: Number(gone) });
  }

  /** Lines of a command as they come; one that does not end well throws at the end. */
  async *lines(args: readonly string[]): AsyncGenerator<string> {
    const end = yield* this.#linesOf(args);
    if (end.code === 0) return;
    if (!cannotLock(end)) throw resticFailure(end);
    const again = yield* this.#linesOf(this.#withoutLock({ args }).args);
    if (again.code !== 0) throw resticFailure(again);
  }

  async *#linesOf(args: readonly string[]): AsyncGenerator<string, ResticEnd> {
    const env = await this.env();
    const child = spawn(this.options.program, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const said: string[] = [];
    const errors = createInterface({ input: child.stderr });
    errors.on("line", (line) => said.push(saidIn(line)));
    const ended = once(child, "close").catch((error: Error) => {
      throw new VaultError("STORE_PROGRAM", `${this.options.program} cannot be started: ${error.message}`);
    });
    ended.catch(() => undefined);
    try {
      for await (const line of createInterface({ input: child.stdout })) yield line;
      const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
      return { command: args[0] ?? "", repository: this.repository, code, signal, aborted: false, said };
    } finally {
      // Who stops reading early wants no more of it.
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
    }
  }

  #withoutLock<T extends { readonly args: readonly string[] }>(call: T): T {
    const [command = "", ...rest] = call.args;
    this.options.log("warn", "vault_read_without_lock", { repository: this.repository, command });
    return { ...call, args: [command, "--no-lock", ...rest] };
  }

  async env(): Promise<NodeJS.ProcessEnv> {
    const { cache, temporary } = this.options;
    for (const directory of [cache, temporary]) {
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        throw new VaultError("STORE_CACHE", `${directory}: cannot be made (${error.code ?? error.message})`);
      });
    }
    return resticEnv(this.options);
  }

  async #once({ env: more = {}, ...call }: ResticCall): Promise<ResticDone> {
    const { program, cache, temporary } = this.options;
    const env = { ...(await this.env()), ...more };
    const places = { [cache]: "restic's cache", [temporary]: "temporary files" };
    return runRestic({ ...call, env, program, repository: this.repository, places, directory: temporary });
  }

  #checked({ accepts = [0] }: ResticCall, done: ResticDone): ResticDone {
    const { code, aborted } = done.end;
    if (!aborted && code !== null && accepts.includes(code)) return done;
    throw resticFailure(done.end);
  }
}
