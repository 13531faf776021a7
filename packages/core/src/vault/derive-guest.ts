import type { DerivedMaterial } from "../chains/types";
import { deriveMaterial } from "../cluster/material";
import type { ClusterPlan, NodePlan } from "../cluster/types";

/**
 * Files of a guest from the cluster's seed: the network's genesis and peers, and a node key of the guest's own name.
 *
 * @throws ConfigError when the seed is too short
 */
export function deriveGuest(plan: ClusterPlan, guest: NodePlan, seed: string): DerivedMaterial {
  return deriveMaterial({ ...plan, nodes: [...plan.nodes, guest] }, seed);
}
