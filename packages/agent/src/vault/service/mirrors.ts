import type { InventoryNode, StatusVault } from "@chainkeep/core";
import type { FleetState } from "../../fleet/judge";

/** So much of the past is remembered; a mirror further behind has a lag of at least that. */
const REMEMBERED = 4096;

/**
 * How far the live copies are behind. In seconds it is the time since the network passed the height that a mirror has: what would be lost if
 * everything else were gone now; also of a mirror that is down, which has what it had. It is seen by this agent, so it begins anew with it.
 */
export class Mirrors {
  /** Heights of the network with the time at which each was first seen, rising. */
  private seen: { readonly height: number; readonly at: number }[] = [];

  /** Height that each mirror has told last. */
  private readonly own = new Map<string, number>();

  observe({ height, at, nodes }: FleetState): void {
    for (const { node, first } of nodes.values()) {
      if (node.kind === "mirror" && first.head) this.own.set(node.name, first.head.height);
    }
    const last = this.seen.at(-1);
    if (height === undefined || (last && height <= last.height)) return;
    this.seen.push({ height, at });
    if (this.seen.length > 2 * REMEMBERED) this.seen = this.seen.slice(-REMEMBERED);
  }

  lags(fleet: FleetState, nodes: readonly InventoryNode[], promoted: ReadonlySet<string>): StatusVault["mirrors"] {
    return nodes
      .filter(({ kind }) => kind === "mirror")
      .map(({ name }) => {
        const head = fleet.nodes.get(name)?.first.head?.height;
        const own = head ?? this.own.get(name);
        return {
          node: name,
          lagBlocks: head === undefined || fleet.height === undefined ? null : Math.max(0, fleet.height - head),
          lagSeconds: own === undefined || fleet.height === undefined ? null : this.secondsBehind(own, fleet.at),
          promoted: promoted.has(name),
        };
      });
  }

  /** Seconds since the first height above `own` was seen; 0 when there is none. */
  private secondsBehind(own: number, now: number): number {
    const passed = this.seen.find(({ height }) => height > own);
    return passed === undefined ? 0 : Math.round(Math.max(0, now - passed.at) / 100) / 10;
  }
}
