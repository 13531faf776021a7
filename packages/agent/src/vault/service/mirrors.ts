import type { InventoryNode, StatusVault } from "@chainkeep/core";
import type { FleetState } from "../../fleet/judge";

/** So much of the past is remembered; a mirror further behind has a lag of at least that. */
const REMEMBERED = 4096;

/**
 * How far the live copies are behind. In seconds it is the time since the network passed the height that a mirror has: what would be lost if
 * everything else were gone now. It is seen by this agent, so it begins anew with it.
 */
export class Mirrors {
  /** Heights of the network with the time at which each was first seen, rising. */
  private seen: { readonly height: number; readonly at: number }[] = [];

  observe(fleet: FleetState): void {
    const { height, at } = fleet;
    const last = this.seen.at(-1);
    if (height === undefined || (last && height <= last.height)) return;
    this.seen.push({ height, at });
    if (this.seen.length > 2 * REMEMBERED) this.seen = this.seen.slice(-REMEMBERED);
  }

  lags(fleet: FleetState, nodes: readonly InventoryNode[], promoted: ReadonlySet<string>): StatusVault["mirrors"] {
    return nodes
      .filter(({ kind }) => kind === "mirror")
      .map(({ name }) => {
        const own = fleet.nodes.get(name)?.first.head?.height;
        const known = own !== undefined && fleet.height !== undefined;
        return {
          node: name,
          lagBlocks: known ? Math.max(0, fleet.height - own) : null,
          lagSeconds: known ? this.secondsBehind(own, fleet.at) : null,
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
