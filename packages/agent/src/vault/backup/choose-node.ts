import { type CandidateNode, type InventoryLineage, pickCandidate, type Trigger } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { VaultError } from "../vault-error";

/**
 * The node that is stopped for a point.
 *
 * @throws VaultError with the reason for every node that was passed over
 */
export function chooseNode(
  { fleet, vault, inventory }: Pick<VaultWorld, "fleet" | "vault" | "inventory">,
  lineage: InventoryLineage,
  wished: string | undefined,
  trigger: Trigger,
): string {
  const state = fleet();
  const nodes = inventory().nodes.map((node): CandidateNode => {
    const { ready = false, alive = false, reasons = [] } = state.nodes.get(node.name) ?? {};
    return { name: node.name, group: node.group, kind: node.kind, serves: node.servesRpc, ready, alive, reasons };
  });
  const picked = pickCandidate({
    sources: lineage.sources,
    nodes,
    minReady: vault().policy.minReady,
    halted: state.halted,
    manual: trigger === "manual" || trigger === "upgrade",
    ...(wished === undefined ? {} : { wished }),
  });
  if ("node" in picked) return picked.node;
  const { code, text, perNode } = picked.skip;
  const problems = perNode.map((p) => ({ path: p.node, message: p.text, code: p.code }));
  throw new VaultError(code, `no node of ${lineage.id} can be stopped now: ${text}`, problems);
}
