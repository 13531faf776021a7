import { type ChildProcess, spawn } from "node:child_process";
import { CliError } from "../errors";
import { pulumiEnv } from "./environment";
import type { Project } from "./project";

/** Pulumi's command line, on this project. */
export interface Pulumi {
  /** Output goes to the terminal as it is. Resolves with the exit code. */
  show(args: readonly string[]): Promise<number>;
  /** Output is collected. */
  ask(args: readonly string[], input?: string): Promise<Answer>;
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function pulumiOf(project: Project, binary: string): Pulumi {
  const options = { cwd: project.root, env: pulumiEnv(project) };
  return {
    show: async (args) => {
      const child = spawn(binary, [...args], { ...options, stdio: ["ignore", "inherit", "inherit"] });
      return ended(child, binary);
    },
    ask: async (args, input = "") => {
      const child = spawn(binary, [...args, "--non-interactive"], { ...options, stdio: ["pipe", "pipe", "pipe"] });
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      // A program that ends before it has read its input is told by its exit code.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
      const code = await ended(child, binary);
      return { code, stdout: stdout(), stderr: stderr() };
    },
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (part: string) => {
    text += part;
  });
  return () => text;
}

/**
 * Waits for a child. The terminal sends Ctrl-C to both: Pulumi ends its update in order, and we must not leave before it. A
 * signal to us alone is passed on.
 */
async function ended(child: ChildProcess, binary: string): Promise<number> {
  const stay = () => undefined;
  const pass = () => void child.kill("SIGTERM");
  process.on("SIGINT", stay);
  process.on("SIGTERM", pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", (error) =>
        reject(new CliError(`${binary} cannot be started: ${error.message}`, "PULUMI_START")),
      );
      child.on("close", (code) => resolve(code ?? 1));
    });
  } finally {
    process.off("SIGINT", stay);
    process.off("SIGTERM", pass);
  }
}
