import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createInterface } from "node:readline";
import { VaultError } from "../vault-error";
import { isOutOfRoom, type ResticEnd } from "./restic-failure";
import { messageOf, type ResticMessage, saidIn } from "./restic-lines";

export interface ResticRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly repository: string;
  readonly places?: Readonly<Record<string, string>>;
  /** Text for its standard input. */
  readonly input?: string | Buffer;
  /** What becomes of its standard output: lines, all of it as text, or pieces of bytes. Default lines. */
  readonly output?: "lines" | "text" | "bytes";
  readonly onBytes?: (piece: Buffer) => void;
  readonly onLine?: (line: string) => void;
  readonly onMessage?: (message: ResticMessage) => void;
  readonly signal?: AbortSignal;
  readonly onChild?: (pid: number) => void;
  /** Lets everything else on the machine go first. */
  readonly gentle?: boolean;
  /** Where it leaves what it writes into its own directory. */
  readonly directory?: string;
  /** How long it may take to end after it was cancelled. */
  readonly graceMs?: number;
  /** How long it may take to end by itself after it has found no room. */
  readonly hopelessMs?: number;
}

export interface ResticDone {
  readonly end: ResticEnd;
  /** Standard output, where it was asked for as text. */
  readonly text: string;
}

/** After an interrupt restic gives its lock back; it gets so long for it. */
const GRACE_MS = 10_000;
const HOPELESS_MS = 2000;
const MOST_SAID = 60;
const LONGEST_TEXT = 64 * 1024 * 1024;
const NICE = ["/usr/bin/nice", "/bin/nice"];

/** Runs restic to its end, whatever that is; only a program that cannot be started is thrown. */
export async function runRestic(run: ResticRun): Promise<ResticDone> {
  const said: string[] = [];
  const state = { aborted: run.signal?.aborted === true };
  const end = (code: number | null, signal: NodeJS.Signals | null): ResticEnd => ({
    command: run.args[0] ?? "",
    repository: run.repository,
    code,
    signal,
    aborted: state.aborted,
    said,
    ...(run.places ? { places: run.places } : {}),
  });
  if (state.aborted) return { end: end(null, null), text: "" };
  const child = start(run);
  const stop = ender(child, run.graceMs ?? GRACE_MS, () => {
    state.aborted = true;
  });
  run.signal?.addEventListener("abort", stop.end, { once: true });
  try {
    const told = (line: string) => {
      said.push(redacted(saidIn(line), run.env));
      if (said.length > MOST_SAID) said.splice(MOST_SAID / 2, 1);
      // A backup that could not write a pack may go on for ever, and a node stands still for it.
      if (isOutOfRoom(line)) stop.hopeless(run.hopelessMs ?? HOPELESS_MS);
    };
    const parts: string[] = [];
    const read = reader(child, run, parts);
    const errors = eachLine(child.stderr, told);
    feed(child, run.input);
    const [code, signal] = await ended(child, run.program);
    await Promise.all([read, errors]);
    return { end: end(code, signal), text: parts.join("") };
  } finally {
    run.signal?.removeEventListener("abort", stop.end);
    stop.clear();
  }
}

function start({ program, args, env, directory, gentle, onChild }: ResticRun): ChildProcess {
  if (!isProgram(program)) throw new VaultError("STORE_PROGRAM", `${program}: no restic program is there`);
  const nice = gentle ? NICE.find(isProgram) : undefined;
  // nice becomes restic: the pid stays the same.
  const [file, words] = nice === undefined ? [program, args] : [nice, ["-n", "10", program, ...args]];
  const cwd = directory === undefined ? {} : { cwd: directory };
  const child = spawn(file, [...words], { env, stdio: ["pipe", "pipe", "pipe"], ...cwd });
  if (child.pid !== undefined) onChild?.(child.pid);
  return child;
}

function ended(child: ChildProcess, program: string): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new VaultError("STORE_PROGRAM", `${program} cannot be started: ${error.message}`)),
    );
    child.once("close", (code, signal) => resolve([code, signal]));
  });
}

interface Ender {
  /** Ends it because somebody wants it. */
  readonly end: () => void;
  /** Ends it, unless it does so by itself soon: it cannot do its work any more, and its own words say why. */
  readonly hopeless: (patienceMs: number) => void;
  readonly clear: () => void;
}

function ender(child: ChildProcess, graceMs: number, told: () => void): Ender {
  const timers: NodeJS.Timeout[] = [];
  const killLater = () => timers.push(setTimeout(() => child.kill("SIGKILL"), graceMs));
  let hopeless = false;
  return {
    end: () => {
      told();
      child.kill("SIGINT");
      killLater();
    },
    hopeless: (patienceMs) => {
      if (hopeless) return;
      hopeless = true;
      // Not an interrupt: by that it would tell that it was cancelled.
      const end = () => {
        child.kill("SIGTERM");
        killLater();
      };
      timers.push(setTimeout(end, patienceMs));
    },
    clear: () => timers.forEach(clearTimeout),
  };
}

function feed(child: ChildProcess, input: string | Buffer | undefined): void {
  // One that ends before it has read everything says so by its exit code.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input ?? "");
}

async function reader(child: ChildProcess, run: ResticRun, parts: string[]): Promise<void> {
  if (run.output === "text") return textOf(child, parts);
  if (run.output !== "bytes") return linesOf(child, run);
  for await (const piece of child.stdout ?? []) run.onBytes?.(piece as Buffer);
}

async function linesOf(child: ChildProcess, { onLine, onMessage }: ResticRun): Promise<void> {
  await eachLine(child.stdout, (line) => {
    onLine?.(line);
    if (onMessage === undefined) return;
    const message = messageOf(line);
    if (message !== undefined) onMessage(message);
  });
}

function eachLine(stream: NodeJS.ReadableStream | null, tell: (line: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve();
  return new Promise((resolve) => {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on("line", (line) => {
      if (line.trim() !== "") tell(line);
    });
    lines.once("close", resolve);
  });
}

function textOf(child: ChildProcess, parts: string[]): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (part: string) => {
      size += part.length;
      if (size <= LONGEST_TEXT) parts.push(part);
    });
    child.stdout?.once("close", resolve);
  });
}

/** Nothing that restic says is expected to hold one; a store's own message may. */
function redacted(
  text: string,
  { AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token }: NodeJS.ProcessEnv,
): string {
  return [secret, token].reduce<string>((clean, word) => (word ? clean.replaceAll(word, "***") : clean), text);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
