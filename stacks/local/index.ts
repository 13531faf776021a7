import { NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("chainkeep");

const devnet = new NodeCluster("devnet", {
  chain: { protocol: "cometbft", network: "private" },
  privateNetwork: { chainId: "chainkeep-devnet" },
  nodes: {
    validators: { kind: "validator", count: 4 },
    rpc: { kind: "full", count: config.getNumber("rpcCount") ?? 1 },
    light: { kind: "light" },
    mirror: { kind: "mirror" },
  },
  monitoring: {
    // On a devnet a person watches: tell of a dead node at once.
    alerts: { NodeDown: { forSeconds: 0 }, NoPeers: { forSeconds: 30 } },
  },
  hostPorts: config.getObject("hostPorts") ?? {},
  purgeData: config.getBoolean("purgeData") ?? false,
  seed: config.requireSecret("seed"),
});

export const rpcUrl = devnet.rpcUrl;
export const agentUrl = devnet.agentUrl;
export const prometheusUrl = devnet.monitoring?.prometheusUrl;
export const alertmanagerUrl = devnet.monitoring?.alertmanagerUrl;
export const attachCommand = devnet.attachCommand;
