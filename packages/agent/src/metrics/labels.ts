import type { AgentInventory, InventoryNode } from "@chainkeep/core";

export const NODE_LABELS = ["network", "node", "client", "role", "stack"] as const;
export type NodeLabels = Record<(typeof NODE_LABELS)[number], string>;

/** Labels of a process's series; those of a node as a whole carry its first client. */
export function nodeLabels(
  { network, stack }: AgentInventory,
  node: InventoryNode,
  client = node.processes[0]?.client ?? "",
): NodeLabels {
  return { network, node: node.name, client, role: node.kind, stack };
}
