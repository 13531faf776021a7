import { type Evidence, isProvenTo, type Level, type RecoveryPoint, type Verification } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { pruneEvidence, writeEvidence } from "./evidence";

/**
 * What a point's record says after a proof. A failure is held against it for good; a proof that was not decided takes nothing away that
 * was proven before.
 *
 * @param reached - Level that holds; that of the evidence, or a higher one that a drill has measured.
 */
export function verificationAfter(
  before: Verification,
  evidence: Evidence,
  reached: Level | null = evidence.reached,
): Verification {
  const { failure, endedAt: at, id } = evidence;
  if (failure) return { level: reached, at, evidence: id, bad: before.bad ?? { ...failure, at } };
  if (reached === null || (before.level !== null && !isProvenTo(reached, before.level))) return before;
  return { ...before, level: reached, at, evidence: id };
}

/**
 * Keeps the evidence, and writes what it says into the point's record: in the store that was proven, and where that is the vault itself,
 * as well as possible in the copies. Only a point's own fault in a copy is held against the copy alone.
 *
 * @returns the point as it is now; undefined when it was deleted meanwhile
 */
export async function markPoint(
  world: VaultWorld,
  cluster: string,
  evidence: Evidence,
  reached?: Level | null,
): Promise<RecoveryPoint | undefined> {
  const { directory } = world.vault();
  await writeEvidence(directory, evidence);
  const marked = await markIn(world, evidence.from, cluster, evidence, reached);
  if (evidence.from !== "vault") return marked;
  for (const name of Object.keys(world.vault().copies)) {
    if (!marked?.copies.some(({ destination }) => destination === name)) continue;
    await markIn(world, name, cluster, evidence, reached).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      world.log("warn", "copy_not_marked", { point: evidence.point, copy: name, error: text });
    });
  }
  await tidy(world, cluster);
  return marked;
}

async function markIn(
  world: VaultWorld,
  from: string,
  cluster: string,
  evidence: Evidence,
  reached: Level | null | undefined,
): Promise<RecoveryPoint | undefined> {
  const store = from === "vault" ? world.store : world.copy(from);
  // Read again: others may have written to it while the proof went on.
  const { points } = await store.records(cluster);
  const point = points.find(({ id }) => id === evidence.point);
  if (!point) return undefined;
  const verification = verificationAfter(point.verification, evidence, reached);
  if (verification === point.verification) return point;
  const changed = { ...point, verification };
  await store.putRecord(changed);
  return changed;
}

/** Evidence of points that are gone. Trouble with it is none of the proof's. */
async function tidy(world: VaultWorld, cluster: string): Promise<void> {
  try {
    const { points } = await world.store.records(cluster);
    await pruneEvidence(world.vault().directory, points, world.now());
  } catch (error) {
    world.log("warn", "evidence_not_pruned", { error: error instanceof Error ? error.message : String(error) });
  }
}
