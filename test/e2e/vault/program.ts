import { BackupVault, NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("chainkeep");

/** A network whose backups are broken. Points are taken by height, or, where no block has such a height, when the test asks. */
const vault = new BackupVault("vault", {
  schedule: false,
  everyBlocks: config.requireNumber("everyBlocks"),
  keep: { last: 3, hourly: 0, daily: 0, weekly: 0, monthly: 0 },
  lock: false,
  destination: { directory: config.require("repository") },
  copies: { offsite: { directory: config.require("offsite") } },
  verify: { schedule: "0 0 1 1 *", afterEach: true, level: "progresses" },
  drill: { schedule: "0 0 1 1 *" },
  objectives: { rpoSeconds: 86_400, rtoSeconds: 600 },
  password: config.requireSecret("vaultPassword"),
});

const devnet = new NodeCluster("devnet", {
  chain: { protocol: "cometbft", network: "private" },
  privateNetwork: { chainId: "chainkeep-vault" },
  nodes: {
    validators: { kind: "validator", count: 4 },
    rpc: { kind: "full", count: config.getNumber("rpcCount") ?? 1, bootstrap: "newest-verified" },
    mirror: { kind: "mirror" },
  },
  backup: { vault },
  monitoring: { receivers: "none", alerts: { ClockUnsynchronised: false } },
  hostPorts: config.getObject("hostPorts") ?? {},
  purgeData: false,
  seed: config.requireSecret("seed"),
});

export const agentUrl = devnet.agentUrl;
export const prometheusUrl = devnet.monitoring?.prometheusUrl;
