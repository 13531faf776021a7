import { isProvenTo } from "./levels";
import type { RecoveryPoint } from "./point";
import { newestFirst } from "./select";
import { type Keep, VERIFIED_KEPT } from "./spec";

const DAY = 86_400;
/** A bad point stays so long that somebody can look at it. */
const BAD_KEPT_SECONDS = 3 * DAY;

export interface Kept {
  readonly point: RecoveryPoint;
  /** Rules that want it, e.g. "daily 2026-11-25". */
  readonly reasons: readonly string[];
}

export interface Retention {
  readonly keep: readonly Kept[];
  /** Oldest first: should a deletion break off, the newest are still there. */
  readonly remove: readonly RecoveryPoint[];
}

/**
 * Which points stay. Rules add up, and each looks at the points of one cluster and lineage alone:
 * - the newest `last`, and the newest one of each of the newest so many hours, days, ISO weeks and months that have one, in UTC;
 * - the newest `verified` points that were proven, whatever the rest says and never fewer than two, so that there is always a proven way back.
 *   Those whose chain was compared with other nodes (`chain` or above) count first; where there are fewer, ones that were opened make up for
 *   them, and after those ones that are merely intact, for there are places where nothing can be opened;
 * - locked points, until their time is over, and points of the future, because a clock was wrong.
 *
 * A point that failed its proof counts for no rule, so that it pushes no good one out. All of them stay for three days: what called them bad
 * may itself have been wrong. Where no good point is left, the newest bad one stays for longer, because it is better than nothing.
 */
export function retain(points: readonly RecoveryPoint[], keep: Keep, now: number): Retention {
  const reasons = new Map<RecoveryPoint, string[]>();
  const want = (point: RecoveryPoint, reason: string) => reasons.set(point, [...(reasons.get(point) ?? []), reason]);
  for (const family of familiesOf(points)) {
    const sorted = [...family].sort(newestFirst);
    const present = sorted.filter((p) => p.createdAt <= now);
    for (const p of sorted) if (p.createdAt > now) want(p, "in the future");
    for (const p of sorted) if (p.lockedUntil !== null && p.lockedUntil > now) want(p, "locked");
    const good = present.filter((p) => p.verification.bad === null);
    for (const p of good.slice(0, keep.last)) want(p, "last");
    for (const [rule, count, bucketOf] of BUCKETS) byBucket(good, rule, keep[count], bucketOf, want);
    for (const p of verifiedOf(good, Math.max(VERIFIED_KEPT, keep.verified))) want(p, "verified");
    for (const p of present) {
      const { bad } = p.verification;
      if (bad && now - bad.at < BAD_KEPT_SECONDS) want(p, "bad, to be looked at");
    }
    if (good.length === 0 && present[0]) want(present[0], "bad, and there is no other");
  }
  const kept = points.flatMap((point) => {
    const why = reasons.get(point);
    return why ? [{ point, reasons: why }] : [];
  });
  const remove = points.filter((p) => !reasons.has(p)).sort((a, b) => newestFirst(b, a));
  return { keep: kept, remove };
}

function familiesOf(points: readonly RecoveryPoint[]): RecoveryPoint[][] {
  const families = new Map<string, RecoveryPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([point.stack, point.cluster, point.lineage]);
    families.set(key, [...(families.get(key) ?? []), point]);
  }
  return [...families.values()];
}

type Bucket = (time: Date) => string;
const BUCKETS: readonly (readonly [string, "hourly" | "daily" | "weekly" | "monthly", Bucket])[] = [
  ["hourly", "hourly", (t) => t.toISOString().slice(0, 13)],
  ["daily", "daily", (t) => t.toISOString().slice(0, 10)],
  ["weekly", "weekly", isoWeek],
  ["monthly", "monthly", (t) => t.toISOString().slice(0, 7)],
];

function byBucket(
  sorted: readonly RecoveryPoint[],
  rule: string,
  count: number,
  bucketOf: Bucket,
  want: (point: RecoveryPoint, reason: string) => void,
): void {
  const seen = new Set<string>();
  for (const point of sorted) {
    if (seen.size >= count) return;
    const bucket = bucketOf(new Date(point.createdAt * 1000));
    if (seen.has(bucket)) continue;
    seen.add(bucket);
    want(point, `${rule} ${bucket}`);
  }
}

/** The week that holds the Thursday: "2026-W01". */
function isoWeek(time: Date): string {
  const thursday = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7);
  return `${year}-W${String(week).padStart(2, "0")}`;
}

function verifiedOf(sorted: readonly RecoveryPoint[], count: number): RecoveryPoint[] {
  const found = new Set<RecoveryPoint>();
  for (const level of ["chain", "opens", "intact"] as const) {
    for (const point of sorted) if (found.size < count && isProvenTo(point.verification.level, level)) found.add(point);
  }
  return [...found];
}
