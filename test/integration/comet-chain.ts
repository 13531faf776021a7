import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { cometbft } from "../../packages/core/src/chains/cometbft-protocol";
import type { FilePlan, Kind } from "../../packages/core/src/chains/types";
import { deriveMaterial } from "../../packages/core/src/cluster/material";
import { planCluster } from "../../packages/core/src/cluster/plan";
import { PORTS_PER_NODE } from "../../packages/core/src/cluster/ports";
import type { ClusterPlan, ProcessPlan } from "../../packages/core/src/cluster/types";
import { vaultSpecOf } from "../../packages/core/src/vault/vault-spec";
import { eventually } from "./comet-world";

const BLOCK_SECONDS = 0.3;
const SLOTS = 8;

export interface ChainSettings {
  readonly program: string;
  readonly root: string;
  readonly seed: string;
  readonly groups: Readonly<Record<string, readonly [Kind, number]>>;
  /** First of `CHAIN_PORTS` ports. */
  readonly from: number;
}

/** Ports of a chain, and behind them those of its guest. */
export const CHAIN_PORTS = (SLOTS + 1) * PORTS_PER_NODE;

/** A private CometBFT network of real processes, rendered as a target would. All of them have the same name and chain id. */
export class CometChain {
  readonly plan: ClusterPlan;
  private readonly children = new Map<string, ChildProcess>();

  constructor(private readonly settings: ChainSettings) {
    const { root, groups, from } = settings;
    const nodes = Object.fromEntries(Object.entries(groups).map(([name, [kind, count]]) => [name, { kind, count }]));
    const to = from + SLOTS * PORTS_PER_NODE - 1;
    const layout = {
      name: "local" as const,
      listen: "127.0.0.1",
      self: "127.0.0.1",
      host: () => "127.0.0.1",
      home: (_: string, node: string, layer?: string) => path.join(root, "nodes", node, layer ?? "shared"),
      guest: {
        home: (_: string, guest: string, layer?: string) => path.join(root, "guests", guest, layer ?? "shared"),
        from: to + 1,
      },
      sharedPorts: { from, to },
    };
    const vault = { vaultSpec: vaultSpecOf("vault", { destination: { directory: path.join(root, "repository") } }) };
    const args = {
      chain: { definition: cometbft, network: "private" },
      privateNetwork: { blockTimeSeconds: BLOCK_SECONDS },
      monitoring: { receivers: "none" as const },
      health: { probeIntervalSeconds: 1, probeTimeoutMs: 900 },
      nodes,
      ...(groups.mirror ? { backup: { vault } } : {}),
    };
    this.plan = planCluster("world", args, layout);
    const { files } = deriveMaterial(this.plan, settings.seed);
    for (const node of this.plan.nodes) {
      const { open = [], secret = [] } = files[node.name]?.node ?? {};
      for (const file of [...open, ...secret]) writePlanned(this.process(node.name).home, file);
    }
  }

  get nodes(): readonly string[] {
    return this.plan.nodes.map((node) => node.name);
  }

  process(node: string): ProcessPlan {
    const found = this.plan.nodes.find((n) => n.name === node)?.processes[0];
    if (!found) throw new Error(`no node ${node}`);
    return found;
  }

  async start(...nodes: readonly string[]): Promise<void> {
    for (const node of nodes) {
      const log = createWriteStream(path.join(this.settings.root, `${node}.log`), { flags: "a" });
      const child = spawn(this.settings.program, [...this.process(node).args], { stdio: ["ignore", "pipe", "pipe"] });
      child.stdout.pipe(log);
      child.stderr.pipe(log);
      this.children.set(node, child);
    }
  }

  async stop(...nodes: readonly string[]): Promise<void> {
    await Promise.all(
      nodes.map((node) => {
        const child = this.children.get(node);
        this.children.delete(node);
        if (!child || child.exitCode !== null || child.signalCode !== null) return undefined;
        return new Promise<void>((resolve) => {
          const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
          child.once("exit", () => {
            clearTimeout(patience);
            resolve();
          });
          child.kill(this.process(node).stop.signal);
        });
      }),
    );
  }

  async status(node: string): Promise<{ readonly height: number; readonly hash: string; readonly chainId: string }> {
    const response = await fetch(`http://127.0.0.1:${this.process(node).ports.rpc}/status`, {
      signal: AbortSignal.timeout(3000),
    });
    const { result } = (await response.json()) as { result: CometStatus };
    const { latest_block_height: height, latest_block_hash: hash } = result.sync_info;
    return { height: Number(height), hash: hash.toLowerCase(), chainId: result.node_info.network };
  }

  async untilHeight(node: string, height: number): Promise<void> {
    await eventually(async () => {
      const status = await this.status(node);
      if (status.height < height) throw new Error(`${node} is at ${status.height}, not yet at ${height}`);
    }).catch((error: Error) => {
      const log = path.join(this.settings.root, `${node}.log`);
      throw new Error(`${error.message}\n${existsSync(log) ? readFileSync(log, "utf8").slice(-1500) : ""}`);
    });
  }

  async dispose(): Promise<void> {
    await this.stop(...this.children.keys());
  }
}

interface CometStatus {
  readonly sync_info: { readonly latest_block_height: string; readonly latest_block_hash: string };
  readonly node_info: { readonly network: string };
}

export function writePlanned(home: string, { path: name, content, mode, createOnly }: FilePlan): void {
  const file = path.join(home, name);
  if (createOnly && existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: Number.parseInt(mode ?? "0644", 8) });
}
