import { newestFirst, type RecoveryPoint } from "@chainkeep/core";
import type { TornRecord, VaultWorld } from "../contracts";

/** The cluster's points as they were last seen: a scrape or a status page does not open the store. */
export class PointList {
  private points: readonly RecoveryPoint[] = [];
  private torn: readonly TornRecord[] = [];
  /** Bytes that the store takes; undefined before it was asked. */
  usedBytes: number | undefined;

  constructor(private readonly world: Pick<VaultWorld, "store" | "inventory">) {}

  known(): readonly RecoveryPoint[] {
    return this.points;
  }

  /** Asks the store. */
  async fresh(): Promise<{ readonly points: readonly RecoveryPoint[]; readonly torn: readonly TornRecord[] }> {
    const { stack, cluster } = this.world.inventory();
    const { points, torn } = await this.world.store.records(cluster);
    this.points = points.filter((p) => p.stack === stack).sort(newestFirst);
    this.torn = torn;
    return { points: this.points, torn: this.torn };
  }

  /** After a job, which may have changed them. A store that cannot be asked leaves what was known. */
  async refresh(): Promise<void> {
    await this.fresh().catch(() => undefined);
    this.usedBytes = (await this.world.store.room().catch(() => undefined))?.usedBytes ?? this.usedBytes;
  }
}
