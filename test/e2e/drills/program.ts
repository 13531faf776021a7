import { NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("chainkeep");

/** A network for drills: two receivers, one of which is made to fail. Times and windows are the defaults. */
const devnet = new NodeCluster("devnet", {
  chain: { protocol: "cometbft", network: "private" },
  privateNetwork: { chainId: "chainkeep-drills" },
  nodes: {
    validators: { kind: "validator", count: 4 },
    rpc: { kind: "full", count: 2 },
    mirror: { kind: "mirror" },
  },
  monitoring: {
    receivers: {
      oncall: { webhook: { urlFile: config.require("oncallFile") } },
      second: { webhook: { urlFile: config.require("secondFile") }, severities: ["critical"] },
    },
    alerts: {
      // All nodes have the clock of this machine: nobody can differ from it, kept or not.
      ClockUnsynchronised: false,
      // The mirror's disk is a small one.
      DiskReserveReached: { threshold: 50_000_000 },
    },
  },
  hostPorts: config.getObject("hostPorts") ?? {},
  purgeData: false,
  seed: config.requireSecret("seed"),
});

export const agentUrl = devnet.agentUrl;
export const prometheusUrl = devnet.monitoring?.prometheusUrl;
