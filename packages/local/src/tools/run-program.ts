import { spawn } from "node:child_process";

/** How a program ended, with the end of what it wrote. */
export interface Ended {
  /** Undefined when it could not be started, or was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started. */
  readonly error: NodeJS.ErrnoException | undefined;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How many of the last characters of each stream are kept; 64 Ki unless given. */
  readonly kept?: number;
}

/** Runs a program to its end without a shell. */
export function runProgram(
  command: string,
  args: readonly string[],
  { kept = 64 * 1024, ...options }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-kept);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-kept);
    });
    child.on("error", (error) => resolve({ code: undefined, stdout, stderr, error }));
    child.on("close", (code) => resolve({ code: code ?? undefined, stdout, stderr, error: undefined }));
  });
}
