import { ConfigError, show } from "@chainkeep/core";
import type { NodeClusterArgs } from "../node-cluster/args";
import { planLocal } from "../node-cluster/node-cluster";
import type { BlockchainNodeArgs } from "./args";

const GROUP = "node";

/**
 * The cluster of one that a single node is. Problems are told in the node's own words: `kind`, not `nodes.node.kind`.
 *
 * @throws ConfigError with every problem at once, before anything is registered
 */
export function asCluster(name: string, args: BlockchainNodeArgs): NodeClusterArgs {
  const { kind, servesRpc, peers, options, monitoring, ...rest } = args ?? {};
  const group = { kind, servesRpc, peers, options };
  const given = Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
  const clusterArgs = {
    ...rest,
    nodes: { [GROUP]: given as unknown as NodeClusterArgs["nodes"][string] },
    monitoring: monitoring ?? { enabled: false },
  };
  const extra = "nodes" in rest || "count" in rest;
  try {
    planLocal("BlockchainNode", name, clusterArgs);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw renamed(name, error);
  }
  if (extra) {
    const message = "unknown key; a BlockchainNode is one node, use NodeCluster for more";
    throw new ConfigError(`BlockchainNode ${show(name)}`, [{ path: "nodes", message, code: "UNKNOWN_KEY" }]);
  }
  return clusterArgs;
}

function renamed(name: string, error: ConfigError): ConfigError {
  const prefix = `nodes.${GROUP}.`;
  const problems = error.problems.map((p) =>
    p.path.startsWith(prefix) ? { ...p, path: p.path.slice(prefix.length) } : p,
  );
  return new ConfigError(`BlockchainNode ${show(name)}`, problems);
}
