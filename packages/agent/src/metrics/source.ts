import type { AgentInventory } from "@chainkeep/core";
import type { FleetState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import type { DiskState } from "../probe/disks";
import type { VaultService } from "../vault/service/vault-service";

/** Where the figures of a scrape come from. */
export interface MetricsSource {
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
  /** Of a process by its key. */
  readonly disk: (key: string) => DiskState | undefined;
  readonly referenceHeight: () => number | undefined;
  /** What works with the vault; nothing where the cluster has none. */
  readonly vault?: () => VaultService | undefined;
}
