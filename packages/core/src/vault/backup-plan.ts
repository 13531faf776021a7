import type { BackupPlan, ClusterPlan, TargetLayout } from "../cluster/types";
import type { BackupArgs } from "./args";
import { planGuest } from "./guest";
import { lineagesOf } from "./lineage";

/** What is copied and how it is proven; undefined where the cluster has no vault. */
export function backupPlan(
  plan: Omit<ClusterPlan, "backup">,
  args: BackupArgs | undefined,
  layout: TargetLayout,
): BackupPlan | undefined {
  if (args === undefined) return undefined;
  const lineages = lineagesOf(plan, args.groups).map((lineage) => ({
    ...lineage,
    guest: planGuest(plan, lineage, layout),
  }));
  return { vault: args.vault.vaultSpec, lineages };
}
