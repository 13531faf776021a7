import { BackupVault, type BackupVaultArgs, NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("chainkeep");

const vault = new BackupVault("vault", {
  // A devnet is small and short-lived: points are taken often, proven to the last level at once, and soon gone.
  schedule: "0 * * * *",
  keep: { last: 3, hourly: 6, daily: 7, weekly: 0, monthly: 0 },
  lock: { days: 1 },
  verify: { schedule: "30 5 * * *", afterEach: true, level: "progresses" },
  drill: { schedule: "45 5 * * *" },
  objectives: { rpoSeconds: 2 * 3600, rtoSeconds: 600 },
  password: config.requireSecret("vaultPassword"),
  // E.g. `pulumi config set --path chainkeep:vault.everyBlocks 100`.
  ...config.getObject<Partial<BackupVaultArgs>>("vault"),
});

const devnet = new NodeCluster("devnet", {
  chain: { protocol: "cometbft", network: "private" },
  privateNetwork: { chainId: "chainkeep-devnet" },
  nodes: {
    validators: { kind: "validator", count: 4 },
    rpc: { kind: "full", count: config.getNumber("rpcCount") ?? 1 },
    light: { kind: "light" },
    mirror: { kind: "mirror" },
  },
  backup: { vault },
  monitoring: {
    // Nobody is woken for a devnet: a person watches it by `chainkeep status`, the agent's page and Grafana.
    receivers: "none",
    alerts: {
      // Who watches wants to know of a dead node at once.
      NodeDown: { forSeconds: 0 },
      NoPeers: { forSeconds: 30 },
      // All nodes have the clock of this machine: nobody can differ from it, kept or not.
      ClockUnsynchronised: false,
    },
  },
  hostPorts: config.getObject("hostPorts") ?? {},
  purgeData: config.getBoolean("purgeData") ?? false,
  seed: config.requireSecret("seed"),
});

export const rpcUrl = devnet.rpcUrl;
export const agentUrl = devnet.agentUrl;
export const prometheusUrl = devnet.monitoring?.prometheusUrl;
export const alertmanagerUrl = devnet.monitoring?.alertmanagerUrl;
export const grafanaUrl = devnet.monitoring?.grafanaUrl;
export const dashboardsDirectory = devnet.monitoring?.dashboardsDirectory;
export const vaultRepository = vault.repository;
export const attachCommand = devnet.attachCommand;
