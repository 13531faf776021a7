import type { ClientDefinition, Kind } from "../chains/types";
import type { ClusterPlan, Lineage, NodePlan } from "../cluster/types";

/** Kinds that may be copied, best first: a mirror has nothing else to do. */
export const SOURCE_KINDS: readonly Kind[] = ["mirror", "full", "archive"];

/**
 * The lineages of a cluster that have a node which may be copied. Full data does not make an archive, and no client reads another one's
 * database; light nodes keep nothing that is worth a copy.
 *
 * @param groups - Groups whose nodes may be copied; all when left out.
 */
export function lineagesOf(plan: Pick<ClusterPlan, "nodes">, groups?: readonly string[]): Lineage[] {
  const byId = new Map<string, NodePlan[]>();
  for (const node of plan.nodes) {
    if (node.kind === "light") continue;
    const id = lineageId(node);
    byId.set(id, [...(byId.get(id) ?? []), node]);
  }
  return [...byId]
    .map(([id, nodes]) => ({ id, nodes, sources: sourcesOf(nodes, groups) }))
    .filter(({ sources }) => sources.length > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Name of the lineage that a node's data belongs to. */
export function lineageId({ processes, kind }: Pick<NodePlan, "processes" | "kind">): string {
  return lineageName(
    kind,
    processes.map((p) => p.client),
  );
}

/** The same before nodes are planned. Clients in the order of the node's processes. */
export function lineageName(kind: Kind, clients: readonly Pick<ClientDefinition, "name">[]): string {
  return `${clients.map((c) => c.name).join("-")}-${kind === "archive" ? "archive" : "full"}`;
}

function sourcesOf(nodes: readonly NodePlan[], groups: readonly string[] | undefined): NodePlan[] {
  const rank = ({ kind }: NodePlan) => SOURCE_KINDS.indexOf(kind);
  return nodes
    .filter((node) => rank(node) >= 0 && (groups === undefined || groups.includes(node.group)))
    .sort((a, b) => rank(a) - rank(b) || (a.group === b.group ? a.index - b.index : a.group < b.group ? -1 : 1));
}
