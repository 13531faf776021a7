import { spawn } from "node:child_process";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** It was ended because it took too long. */
  readonly late: boolean;
}

const DRAIN_MS = 500;
/** More than any answer of ours; the rest is cut off. */
const MOST = 64 * 1024;
/** Who carries these is a supervised process, and is ended with it. */
export const SUPERVISOR_MARKS = ["CHAINKEEP_SUPERVISOR", "CHAINKEEP_PROCESS"];

export function unmarked(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SUPERVISOR_MARKS.includes(name)));
}

/** Runs a command without a shell and without the supervisor's marks. Resolves however it ends; rejects when it cannot be started. */
export function runCommandLine(command: readonly string[], timeoutMs: number): Promise<CommandEnd> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: unmarked(),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C of the agent's terminal cuts no start short, and a command that hangs ends with what it started.
      detached: true,
    });
    let out = "";
    let err = "";
    let late = false;
    child.stdout.on("data", (chunk: Buffer) => {
      out = (out + chunk.toString("utf8")).slice(0, MOST);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err = (err + chunk.toString("utf8")).slice(-MOST);
    });
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      resolve({ code, signal, out, err, late });
    };
    child.on("close", end);
    // What it has started may keep its output open for ever.
    child.on("exit", (code, signal) => setTimeout(() => end(code, signal), DRAIN_MS).unref());
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
