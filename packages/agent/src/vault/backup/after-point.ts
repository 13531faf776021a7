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
export async function afterPoint(world: VaultWorld, job: JobContext): Promise<Aftermath> {
  let transferErrors = 0;
  for (const name of Object.keys(world.vault().copies)) transferErrors += await copyAll(world, name, job);
  job.step("delete what no rule keeps");
  const removed = await tidied(world, world.store, "vault");
  return { transferErrors, removed };
}

async function pointsOf(world: VaultWorld, store: PointStore): Promise<readonly RecoveryPoint[]> {
  const { stack, cluster } = world.inventory();
  return (await store.records(cluster)).points.filter((p) => p.stack === stack);
}

/** Copies every point that a place lacks. One that cannot be copied keeps no other from being copied. */
async function copyAll(world: VaultWorld, name: string, job: JobContext): Promise<number> {
  let errors = 0;
  const failed = (error: unknown, point?: string) => {
    if (job.signal.aborted) return;
    errors += 1;
    const { code, message } = asVaultError(error);
    world.log("error", "copy_failed", { copy: name, ...(point ? { point } : {}), code, error: message });
  };
  try {
    const other = world.copy(name);
    const missing = (await pointsOf(world, world.store)).filter(
      (p) => p.verification.bad === null && !p.copies.some((c) => c.destination === name),
    );
    if (missing.length > 0) await other.ensure();
    for (const point of missing) {
      if (job.signal.aborted) break;
      job.step(`copy ${point.id} to ${name}`);
      await copyOne(world, name, other, point, job).catch((error: unknown) => failed(error, point.id));
    }
    await tidied(world, other, name);
  } catch (error) {
    failed(error);
  }
  return errors;
}

async function copyOne(world: VaultWorld, name: string, other: PointStore, point: RecoveryPoint, job: JobContext) {
  const snapshot = await world.store.copyTo(other, point, (progress) => job.progress(progress), job.signal);
  const copy = { destination: name, at: Math.floor(world.now() / 1000), snapshot };
  await world.store.putRecord({ ...point, copies: [...point.copies, copy] });
}

/** Retention that does not work now works next time. */
async function tidied(world: VaultWorld, store: PointStore, place: string): Promise<string[]> {
  return tidy(world, store).catch((error: unknown) => {
    const { code, message } = asVaultError(error);
    world.log("error", "retention_failed", { place, code, error: message });
    return [];
  });
}

async function tidy(world: VaultWorld, store: PointStore): Promise<string[]> {
  const { remove } = retain(await pointsOf(world, store), world.vault().policy.keep, world.now() / 1000);
  if (remove.length === 0) return [];
  await store.remove(remove, true);
  const ids = remove.map((p) => p.id);
  world.log("info", "points_removed", { points: ids });
  return ids;
}
