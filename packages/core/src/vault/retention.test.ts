import * as fc from "fast-check";
import { LEVELS } from "./levels";
import type { RecoveryPoint } from "./point";
import { badAt, NOW, pointOf, provenTo } from "./point.fixture";
import { retain } from "./retention";
import { DEFAULT_KEEP, type Keep } from "./spec";

const DAY = 86_400;
const ids = (points: readonly { readonly id: string }[]) => points.map((p) => p.id).sort();
const kept = (points: readonly RecoveryPoint[], keep: Keep, now = NOW) =>
  ids(retain(points, keep, now).keep.map((k) => k.point));
const NOTHING: Keep = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, verified: 2 };

/** A year of points at random times, some proven, some bad, some locked. */
const year = fc
  .array(
    fc.record({
      age: fc.integer({ min: -2 * DAY, max: 365 * DAY }),
      lineage: fc.constantFrom("cometbft-full", "cometbft-archive"),
      level: fc.option(fc.constantFrom(...LEVELS), { nil: null }),
      bad: fc.boolean(),
      locked: fc.integer({ min: -5 * DAY, max: 3 * DAY }),
    }),
    { maxLength: 120 },
  )
  .map((list) =>
    list.map(({ age, lineage, level, bad, locked }, i) =>
      pointOf({
        id: `p${i}`,
        createdAt: NOW - age,
        lineage,
        verification: bad ? badAt("chain", NOW - age + 60) : level === null ? pointOf().verification : provenTo(level),
        lockedUntil: NOW + locked,
      }),
    ),
  );
const policy = fc.record({
  last: fc.integer({ min: 1, max: 5 }),
  hourly: fc.integer({ min: 0, max: 30 }),
  daily: fc.integer({ min: 0, max: 10 }),
  weekly: fc.integer({ min: 0, max: 6 }),
  monthly: fc.integer({ min: 0, max: 12 }),
  verified: fc.constant(2),
});

/** The rules again, said in another way: for each point, whether a rule wants it. */
function wanted(point: RecoveryPoint, all: readonly RecoveryPoint[], keep: Keep): boolean {
  if (point.createdAt > NOW || (point.lockedUntil ?? 0) > NOW) return true;
  if (point.verification.bad) return NOW - point.verification.bad.at < 3 * DAY;
  const good = all.filter((p) => p.lineage === point.lineage && p.createdAt <= NOW && !p.verification.bad);
  const newer = good.filter(
    (p) => p.createdAt > point.createdAt || (p.createdAt === point.createdAt && p.id > point.id),
  );
  const isBest = (bucket: (p: RecoveryPoint) => string, count: number) => {
    const own = bucket(point);
    const above = new Set(newer.map(bucket));
    return !above.has(own) && above.size < count;
  };
  const iso = (p: RecoveryPoint) => new Date(p.createdAt * 1000).toISOString();
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  const week = (p: RecoveryPoint) => String(Math.floor((p.createdAt / DAY + 3) / 7));
  const rank = (p: RecoveryPoint) =>
    ["chain", "progresses", "objectives"].includes(p.verification.level ?? "")
      ? 2
      : p.verification.level === "opens"
        ? 1
        : 0;
  const proven = good.filter((p) => rank(p) > 0);
  const better = proven.filter((p) => rank(p) > rank(point) || (rank(p) === rank(point) && newer.includes(p)));
  return (
    newer.length < keep.last ||
    isBest((p) => iso(p).slice(0, 13), keep.hourly) ||
    isBest((p) => iso(p).slice(0, 10), keep.daily) ||
    isBest(week, keep.weekly) ||
    isBest((p) => iso(p).slice(0, 7), keep.monthly) ||
    (rank(point) > 0 && better.length < keep.verified)
  );
}

describe("retain", () => {
  it("keeps exactly what the rules want, over a year of random points", () => {
    fc.assert(
      fc.property(year, policy, (points, keep) => {
        expect(kept(points, keep)).toEqual(ids(points.filter((p) => wanted(p, points, keep))));
      }),
      { numRuns: 300 },
    );
  });

  it("loses no point, and does nothing the second time", () => {
    fc.assert(
      fc.property(year, policy, (points, keep) => {
        const once = retain(points, keep, NOW);
        const left = once.keep.map((k) => k.point);
        expect(ids([...left, ...once.remove])).toEqual(ids(points));
        expect(retain(left, keep, NOW).remove).toEqual([]);
      }),
    );
  });

  it("does the same whatever the order of its input", () => {
    fc.assert(
      fc.property(year, policy, (points, keep) => {
        expect(kept(points.toReversed(), keep)).toEqual(kept(points, keep));
      }),
    );
  });

  it("simulated day by day, always leaves the two newest verified points", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 365, maxLength: 365 }), policy, (verified, keep) => {
        let points: RecoveryPoint[] = [];
        for (const [day, ok] of verified.entries()) {
          const now = NOW + day * DAY;
          const verification = ok
            ? provenTo("progresses", now)
            : day % 3 === 0
              ? badAt("intact", now)
              : pointOf().verification;
          points.push(pointOf({ id: `d${String(day).padStart(3, "0")}`, createdAt: now, verification }));
          points = retain(points, keep, now).keep.map((k) => k.point);
          const days = verified.slice(0, day + 1).flatMap((v, i) => (v ? [i] : []));
          const last = days.slice(-2).map((i) => `d${String(i).padStart(3, "0")}`);
          expect(points.map((p) => p.id)).toEqual(expect.arrayContaining(last));
        }
        const most = keep.last + keep.hourly + keep.daily + keep.weekly + keep.monthly + 2 + 4;
        expect(points.length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 10 },
    );
  });

  it("lets no bad point push a good one out, and lets it go after three days", () => {
    const good = pointOf({ id: "good", createdAt: NOW - 5 * DAY });
    const bad = pointOf({ id: "bad", createdAt: NOW - 2 * DAY, verification: badAt("chain", NOW - DAY) });
    expect(kept([good, bad], NOTHING)).toEqual(["bad", "good"]);
    expect(kept([good, bad], NOTHING, NOW + 3 * DAY)).toEqual(["good"]);
  });

  it("says why each point stays", () => {
    const { keep } = retain([pointOf({ createdAt: NOW - 60, verification: provenTo("chain") })], DEFAULT_KEEP, NOW);
    expect(keep[0]?.reasons).toEqual(["last", "daily 2026-11-25", "weekly 2026-W48", "monthly 2026-11", "verified"]);
  });
});
