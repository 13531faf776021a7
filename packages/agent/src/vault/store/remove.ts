import type { RecoveryPoint } from "@chainkeep/core";
import { asVaultError, VaultError } from "../vault-error";
import type { SnapshotList } from "./snapshot-list";
import { hasTag, type Listing, referenced, type Snapshot, tagOf } from "./snapshots";

/** What has no record after so long belongs to an attempt that nobody remembers. */
const ORPHAN_MS = 24 * 3600_000;

/** Deletes points. Records go first: a record without data would be a promise that nobody can keep. */
export async function removePoints(list: SnapshotList, points: readonly RecoveryPoint[], now: number): Promise<void> {
  const locked = points.find(({ lockedUntil }) => lockedUntil !== null && lockedUntil * 1000 > now);
  if (locked !== undefined) {
    const until = new Date((locked.lockedUntil ?? 0) * 1000).toISOString();
    throw new VaultError("POINT_LOCKED", `point ${locked.id} is locked until ${until}`);
  }
  if (points.length === 0) return;
  const ids = new Set(points.map((point) => point.id));
  const all = await list.with();
  const isOf = (snapshot: Snapshot) => hasTag(snapshot, "record") && ids.has(tagOf(snapshot, "point") ?? "");
  const records = all.filter(isOf);
  const stay = referenced(all.filter((snapshot) => !isOf(snapshot)));
  const data = [...referenced(records)].filter((id) => !stay.has(id) && all.some((snapshot) => snapshot.id === id));
  await list.forget(idsOf(records));
  await list.forget(data);
}

/** Deletes what an attempt has left that has no record. */
export async function forgetAttempt(list: SnapshotList, attempt: string): Promise<void> {
  const all = await list.list();
  await list.forget(idsOf(orphans(all).filter((snapshot) => tagOf(snapshot, "attempt") === attempt)));
}

/** Deletes what attempts have left that nobody remembers, and frees the room of everything that was deleted. */
export async function freeRoom(list: SnapshotList, now: number): Promise<void> {
  const old = orphans(await list.list()).filter(({ time }) => Date.parse(time) < now - ORPHAN_MS);
  await list.forget(idsOf(old));
  const prune = (...args: readonly string[]) =>
    list.restic.run({ args: ["prune", ...args], output: "text", gentle: true });
  try {
    await prune("--max-unused", "5%");
  } catch (error) {
    if (asVaultError(error).code !== "STORE_FULL") throw error;
    // Where nothing can be written, what is unused as a whole can still be deleted.
    await prune("--max-repack-size", "0");
  }
}

/** Data whose record cannot be read looks like an orphan: then all data stays. */
function orphans({ snapshots, damaged }: Listing): Snapshot[] {
  const kept = referenced(snapshots);
  const isOrphan = (snapshot: Snapshot) => damaged.length === 0 && hasTag(snapshot, "data") && !kept.has(snapshot.id);
  return snapshots.filter((snapshot) => hasTag(snapshot, "warm") || isOrphan(snapshot));
}

const idsOf = (snapshots: readonly Snapshot[]): string[] => snapshots.map(({ id }) => id);
