import { type ClusterArgs, type ClusterPlan, planCluster, vaultSpecOf } from "@chainkeep/core";
import { podLayout, toy, toyClient } from "../../../packages/core/src/testing/toy-protocol.fixture";

type Nodes = ClusterArgs["nodes"];

export function planOf(chain: ClusterArgs["chain"], nodes: Nodes): ClusterPlan {
  return planCluster("c", { chain, nodes, monitoring: { receivers: "none" } }, podLayout);
}

const toyPlan = (network: string, nodes: Nodes) => planOf({ definition: toy, network }, nodes);

/** Blocks each second, scraped each 2 s. */
export const quick = toyPlan("private", { rpc: { kind: "full", count: 2 }, val: { kind: "validator", count: 2 } });
/** Blocks each 12 s, scraped each 15 s. */
export const slow = toyPlan("main", { rpc: { kind: "full", count: 3 } });
export const alone = toyPlan("private", { val: { kind: "validator" } });
export const slowAlone = toyPlan("main", { rpc: { kind: "full" } });
/** Enough nodes to lose some: two roles with several nodes each. */
export const wide = toyPlan("main", { rpc: { kind: "full", count: 4 }, mirror: { kind: "mirror", count: 2 } });
const vaultSpec = vaultSpecOf("vault", {
  schedule: "*/30 * * * *",
  destination: { directory: "/srv/vault" },
  objectives: { rpoSeconds: 3600, rtoSeconds: 600 },
  verify: { schedule: "0 */2 * * *" },
});
/** Blocks each second, with a mirror and a vault. */
export const kept = planCluster(
  "c",
  {
    chain: { definition: toy, network: "private" },
    nodes: { rpc: { kind: "full", count: 2 }, mirror: { kind: "mirror" } },
    monitoring: { receivers: "none" },
    backup: { vault: { vaultSpec } },
  },
  podLayout,
);
/** Makes blocks only when there is something to do. */
export const idle: ClusterPlan = { ...quick, networkFacts: { ...quick.networkFacts, idle: true } };

/** A client with metrics of its own: what a protocol of a user may have. */
const measured = {
  ...toyClient("toyd", ["full", "validator", "mirror"]),
  metrics: {
    port: "rpc",
    path: "/metrics",
    series: {
      height: "toy_height",
      start_time_seconds: "toy_start_time_seconds",
      reorgs_total: "toy_reorgs_total",
      reorg_depth: "toy_reorg_depth",
    },
  },
};
export const ownProtocol = planOf(
  { definition: { ...toy, clients: [measured, toyClient("toy-light", ["light"])] }, network: "private" },
  { rpc: { kind: "full", count: 2 } },
);

/** Nodes of two processes each. */
export const ethereum = planOf(
  { protocol: "ethereum", network: "mainnet", execution: "reth" },
  { rpc: { kind: "full", count: 3 } },
);
export const cometbft = planOf(
  { protocol: "cometbft", network: "private" },
  { rpc: { kind: "full", count: 2 }, val: { kind: "validator", count: 4 } },
);
export const bitcoin = planOf({ protocol: "bitcoin", network: "mainnet" }, { rpc: { kind: "full", count: 2 } });
export const substrate = planOf({ protocol: "substrate", network: "polkadot" }, { rpc: { kind: "full", count: 2 } });
