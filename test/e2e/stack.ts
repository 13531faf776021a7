import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { StatusDocument, StatusNode } from "@chainkeep/core";
import { type SupervisorClient, supervisorClient } from "@chainkeep/local";

export const REPOSITORY = path.resolve(__dirname, "../..");

/** Ports that a stack of a test uses. */
export type Ports = Readonly<
  Record<
    "rpc" | "agent" | "prometheus" | "alertmanager" | "grafana" | "nodeExporter" | "proof" | "nodesFrom" | "nodesTo",
    number
  >
>;

/**
 * Ports of one suite only, below the ephemeral ones: a stack of the person who runs it is left alone, and the suites may run side by side.
 *
 * @param suite - 0 to 2
 */
export function portsOf(suite: number): Ports {
  const base = 19_600 + 100 * suite;
  const nodes = 27_000 + 1800 * suite;
  return {
    rpc: base + 57,
    agent: base + 80,
    prometheus: base + 90,
    alertmanager: base + 93,
    grafana: base + 95,
    nodeExporter: base + 91,
    proof: base,
    nodesFrom: nodes,
    nodesTo: nodes + 1799,
  };
}

export interface StackInput {
  readonly ports: Ports;
  /** A program of one file that takes the place of stacks/local's. */
  readonly program?: string;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project as a user has it, in a directory of its own: Pulumi.yaml, program, and this repository's packages. */
export class LocalStack {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly ports: Ports;

  constructor({ ports, program }: StackInput) {
    this.ports = ports;
    this.root = mkdtempSync(path.join(tmpdir(), "chainkeep-e2e-"));
    this.env = { ...process.env, NO_COLOR: "1", PULUMI_ERROR_OUTPUT_STRING: "1" };
    mkdirSync(path.join(this.root, "stacks"));
    cpSync(path.join(REPOSITORY, "stacks", "local"), path.join(this.root, "stacks", "local"), {
      recursive: true,
      filter: (from) => !from.includes("node_modules"),
    });
    if (program !== undefined) cpSync(program, path.join(this.root, "stacks", "local", "index.ts"));
    cpSync(path.join(REPOSITORY, "Pulumi.yaml"), path.join(this.root, "Pulumi.yaml"));
    symlinkSync(path.join(REPOSITORY, "packages"), path.join(this.root, "packages"));
    symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(this.root, "node_modules"));
    writeFileSync(path.join(this.root, "package.json"), '{ "name": "e2e", "private": true }\n');
  }

  /** `npx chainkeep ...` in the project. */
  cli(...args: string[]): Promise<CommandResult> {
    return run(process.execPath, [path.join(REPOSITORY, "packages/cli/bin/chainkeep.js"), ...args], this);
  }

  /** Plain `pulumi ...` with the environment that `npm run setup` made. */
  pulumi(...args: string[]): Promise<CommandResult> {
    return run(path.join(this.root, ".chainkeep", "bin", "pulumi"), args, this);
  }

  /** Makes the tools and the project ready, with the ports of this suite. */
  async setUp(): Promise<void> {
    const setup = await this.cli("setup");
    if (setup.code !== 0) throw new Error(`setup failed: ${setup.stderr}`);
    for (const [name, port] of Object.entries(this.ports)) await this.config(`hostPorts.${name}`, String(port));
  }

  /** Sets a value of the program's configuration, by its path. */
  async config(key: string, value: string): Promise<void> {
    const set = await this.pulumi("config", "set", "--path", `chainkeep:${key}`, value, "--stack", "local");
    if (set.code !== 0) throw new Error(`config ${key}: ${set.stderr}`);
  }

  async status(): Promise<StatusDocument> {
    const answer = await fetch(`http://127.0.0.1:${this.ports.agent}/status`, { signal: AbortSignal.timeout(5000) });
    return (await answer.json()) as StatusDocument;
  }

  /** Of the cluster `devnet`, which each program here has. */
  get stateDir(): string {
    return path.join(this.root, ".chainkeep", "run", "local", "devnet");
  }

  get supervisor(): SupervisorClient {
    return supervisorClient(this.stateDir);
  }

  /** Of each process; undefined for one that does not run. */
  async pids(): Promise<Record<string, number | undefined>> {
    return Object.fromEntries((await this.supervisor.list()).map((p) => [p.name, p.pid]));
  }

  async pidOf(name: string): Promise<number> {
    const pid = (await this.pids())[name];
    if (pid === undefined) throw new Error(`${name} has no pid`);
    return pid;
  }

  async node(name: string): Promise<StatusNode> {
    const found = (await this.status()).nodes.find((n) => n.name === name);
    if (!found) throw new Error(`no node ${name} in /status`);
    return found;
  }

  /** Takes everything down, also after a failed test; then removes the directory. */
  async dispose(): Promise<void> {
    try {
      if (existsSync(path.join(this.root, ".chainkeep"))) {
        const result = await this.cli("stop", "--purge-data");
        if (result.code !== 0) throw new Error(`stop failed: ${result.stdout}\n${result.stderr}`);
      }
    } finally {
      endProcessesOf(this.root);
      rmSync(this.root, { recursive: true, force: true });
    }
  }
}

/** Every process of a stack: its directory is in the command line, or in the environment that its supervisor gave it. */
function processesOf(root: string): number[] {
  const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const holds = (file: string) => {
    try {
      return readFileSync(file, "utf8").includes(root);
    } catch {
      // The process ended while we looked.
      return false;
    }
  };
  return names.filter((pid) => holds(`/proc/${pid}/cmdline`) || holds(`/proc/${pid}/environ`)).map(Number);
}

/** Ends every process of a stack at once, as when the power goes. */
export function endProcessesOf(root: string): void {
  for (const pid of processesOf(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It had ended.
    }
  }
}

function run(command: string, args: readonly string[], stack: LocalStack): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: stack.root, env: stack.env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk;
      // Builds take minutes: whoever waits wants to see them.
      if (process.env.CI) process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Awaits a condition; what it last saw is in the error when the time is over. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await look();
      if (holds(value)) return value;
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${what}: not within ${seconds} s; last seen ${JSON.stringify(last)?.slice(0, 2000)}`);
}

/** Whether a value has the given form; for conditions that are awaited. */
export function matches(value: unknown, expected: object): boolean {
  try {
    expect(value).toMatchObject(expected);
    return true;
  } catch {
    return false;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
