import { type ClusterPlan, planCluster } from "@chainkeep/core";
import { hostLayout } from "../../packages/core/src/testing/toy-protocol.fixture";

/** A private chain of four validators and two nodes that serve. */
export function chainPlan(): ClusterPlan {
  return planCluster(
    "c",
    {
      chain: { protocol: "cometbft", network: "private" },
      nodes: { validator: { kind: "validator", count: 4 }, rpc: { kind: "full", count: 2 } },
      monitoring: { receivers: "none" },
    },
    hostLayout,
  );
}
