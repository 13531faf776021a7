import { newestFirst, type RecoveryPoint } from "@chainkeep/core";
import type { TornRecord, VaultWorld } from "../contracts";
import { asVaultError } from "../vault-error";

/** The cluster's points as they were last seen: a scrape or a status page does not open the store. */
export class PointList {
  private points: readonly RecoveryPoint[] = [];
  private torn: readonly TornRecord[] = [];
  private asking: Promise<void> | undefined;
  /** When the store has answered last, unix seconds; undefined before the first time since the agent began. */
  knownAt: number | undefined;
  /** Bytes that the store takes; undefined before it was asked. */
  usedBytes: number | undefined;

  constructor(private readonly world: Pick<VaultWorld, "store" | "inventory" | "now">) {}

  known(): readonly RecoveryPoint[] {
    return this.points;
  }

  /** Asks the store. Who asks while it is being asked gets the same answer. */
  async fresh(): Promise<{ readonly points: readonly RecoveryPoint[]; readonly torn: readonly TornRecord[] }> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    await this.asking;
    return { points: this.points, torn: this.torn };
  }

  private async ask(): Promise<void> {
    const { stack, cluster } = this.world.inventory();
    const { points, torn } = await this.world.store.records(cluster).catch(this.emptyBefore);
    this.points = points.filter((p) => p.stack === stack).sort(newestFirst);
    this.torn = torn;
    this.knownAt = this.world.now() / 1000;
  }

  /** A vault that nobody has used yet has no repository. One that held points before is gone, and not empty. */
  private emptyBefore = (
    error: unknown,
  ): { readonly points: readonly RecoveryPoint[]; readonly torn: readonly TornRecord[] } => {
    if (asVaultError(error).code === "STORE_MISSING" && this.points.length === 0) return { points: [], torn: [] };
    throw error;
  };

  /** After a job, which may have changed them. A store that cannot be asked leaves what was known. */
  async refresh(): Promise<void> {
    await this.fresh().catch(() => undefined);
    this.usedBytes = (await this.world.store.room().catch(() => undefined))?.usedBytes ?? this.usedBytes;
  }
}
