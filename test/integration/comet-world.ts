import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { lightTrust } from "../../packages/agent/src/prepare/light-trust";
import { cometbft } from "../../packages/core/src/chains/cometbft-protocol";
import type { FilePlan, Kind } from "../../packages/core/src/chains/types";
import { deriveMaterial } from "../../packages/core/src/cluster/material";
import { planCluster } from "../../packages/core/src/cluster/plan";
import { PORTS_PER_NODE } from "../../packages/core/src/cluster/ports";
import type { ClusterPlan, ProcessPlan } from "../../packages/core/src/cluster/types";

export const SEED = "0123456789abcdef0123456789abcdef";
const SLOTS = 8;

/** What a node says of itself when it is asked the questions of its health probe. */
export interface Told {
  readonly height: number;
  readonly hash?: string;
  readonly age: number;
  readonly peers?: number;
  readonly chainId?: string;
  readonly version?: string;
  readonly syncing?: boolean;
}

/** A private network of real processes in a directory of its own. */
export class CometWorld {
  readonly #root = mkdtempSync(path.join(tmpdir(), "chainkeep-comet-"));
  readonly #children = new Map<string, ChildProcess>();
  readonly #program: string;
  readonly plan: ClusterPlan;

  private constructor(program: string, groups: Readonly<Record<string, readonly [Kind, number]>>, from: number) {
    this.#program = program;
    const nodes = Object.fromEntries(Object.entries(groups).map(([name, [kind, count]]) => [name, { kind, count }]));
    const layout = {
      name: "local" as const,
      listen: "127.0.0.1",
      self: "127.0.0.1",
      host: () => "127.0.0.1",
      home: (_cluster: string, node: string, layer?: string) => path.join(this.#root, node, layer ?? "shared"),
      sharedPorts: { from, to: from + SLOTS * PORTS_PER_NODE - 1 },
    };
    const chain = { definition: cometbft, network: "private" };
    this.plan = planCluster("world", { chain, nodes, monitoring: { receivers: "none" } }, layout);
    this.write();
  }

  static async of(program: string, groups: Readonly<Record<string, readonly [Kind, number]>>): Promise<CometWorld> {
    return new CometWorld(program, groups, await freeRange(SLOTS * PORTS_PER_NODE));
  }

  /** Writes what derives from the seed, as a target would at every start. */
  write(): void {
    const { files } = deriveMaterial(this.plan, SEED);
    for (const node of this.plan.nodes) {
      const { open = [], secret = [] } = files[node.name]?.node ?? {};
      for (const file of [...open, ...secret]) writePlanned(this.process(node.name).home, file);
    }
  }

  process(node: string): ProcessPlan {
    const found = this.plan.nodes.find((n) => n.name === node)?.processes[0];
    if (!found) throw new Error(`no node ${node}`);
    return found;
  }

  read(node: string, file: string): string {
    return readFileSync(path.join(this.process(node).home, file), "utf8");
  }

  /** Starts a node as a target does: prepare steps, then the program with the words that they left. */
  async start(node: string): Promise<readonly string[]> {
    const { args, prepare, home } = this.process(node);
    const words: string[] = [];
    for (const { agent, argsFile } of prepare) {
      expect(agent[0]).toBe("light-trust");
      await lightTrust([...agent.slice(1), "--timeout", "60"]);
      words.push(
        ...this.read(node, argsFile ?? "")
          .split(/\s+/)
          .filter((w) => w !== ""),
      );
    }
    mkdirSync(home, { recursive: true });
    const log = createWriteStream(path.join(this.#root, `${node}.log`), { flags: "a" });
    const child = spawn(this.#program, [...args, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.#children.set(node, child);
    return words;
  }

  /** Sends a signal to a running process: freezes it, wakes it, kills it. */
  signal(node: string, signal: NodeJS.Signals): void {
    this.#children.get(node)?.kill(signal);
  }

  /** Ends one process as its client wants to be ended; kills it when it does not within half a minute. */
  async stop(node: string): Promise<number | null> {
    const child = this.#children.get(node);
    this.#children.delete(node);
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    return new Promise((resolve) => {
      const patience = setTimeout(() => child.kill("SIGKILL"), 30_000);
      child.once("exit", (code) => {
        clearTimeout(patience);
        resolve(code);
      });
      child.kill(this.process(node).stop.signal);
    });
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((node) => this.stop(node)));
    rmSync(this.#root, { recursive: true, force: true });
  }

  url(node: string, port = "rpc"): string {
    return `http://127.0.0.1:${this.process(node).ports[port]}`;
  }

  async told(node: string): Promise<Told> {
    const { client } = this.process(node);
    const { requests, head } = client.health;
    const answers: Record<string, unknown> = {};
    const read = (field: keyof typeof head): string | undefined => {
      const source = head[field];
      if (source === undefined || "slot" in source) return undefined;
      const value = source.path.split(".").reduce<unknown>((v, key) => (v as never)?.[key], answers[source.from]);
      return value === undefined ? undefined : String(value);
    };
    const late = (name: string) => JSON.stringify(requests[name]).includes("$");
    for (const name of Object.keys(requests).sort((a, b) => Number(late(a)) - Number(late(b)))) {
      const { rpc, get } = requests[name] ?? {};
      const parent = late(name) ? String(Number(read("height")) - 1) : "";
      const path = get?.replace("$parent", parent);
      answers[name] = path === undefined ? await call(this.url(node), rpc) : await json(`${this.url(node)}${path}`);
    }
    return {
      height: Number(read("height")),
      hash: read("hash"),
      age: Date.now() / 1000 - Date.parse(read("timestamp") ?? "") / 1000,
      peers: Number(read("peers")),
      chainId: read("chainId"),
      version: read("version"),
      syncing: read("syncing") === "true",
    };
  }

  /** Awaits a state of a node; the end of its log is in the error when the time is over. */
  async until(node: string, what: string, holds: (told: Told) => boolean): Promise<Told> {
    const end = Date.now() + 90_000;
    let last: unknown;
    while (Date.now() < end) {
      try {
        const told = await this.told(node);
        if (holds(told)) return told;
        last = told;
      } catch (error) {
        last = error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const log = path.join(this.#root, `${node}.log`);
    const tail = existsSync(log) ? readFileSync(log, "utf8").slice(-1500) : "";
    throw new Error(`${node} ${what}: not within 90 s; last seen ${JSON.stringify(last)}\n${tail}`, { cause: last });
  }
}

function writePlanned(home: string, { path: name, content, mode, createOnly }: FilePlan): void {
  const file = path.join(home, name);
  if (createOnly && existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: Number.parseInt(mode ?? "0644", 8) });
}

export async function call(
  url: string,
  rpc: { method: string; params?: readonly unknown[] } | undefined,
): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: rpc?.method, params: rpc?.params ?? [] });
  const answer = await json(`${url}/`, { method: "POST", headers: { "content-type": "application/json" }, body });
  return answer.result;
}

export async function json(url: string, init: RequestInit = {}): Promise<{ result: unknown }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5000) });
  const answer = (await response.json()) as { result: unknown; error?: { data?: string } };
  if (answer.error) throw new Error(`HTTP ${response.status}: ${JSON.stringify(answer.error)}`);
  return answer;
}

/** What is given as soon as asking for it succeeds. */
export async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ports one after another on which nobody listens, below those that the kernel hands out. */
export async function freeRange(count: number): Promise<number> {
  for (let turn = 0; turn < 40; turn++) {
    const from = 10_000 + ((process.pid * 7 + turn * count) % 20_000);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(from + i)));
    if (free.every(Boolean)) return from;
  }
  throw new Error("no free range of ports");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
