import { NodeCluster } from "@chainkeep/local";
import * as pulumi from "@pulumi/pulumi";
import { tally } from "./my-chain.ts";

const config = new pulumi.Config();

const cluster = new NodeCluster("tally", {
  chain: { definition: tally, network: "private" },
  nodes: { validators: { kind: "validator", count: 4 }, rpc: { kind: "full", count: 2 } },
  // An example wakes nobody: `chainkeep status` and the agent's page show what fires.
  monitoring: { receivers: "none" },
  // Ports of its own, so that it runs beside stacks/local.
  hostPorts: {
    rpc: 26757,
    agent: 26780,
    prometheus: 26790,
    nodeExporter: 26791,
    alertmanager: 26793,
    grafana: 26795,
    nodesFrom: 26800,
    nodesTo: 28799,
  },
  seed: config.requireSecret("seed"),
});

export const rpcUrl = cluster.rpcUrl;
export const agentUrl = cluster.agentUrl;
