import { ConfigError, type Problem, pathText, plainCopy, show, unknownKey } from "@chainkeep/core";
import type { NodeClusterArgs } from "../node-cluster/args";
import { planLocal } from "../node-cluster/node-cluster";
import { OPAQUE } from "../node-cluster/schema";
import type { BlockchainNodeArgs } from "./args";

const GROUP = "node";

/** Where each arg goes: into the group of one, or to the cluster. */
const PLACES: Readonly<Record<keyof BlockchainNodeArgs, "group" | "cluster">> = {
  chain: "cluster",
  kind: "group",
  servesRpc: "group",
  peers: "group",
  options: "group",
  bootstrap: "group",
  backup: "cluster",
  privateNetwork: "cluster",
  health: "cluster",
  monitoring: "cluster",
  budget: "cluster",
  seed: "cluster",
  stateDir: "cluster",
  hostPorts: "cluster",
  purgeData: "cluster",
};
const KEYS = Object.keys(PLACES) as readonly (keyof BlockchainNodeArgs)[];

/**
 * The cluster of one that a single node is. Problems are told in the node's own words: `kind`, not `nodes.node.kind`.
 *
 * @throws ConfigError with every problem at once, before anything is registered
 */
export function asCluster(name: string, given: BlockchainNodeArgs): NodeClusterArgs {
  const { value: args, problems: unreadable } = plainCopy(given, OPAQUE);
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    const got = given === undefined ? "missing; give" : `got ${show(given)}; use`;
    const message = `${got} an object with chain and kind`;
    throw new ConfigError(`BlockchainNode ${show(name)}`, [{ path: "args", message, code: "ARGS_FORM" }]);
  }
  const clusterArgs = {
    ...pick(args, "cluster"),
    nodes: { [GROUP]: pick(args, "group") },
    ...(args.monitoring === undefined ? { monitoring: { enabled: false } } : {}),
  } as NodeClusterArgs;
  const problems = [...unreadable, ...unknownKeys(args), ...planProblems(name, clusterArgs)];
  const first = [...new Map([...problems].reverse().map((p) => [p.path, p])).values()].reverse();
  if (first.length > 0) throw new ConfigError(`BlockchainNode ${show(name)}`, first);
  return clusterArgs;
}

function pick(args: BlockchainNodeArgs, place: "group" | "cluster"): Partial<BlockchainNodeArgs> {
  const keys = KEYS.filter((key) => PLACES[key] === place && args[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, args[key]]));
}

function unknownKeys(args: object): Problem[] {
  return Object.keys(args)
    .filter((key) => !Object.hasOwn(PLACES, key))
    .map((key) => {
      const message =
        key === "nodes" || key === "count"
          ? "unknown key: a BlockchainNode is one node; use NodeCluster for more"
          : unknownKey(key, KEYS);
      return { path: pathText([key]), message, code: "UNKNOWN_KEY" };
    });
}

function planProblems(name: string, args: NodeClusterArgs): Problem[] {
  try {
    planLocal("BlockchainNode", name, args);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const prefix = `nodes.${GROUP}.`;
    return error.problems.map((p) => (p.path.startsWith(prefix) ? { ...p, path: p.path.slice(prefix.length) } : p));
  }
}
