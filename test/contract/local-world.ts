import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { protocols } from "@chainkeep/core";
import { BlockchainNode, type BlockchainNodeArgs, NodeCluster, type NodeClusterArgs } from "@chainkeep/local";
import { type Deployment, type DeployOptions, deploy, type RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";

export const TOKEN = "chainkeep-local:index:";
export const SEED = "sesame-0123456789abcdef0123456789abcdef";

/** Stand-ins for programs: these tests prove wiring, and a machine without a single client must be able to run them. */
export function withStandIns(): void {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-programs-"));
  const before = { ...process.env };

  beforeAll(() => {
    const clients = protocols.flatMap((p) => p.clients.map((c) => c.release.program.binary));
    for (const name of new Set(["process-compose", "prometheus", "alertmanager", ...clients])) {
      const file = path.join(directory, name);
      writeFileSync(file, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
      process.env[`CHAINKEEP_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`] = file;
    }
    const bundle = path.join(directory, "agent.cjs");
    writeFileSync(bundle, "// the agent\n");
    process.env.CHAINKEEP_AGENT_BUNDLE = bundle;
  });

  afterAll(() => {
    process.env = before;
    rmSync(directory, { recursive: true, force: true });
  });
}

/** What the provider adds to the inputs. */
const outputs: DeployOptions["outputs"] = ({ type, name, inputs }) => {
  if (type === `${TOKEN}Supervisor`)
    return { supervisorId: `${name}-id`, socket: "/run/s.sock", attachCommand: "attach" };
  if (type === `${TOKEN}FileSet`) return { digest: `digest of ${name}` };
  if (type === `${TOKEN}Process`) return { logFile: `${inputs.stateDir}/logs/${inputs.name}.log` };
  return {};
};

export function run<T>(program: () => T, options: DeployOptions = {}): Promise<Deployment<T>> {
  return deploy(program, { stack: "dev", outputs, ...options });
}

/** A component with args, and what may come of it. */
export interface Case {
  readonly title: string;
  readonly type: "NodeCluster" | "BlockchainNode";
  /** Made anew each time: Outputs belong to one program. */
  readonly args: (seed: pulumi.Input<string>) => NodeClusterArgs | BlockchainNodeArgs;
  /** How many there are of each type, the component among them. */
  readonly budget: Readonly<Record<string, number>>;
}

export function make({ type, args }: Case, name: string, seed: pulumi.Input<string> = pulumi.secret(SEED)) {
  return type === "NodeCluster"
    ? new NodeCluster(name, args(seed) as NodeClusterArgs)
    : new BlockchainNode(name, args(seed) as BlockchainNodeArgs);
}

/** Two per process, one more per node whose clients share a secret, two for the agent, a supervisor, four for monitoring. */
function budget(of: { processes: number; shared?: number; monitoring?: boolean; node?: boolean }) {
  const { processes, shared = 0, monitoring = true, node = false } = of;
  const watchers = monitoring ? 2 : 0;
  return {
    NodeCluster: 1,
    ...(node ? { BlockchainNode: 1 } : {}),
    ...(monitoring ? { Monitoring: 1 } : {}),
    Supervisor: 1,
    Process: processes + 1 + watchers,
    FileSet: processes + shared + 1 + watchers,
  };
}

const everything = {
  health: { probeIntervalSeconds: 5, probeTimeoutMs: 900, maxHeadAgeSeconds: 60, maxLagBlocks: 4, minPeers: 1 },
  hostPorts: {
    rpc: 26_001,
    agent: 26_002,
    prometheus: 26_003,
    alertmanager: 26_004,
    nodesFrom: 21_000,
    nodesTo: 24_000,
  },
  monitoring: {
    enabled: true,
    scrapeIntervalSeconds: 10,
    retentionDays: 30,
    alerts: { NodeDown: { forSeconds: 0, severity: "warning" }, NoPeers: { enabled: false } },
  },
  purgeData: true,
  stateDir: "state/of nodes",
};

export const CASES: readonly Case[] = [
  {
    title: "the smallest cluster",
    type: "NodeCluster",
    args: () => ({ chain: { protocol: "cometbft", network: "cosmoshub" }, nodes: { rpc: { kind: "full" } } }),
    budget: budget({ processes: 1 }),
  },
  {
    title: "a cluster without monitoring",
    type: "NodeCluster",
    args: (seed) => ({
      chain: { protocol: "bitcoin", network: "mainnet" },
      nodes: { rpc: { kind: "full", count: 2 } },
      monitoring: { enabled: false },
      seed,
    }),
    budget: budget({ processes: 2, monitoring: false }),
  },
  {
    title: "a private network with every arg",
    type: "NodeCluster",
    args: (seed) => ({
      chain: { protocol: "cometbft", network: "private", client: "cometbft" },
      nodes: {
        validators: { kind: "validator", count: 4, servesRpc: false, options: { logLevel: "error" } },
        rpc: { kind: "full", count: 2, servesRpc: true },
        light: { kind: "light" },
        mirror: { kind: "mirror" },
      },
      privateNetwork: {
        chainId: "dev-1",
        genesisTime: "2026-01-01T00:00:00Z",
        blockTimeSeconds: 0.5,
        genesisValidators: 3,
      },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 8 }),
  },
  {
    title: "pairs of clients with a shared secret",
    type: "NodeCluster",
    args: (seed) => ({
      chain: { protocol: "ethereum", network: "mainnet", execution: "reth", consensus: "teku" },
      nodes: { rpc: { kind: "full", count: 2, options: { maxPeers: 20 } }, archive: { kind: "archive" } },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 6, shared: 3 }),
  },
  {
    title: "the smallest node",
    type: "BlockchainNode",
    args: () => ({ chain: { protocol: "cometbft", network: "cosmoshub" }, kind: "full" }),
    budget: budget({ processes: 1, monitoring: false, node: true }),
  },
  {
    title: "a node with every arg",
    type: "BlockchainNode",
    args: (seed) => ({
      chain: { protocol: "cometbft", network: "private", client: "cometbft" },
      kind: "validator",
      servesRpc: false,
      options: { logLevel: "info" },
      privateNetwork: { chainId: "solo-1", blockTimeSeconds: 2 },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 1, node: true }),
  },
];

export function kinds(resources: readonly RecordedResource[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) {
    const short = type.replace(TOKEN, "");
    counts[short] = (counts[short] ?? 0) + 1;
  }
  return counts;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Inputs as somebody reads them who has no key: what is secret is left out. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}
