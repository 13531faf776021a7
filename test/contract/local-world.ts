import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { protocols } from "@chainkeep/core";
import { BlockchainNode, type BlockchainNodeArgs, NodeCluster, type NodeClusterArgs } from "@chainkeep/local";
import { type Deployment, type DeployOptions, deploy, type RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";

export const TOKEN = "chainkeep-local:index:";
export const SEED = "sesame-0123456789abcdef0123456789abcdef";
/** What stands in the file of a receiver: it must be nowhere else. */
export const WEBHOOK = "https://chat.invalid/hooks/open-sesame";
const SECRET_FILE = path.join(tmpdir(), `chainkeep-webhook-${process.pid}`);

/**
 * Stand-ins for programs: these tests prove wiring, and a machine without a single client must be able to run them. This one
 * has Grafana.
 */
export function withStandIns(): void {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-programs-"));
  const before = { ...process.env };
  const program = (name: string, file: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    process.env[`CHAINKEEP_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`] = file;
  };

  beforeAll(() => {
    const clients = protocols.flatMap((p) => p.clients.map((c) => c.release.program.binary));
    for (const name of new Set(["process-compose", "prometheus", "alertmanager", "node_exporter", ...clients])) {
      program(name, path.join(directory, name));
    }
    program("grafana", path.join(directory, "grafana", "bin", "grafana"));
    for (const folder of ["public", "conf"]) mkdirSync(path.join(directory, "grafana", folder));
    writeFileSync(path.join(directory, "grafana", "conf", "defaults.ini"), "");
    writeFileSync(SECRET_FILE, WEBHOOK, { mode: 0o600 });
    const bundle = path.join(directory, "agent.cjs");
    writeFileSync(bundle, "// the agent\n");
    process.env.CHAINKEEP_AGENT_BUNDLE = bundle;
  });

  afterAll(() => {
    process.env = before;
    rmSync(directory, { recursive: true, force: true });
    rmSync(SECRET_FILE, { force: true });
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

interface Makes {
  readonly processes: number;
  readonly shared?: number;
  readonly monitoring?: boolean;
  /** Whether Grafana runs beside the rest of monitoring. */
  readonly grafana?: boolean;
  readonly node?: boolean;
}

/**
 * Two per process, one more per node whose clients share a secret, two for the agent, a supervisor; for monitoring Prometheus
 * and Alertmanager with two each, node_exporter, dashboards and Grafana. Nodes add nothing to monitoring.
 */
function budget({ processes, shared = 0, monitoring = true, grafana = monitoring, node = false }: Makes) {
  const watchers = monitoring ? 3 : 0;
  return {
    NodeCluster: 1,
    ...(node ? { BlockchainNode: 1 } : {}),
    ...(monitoring ? { Monitoring: 1 } : {}),
    Supervisor: 1,
    Process: processes + 1 + watchers + (grafana ? 1 : 0),
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
    grafana: 26_005,
    nodeExporter: 26_006,
    nodesFrom: 21_000,
    nodesTo: 24_000,
  },
  monitoring: {
    enabled: true,
    scrapeIntervalSeconds: 10,
    retentionDays: 30,
    retentionGiB: 20,
    receivers: {
      chat: { slack: { webhookUrlFile: SECRET_FILE }, severities: ["critical", "warning"], roles: ["ops"] },
      mail: { email: { to: ["ops@example.org"], from: "chain@example.org", smarthost: "mail.example.org:587" } },
    },
    presets: ["core", "backup"],
    slo: { availability: 0.99, latencySeconds: 2 },
    objectives: { rpoSeconds: 3600, rtoSeconds: 7200, verifySeconds: 86_400 },
    reference: { url: "https://rpc.example.org" },
    deadMan: { urlFile: SECRET_FILE, intervalSeconds: 30 },
    maintenance: [{ days: ["sunday"], from: "02:00", to: "04:00", timeZone: "Europe/Berlin" }],
    remoteWrite: [{ url: "https://mimir.example.org/api/v1/push", bearerTokenFile: SECRET_FILE, canonicalOnly: true }],
    scrape: { tenderduty: { targets: ["127.0.0.1:28686"] } },
    runbookUrl: "https://wiki.example.org/runbooks",
    alerts: { NodeDown: { forSeconds: 0, severity: "warning" }, NoPeers: false },
  },
  budget: { monthlyUsd: 1500 },
  purgeData: true,
  stateDir: "state/of nodes",
};

export const CASES: readonly Case[] = [
  {
    title: "the smallest cluster",
    type: "NodeCluster",
    args: () => ({
      chain: { protocol: "cometbft", network: "cosmoshub" },
      nodes: { rpc: { kind: "full" } },
      monitoring: { receivers: "none" },
    }),
    budget: budget({ processes: 1 }),
  },
  {
    title: "a cluster with a Grafana elsewhere",
    type: "NodeCluster",
    args: () => ({
      chain: { protocol: "cometbft", network: "cosmoshub" },
      nodes: { rpc: { kind: "full" } },
      monitoring: { receivers: "none", grafanaUrl: "https://grafana.example.org" },
    }),
    budget: budget({ processes: 1, grafana: false }),
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
