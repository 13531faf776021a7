import { show } from "@chainkeep/core";
import { type JobContext, nodeOf, type VaultWorld } from "../contracts";
import { VaultError } from "../vault-error";
import type { Promotions } from "./promotions";

export interface PromoteRequest {
  readonly node: string;
  readonly undo?: boolean;
}

/**
 * Lets a mirror serve users, or no longer. Its data and its process are not touched: it is a matter of the proxy alone, from the next request
 * on.
 *
 * @throws VaultError PROMOTE_NO_PROXY, PROMOTE_KIND, PROMOTE_NOT_READY
 */
export async function promote(
  { inventory, fleet, log }: Pick<VaultWorld, "inventory" | "fleet" | "log">,
  { node: name, undo = false }: PromoteRequest,
  job: JobContext,
  promotions: Promotions,
  onChange: () => Promise<void>,
): Promise<{ readonly node: string; readonly promoted: boolean; readonly group: string }> {
  const group = inventory().proxy?.defaultGroup;
  const node = nodeOf(inventory(), name);
  if (group === undefined) {
    const text =
      "no group of this cluster serves, so that there is nothing to be promoted to; add a group of full nodes";
    throw new VaultError("PROMOTE_NO_PROXY", text);
  }
  if (node?.kind !== "mirror") {
    const mirrors = inventory().nodes.flatMap((n) => (n.kind === "mirror" ? [n.name] : []));
    const text = `got ${show(name)}, which is ${node ? `a ${node.kind}` : "no node of this cluster"}; use one of ${mirrors.join(", ") || "none, there is no mirror"}`;
    throw new VaultError("PROMOTE_KIND", text);
  }
  const state = fleet().nodes.get(name);
  if (!undo && state?.ready !== true) {
    const reasons = state?.reasons.map((r) => r.text).join(", ") || "it was not asked yet";
    throw new VaultError("PROMOTE_NOT_READY", `${name} is not ready (${reasons}); users would get errors from it`);
  }
  job.step(undo ? `take ${name} out of group ${group}` : `let ${name} serve in group ${group}`);
  await promotions.set(name, !undo);
  await onChange();
  log("warn", undo ? "mirror_demoted" : "mirror_promoted", { node: name, group });
  return { node: name, promoted: !undo, group };
}
