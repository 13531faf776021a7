import { type Evidence, isProvenTo, type Level, type RecoveryPoint } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";
import { VaultError } from "../vault-error";
import { markPoint } from "./mark-point";
import { type ProofOptions, provePoint } from "./prove-point";

export interface VerifyRequest {
  /** Id; the newest point that is not proven to the level when left out. */
  readonly point?: string;
  /** That of the vault's policy when left out. */
  readonly level?: Level;
}

export interface VerifyResult {
  readonly evidence: Evidence;
  /** As its record says now. */
  readonly point: RecoveryPoint;
}

/**
 * Proves a point and writes down how far it holds.
 *
 * @returns null when every point is proven already
 * @throws VaultError POINT_UNKNOWN, and the store's
 */
export async function verifyPoint(
  world: VaultWorld,
  { point: id, level = world.vault().policy.verify?.level ?? "chain" }: VerifyRequest,
  job: JobContext,
  options: ProofOptions = {},
): Promise<VerifyResult | null> {
  const { cluster } = world.inventory();
  const { points } = await world.store.records(cluster);
  const point = id === undefined ? nextToProve(points, level) : points.find((p) => p.id === id);
  if (!point && id !== undefined) throw new VaultError("POINT_UNKNOWN", `no point called ${id} in the vault`);
  if (!point) return null;
  const evidence = await provePoint(world, { point, level }, job, options);
  const marked = await markPoint(world, cluster, evidence);
  const { reached, failure, inconclusive } = evidence;
  const why = failure ?? inconclusive;
  world.log(failure ? "error" : inconclusive ? "warn" : "info", "point_verified", {
    point: point.id,
    proven: reached,
    ...(why ? { code: why.code, reason: why.text } : {}),
  });
  return { evidence, point: marked ?? point };
}

/** The newest one that is not bad and not proven so far. */
export function nextToProve(points: readonly RecoveryPoint[], level: Level): RecoveryPoint | undefined {
  return points
    .filter(({ verification: v }) => v.bad === null && !isProvenTo(v.level, level))
    .sort((a, b) => b.createdAt - a.createdAt)[0];
}
