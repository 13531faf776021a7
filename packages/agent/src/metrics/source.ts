import type { AgentInventory } from "@chainkeep/core";
import type { FleetState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import type { DiskState } from "../probe/disks";

/** Where the figures of a scrape come from. */
export interface MetricsSource {
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
  /** Of a process by its key. */
  readonly disk: (key: string) => DiskState | undefined;
  readonly referenceHeight: () => number | undefined;
}
