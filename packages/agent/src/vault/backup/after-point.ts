import { type RecoveryPoint, retain } from "@chainkeep/core";
import type { JobContext, PointStore, VaultWorld } from "../contracts";
import { asVaultError } from "../vault-error";

export interface Aftermath {
  readonly transferErrors: number;
  /** Ids of points that were deleted. */
  readonly removed: readonly string[];
}

/**
 * What follows a new point: copies to further places, also of earlier points that lack one, and then retention, in the vault and in each copy.
 * A place that cannot be reached is counted and told, and takes nothing away from the rest.
 */
export async function afterPoint(
  world: VaultWorld,
  _point: RecoveryPoint | undefined,
  job: JobContext,
): Promise<Aftermath> {
  let transferErrors = 0;
  for (const name of Object.keys(world.vault().copies)) {
    try {
      await copyAll(world, name, job);
    } catch (error) {
      transferErrors += 1;
      const { code, message } = asVaultError(error);
      world.log("error", "copy_failed", { copy: name, code, error: message });
    }
  }
  job.step("delete what no rule keeps");
  const removed = await tidy(world, world.store);
  return { transferErrors, removed };
}

async function pointsOf(world: VaultWorld, store: PointStore): Promise<readonly RecoveryPoint[]> {
  const { stack, cluster } = world.inventory();
  return (await store.records(cluster)).points.filter((p) => p.stack === stack);
}

async function copyAll(world: VaultWorld, name: string, job: JobContext): Promise<void> {
  const other = world.copy(name);
  const missing = (await pointsOf(world, world.store)).filter(
    (p) => p.verification.bad === null && !p.copies.some((c) => c.destination === name),
  );
  if (missing.length > 0) await other.ensure();
  for (const point of missing) {
    job.signal.throwIfAborted();
    job.step(`copy ${point.id} to ${name}`);
    const snapshot = await world.store.copyTo(other, point, (progress) => job.progress(progress), job.signal);
    const copy = { destination: name, at: Math.floor(world.now() / 1000), snapshot };
    await world.store.putRecord({ ...point, copies: [...point.copies, copy] });
  }
  if (missing.length > 0) await tidy(world, other);
}

async function tidy(world: VaultWorld, store: PointStore): Promise<string[]> {
  const { remove } = retain(await pointsOf(world, store), world.vault().policy.keep, world.now() / 1000);
  if (remove.length === 0) return [];
  await store.remove(remove, true);
  const ids = remove.map((p) => p.id);
  world.log("info", "points_removed", { points: ids });
  return ids;
}
