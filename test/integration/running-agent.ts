import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { agentBundlePath } from "../../packages/agent/src/index";
import type { AgentInventory, StatusDocument, StatusNode } from "../../packages/core/src/cluster/inventory-types";

/** Path of the agent as one file, which is made first if nobody has built it. */
export function bundledAgent(): string {
  if (!existsSync(agentBundlePath())) {
    const script = path.resolve(__dirname, "../../packages/agent/bundle.mjs");
    execFileSync(process.execPath, [script], { stdio: "ignore" });
  }
  return agentBundlePath();
}

/** The bundled agent as a process of its own, as targets run it. */
export class RunningAgent {
  readonly file: string;
  readonly #directory = mkdtempSync(path.join(tmpdir(), "chainkeep-agent-"));
  readonly #child: ChildProcess;
  #output = "";

  private constructor(readonly inventory: AgentInventory) {
    this.file = path.join(this.#directory, "agent.json");
    this.write(JSON.stringify(inventory));
    const args = [bundledAgent(), "run", "--inventory", this.file];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  static async start(inventory: AgentInventory): Promise<RunningAgent> {
    const agent = new RunningAgent(inventory);
    await agent.until(
      "agent_started",
      () => agent.events("agent_started"),
      (events) => events.length > 0,
    );
    return agent;
  }

  write(text: string): void {
    writeFileSync(this.file, text);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Lines that the agent has written about one thing. */
  events(event: string): Record<string, unknown>[] {
    const lines = this.#output.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.event === event);
  }

  get(where: string): Promise<Response> {
    const { host, port } = this.inventory.listen;
    return fetch(`http://${host}:${port}${where}`, { signal: AbortSignal.timeout(5000) });
  }

  /** A request of a user, through the proxy. */
  async ask(where: string): Promise<{ code: number; node: string | null; body: unknown }> {
    const answer = await fetch(`http://127.0.0.1:${this.inventory.proxy?.port}${where}`, {
      signal: AbortSignal.timeout(9000),
    });
    return { code: answer.status, node: answer.headers.get("x-chainkeep-node"), body: await answer.json() };
  }

  async status(): Promise<StatusDocument> {
    return (await (await this.get("/status")).json()) as StatusDocument;
  }

  async node(name: string): Promise<StatusNode> {
    const found = (await this.status()).nodes.find((n) => n.name === name);
    if (!found) throw new Error(`no node ${name}`);
    return found;
  }

  async until<T>(what: string, look: () => T | Promise<T>, holds: (value: T) => boolean, seconds = 60): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const value = await look();
      if (holds(value)) return value;
      if (Date.now() > end) {
        throw new Error(
          `${what}: not within ${seconds} s; last ${JSON.stringify(value)}\n${this.#output.slice(-2000)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends the agent as a supervisor does; gives its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
      child.kill("SIGTERM");
      await exited;
      clearTimeout(patience);
    }
    rmSync(this.#directory, { recursive: true, force: true });
    return child.exitCode;
  }
}
