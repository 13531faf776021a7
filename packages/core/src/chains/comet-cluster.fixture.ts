import type { ClusterArgs, NodeGroupArgs } from "../cluster/args";
import { deriveMaterial } from "../cluster/material";
import { planCluster } from "../cluster/plan";
import { podLayout } from "../testing/toy-protocol.fixture";
import { cometbft } from "./cometbft-protocol";
import type { Kind } from "./types";

export const SEED = "0123456789abcdef0123456789abcdef";

export type Groups = Readonly<Record<string, readonly [Kind, number]>>;

/** Plan of a private network whose groups are kind and count. */
export function privateCluster(groups: Groups, change: Partial<ClusterArgs> = {}) {
  const nodes: Record<string, NodeGroupArgs> = {};
  for (const [name, [kind, count]] of Object.entries(groups)) nodes[name] = { kind, count };
  return planCluster(
    "demo",
    { chain: { definition: cometbft, network: "private" }, nodes, monitoring: { receivers: "none" }, ...change },
    podLayout,
  );
}

/** Every derived file by node and path, e.g. `val-0/config/genesis.json`. */
export function derivedFiles(groups: Groups, change: Partial<ClusterArgs> = {}): Map<string, string> {
  const { files } = deriveMaterial(privateCluster(groups, change), SEED);
  const found = new Map<string, string>();
  for (const [node, layers] of Object.entries(files)) {
    for (const { open, secret } of Object.values(layers)) {
      for (const file of [...open, ...secret]) found.set(`${node}/${file.path}`, file.content);
    }
  }
  return found;
}
