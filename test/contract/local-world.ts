import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { protocols, type VaultReference } from "@chainkeep/core";
import {
  BackupVault,
  type BackupVaultArgs,
  BlockchainNode,
  type BlockchainNodeArgs,
  NodeCluster,
  type NodeClusterArgs,
} from "@chainkeep/local";
import { type Deployment, type DeployOptions, deploy, type RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";

export const TOKEN = "chainkeep-local:index:";
export const SEED = "sesame-0123456789abcdef0123456789abcdef";
/** Of a vault, when the seed is known. */
export const PASSWORD = "open-sesame-0123456789";
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
    for (const name of new Set([
      "process-compose",
      "prometheus",
      "alertmanager",
      "node_exporter",
      "restic",
      ...clients,
    ])) {
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
  readonly type: "NodeCluster" | "BlockchainNode" | "BackupVault";
  /** Made anew each time: Outputs belong to one program. `vault` is there where `keeps` says how it is made. */
  readonly args: (
    seed: pulumi.Input<string>,
    vault: VaultReference,
  ) => NodeClusterArgs | BlockchainNodeArgs | BackupVaultArgs;
  /** A vault beside the component. */
  readonly keeps?: (seed: pulumi.Input<string>) => BackupVaultArgs;
  /** How many there are of each type, the component among them. */
  readonly budget: Readonly<Record<string, number>>;
}

export function make({ type, args, keeps }: Case, name: string, seed: pulumi.Input<string> = pulumi.secret(SEED)) {
  const vault = keeps && new BackupVault(`${name}-vault`, keeps(seed));
  const given = args(seed, vault as VaultReference);
  if (type === "BackupVault") return new BackupVault(name, given as BackupVaultArgs);
  return type === "NodeCluster"
    ? new NodeCluster(name, given as NodeClusterArgs)
    : new BlockchainNode(name, given as BlockchainNodeArgs);
}

/** Known when the seed is. */
function passwordOf(seed: pulumi.Input<string>): pulumi.Input<string> {
  return typeof seed === "string" ? PASSWORD : pulumi.secret(seed).apply(() => PASSWORD);
}

interface Makes {
  readonly processes: number;
  readonly shared?: number;
  readonly monitoring?: boolean;
  /** Whether Grafana runs beside the rest of monitoring. */
  readonly grafana?: boolean;
  readonly node?: boolean;
  readonly vault?: boolean;
}

/**
 * Two per process, one more per node whose clients share a secret, two for the agent, a supervisor; for monitoring Prometheus
 * and Alertmanager with two each, node_exporter, dashboards and Grafana. Nodes add nothing to monitoring. A vault is a password and,
 * in the cluster, the files of its guests.
 */
function budget({
  processes,
  shared = 0,
  monitoring = true,
  grafana = monitoring,
  node = false,
  vault = false,
}: Makes) {
  const watchers = monitoring ? 3 : 0;
  return {
    NodeCluster: 1,
    ...(node ? { BlockchainNode: 1 } : {}),
    ...(monitoring ? { Monitoring: 1 } : {}),
    ...(vault ? { BackupVault: 1 } : {}),
    Supervisor: 1,
    Process: processes + 1 + watchers + (grafana ? 1 : 0),
    FileSet: processes + shared + 1 + watchers + (vault ? 2 : 0),
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
    proof: 26_100,
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

const everyVaultArg = {
  schedule: "15 3 * * *",
  everyBlocks: 10_000,
  keep: { last: 5, hourly: 24, daily: 14, weekly: 8, monthly: 12 },
  destination: {
    s3: {
      bucket: "vault",
      endpoint: "https://s3.eu-central-1.amazonaws.com",
      region: "eu-central-1",
      prefix: "chain/points",
      accessKeyIdFile: SECRET_FILE,
      secretAccessKeyFile: SECRET_FILE,
    },
  },
  copies: { disk: { directory: "/srv/vault" }, offsite: { s3: { bucket: "copy", region: "eu-west-1" } } },
  lock: { mode: "governance", days: 14 },
  verify: { schedule: "0 5 * * *", afterEach: true, level: "progresses" },
  drill: { schedule: "0 6 * * 6", from: "offsite" },
  objectives: { rpoSeconds: 90_000, rtoSeconds: 3600 },
  onStopTimeout: "crash-consistent",
  minReady: 2,
} satisfies BackupVaultArgs;

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
    keeps: (seed) => ({ password: passwordOf(seed), ...everyVaultArg }),
    args: (seed, vault) => ({
      chain: { protocol: "cometbft", network: "private", client: "cometbft" },
      nodes: {
        validators: { kind: "validator", count: 4, servesRpc: false, options: { logLevel: "error" } },
        rpc: { kind: "full", count: 2, servesRpc: true, bootstrap: "newest-verified" },
        light: { kind: "light" },
        mirror: { kind: "mirror", bootstrap: "sync" },
      },
      backup: { vault, groups: ["mirror", "rpc"] },
      privateNetwork: {
        chainId: "dev-1",
        genesisTime: "2026-01-01T00:00:00Z",
        blockTimeSeconds: 0.5,
        genesisValidators: 3,
      },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 8, vault: true }),
  },
  {
    title: "pairs of clients with a shared secret",
    type: "NodeCluster",
    keeps: (seed) => ({ password: passwordOf(seed) }),
    args: (seed, vault) => ({
      chain: { protocol: "ethereum", network: "mainnet", execution: "reth", consensus: "teku" },
      nodes: { rpc: { kind: "full", count: 2, options: { maxPeers: 20 } }, archive: { kind: "archive" } },
      backup: { vault },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 6, shared: 3, vault: true }),
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
    keeps: (seed) => ({ password: passwordOf(seed) }),
    args: (seed, vault) => ({
      chain: { protocol: "bitcoin", network: "mainnet", client: "btcd" },
      kind: "full",
      servesRpc: false,
      peers: ["203.0.113.5:8333"],
      options: { maxPeers: 20 },
      bootstrap: "newest-verified",
      backup: { vault, groups: ["node"] },
      seed,
      ...everything,
    }),
    budget: budget({ processes: 1, node: true, vault: true }),
  },
  {
    title: "a node of a private network",
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
  {
    title: "the smallest vault",
    type: "BackupVault",
    args: (seed) => ({ password: passwordOf(seed) }),
    budget: { BackupVault: 1, FileSet: 1 },
  },
  {
    title: "a vault with every arg",
    type: "BackupVault",
    args: (seed) => ({ password: passwordOf(seed), stateDir: "state/of vaults", ...everyVaultArg }),
    budget: { BackupVault: 1, FileSet: 1 },
  },
  {
    title: "a vault whose password somebody else writes",
    type: "BackupVault",
    args: () => ({ passwordFile: SECRET_FILE }),
    budget: { BackupVault: 1 },
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
