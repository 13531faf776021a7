import type { ClusterArgs, NodeGroupArgs } from "../cluster/args";
import { planCluster } from "../cluster/plan";
import type { ClusterPlan, LineagePlan, TargetLayout } from "../cluster/types";
import { hostLayout, podLayout } from "../testing/toy-protocol.fixture";
import type { BackupArgs } from "./args";
import type { VaultPlace } from "./inventory-of";
import { vaultSpecOf } from "./vault-spec";

export const vaultSpec = vaultSpecOf("vault", {}, { destination: { repository: "/state/vaults/vault" } });
const guestHome = (cluster: string, guest: string, layer: string | undefined) =>
  `/state/${cluster}/vault/guests/${guest}/${layer ?? "shared"}`;

/** A machine with all nodes on it, and with a place for guests. */
export const proofLayout: TargetLayout = { ...hostLayout, guest: { home: guestHome, from: 27_000 } };
/** Pods: every node, also a guest, has a host of its own. */
export const podProofLayout: TargetLayout = { ...podLayout, guest: { home: guestHome } };

export type Groups = Readonly<Record<string, NodeGroupArgs>>;

/** Plan of a cluster with a vault. */
export function vaultedPlan(
  chain: ClusterArgs["chain"],
  nodes: Groups,
  layout = proofLayout,
  backup: Omit<BackupArgs, "vault"> = {},
): ClusterPlan {
  const args = {
    chain,
    nodes,
    monitoring: { receivers: "none" as const },
    backup: { vault: { vaultSpec }, ...backup },
  };
  return planCluster("demo", args, layout);
}

export function lineageOf({ backup }: ClusterPlan, id: string): LineagePlan {
  const found = backup?.lineages.find((l) => l.id === id);
  if (!found) throw new Error(`no lineage ${id} in ${backup?.lineages.map((l) => l.id).join(", ")}`);
  return found;
}

export const place: VaultPlace = {
  restic: "/bin/restic",
  passwordFile: "/state/password",
  directory: "/state/demo/vault",
  control: ({ name }) => ({
    stop: ["control", "stop", name],
    start: ["control", "start", name],
    state: ["control", "state", name],
  }),
  guestDirectory: (guest) => `/state/demo/vault/guests/${guest}`,
  guestStart: (process, mode) => ({
    command: [process.client.release.program.binary, ...process.args],
    env: process.env,
    prepare: [],
    files: `/state/demo/vault/templates/${process.name}/${mode}`,
  }),
};
