import { spawn } from "node:child_process";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

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
    const child = spawn(program, args, { env: unmarked(), stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out = (out + chunk.toString("utf8")).slice(0, MOST);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err = (err + chunk.toString("utf8")).slice(-MOST);
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out, err });
    });
  });
}
