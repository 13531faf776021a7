import type { AgentInventory } from "@chainkeep/core";
import { rpcUrlOf } from "../fleet/fleet";
import type { FleetState, NodeState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";

/** Where a request goes: a group, and the path as its nodes know it. */
export interface Destination {
  readonly group: string;
  readonly path: string;
}

/** The default group answers on `/`, every group on `/group/<name>/`. Undefined: there is no such group. */
export function destinationOf(url: string, inventory: AgentInventory): Destination | { readonly unknown: string } {
  const match = /^\/group\/([^/?#]*)(.*)$/s.exec(url);
  if (!match) return { group: inventory.proxy?.defaultGroup ?? "", path: url };
  const [, group = "", rest = ""] = match;
  if (!groupsOf(inventory).includes(group)) return { unknown: group };
  return { group, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Groups that serve requests of users. */
export function groupsOf({ nodes }: AgentInventory): string[] {
  return [...new Set(nodes.filter((n) => n.servesRpc && rpcUrlOf(n) !== undefined).map((n) => n.group))];
}

/** Nodes of a group that serve, in or out of rotation. */
export function membersOf(group: string, fleet: FleetState): NodeState[] {
  return [...fleet.nodes.values()].filter(
    ({ node }) => node.group === group && node.servesRpc && rpcUrlOf(node) !== undefined,
  );
}

/** Picks nodes: the least behind first, and in turn among equals. */
export class Chooser {
  private readonly turns = new Map<string, number>();

  constructor(private readonly rotation: Rotation) {}

  /** Nodes in the order in which a request should try them. */
  order(group: string, fleet: FleetState): NodeState[] {
    const ready = membersOf(group, fleet).filter((state) => this.rotation.isIn(state));
    if (ready.length < 2) return ready;
    const turn = ((this.turns.get(group) ?? -1) + 1) % Number.MAX_SAFE_INTEGER;
    this.turns.set(group, turn);
    const lag = (state: NodeState) => state.first.verdict.lagBlocks ?? Number.MAX_SAFE_INTEGER;
    const byLag = new Map<number, NodeState[]>();
    for (const state of ready) byLag.set(lag(state), [...(byLag.get(lag(state)) ?? []), state]);
    const sorted = [...byLag].sort(([a], [b]) => a - b);
    return sorted.flatMap(([, equals]) => equals.map((_, i) => equals[(i + turn) % equals.length] as NodeState));
  }
}
