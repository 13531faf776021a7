import type { ClientDefinition, Kind, ProtocolDefinition } from "../chains/types";
import { planCluster } from "../cluster/plan";
import type { ClusterPlan, TargetLayout } from "../cluster/types";
import { hostLayout, toy, toyClient } from "../testing/toy-protocol.fixture";
import type { MonitoringArgs } from "./args";

const metrics = { port: "rpc", path: "/debug/metrics", series: {}, drop: ["peer_.*", "x|y"] };
const measured = (name: string, kinds: readonly Kind[]): ClientDefinition => ({ ...toyClient(name, kinds), metrics });

/** One client with metrics of its own, one without. */
const protocol: ProtocolDefinition = {
  ...toy,
  clients: [measured("front", ["full", "validator"]), toyClient("toy-light", ["light"])],
  defaults: { node: "front", light: "toy-light" },
};

/** Two nodes that serve, one light one without metrics. */
export function monitoredPlan(network: "private" | "main" = "private", layout: TargetLayout = hostLayout): ClusterPlan {
  return planCluster(
    "c",
    {
      chain: { definition: protocol, network },
      nodes: { rpc: { kind: "full", count: 2 }, light: { kind: "light" } },
      monitoring: { receivers: "none" },
    },
    layout,
  );
}

export const SLACK: NonNullable<MonitoringArgs["receivers"]> = {
  chat: { slack: { webhookUrlFile: "/run/secrets/slack" } },
};
