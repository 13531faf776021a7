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
  const family = all.filter((p) => p.lineage === point.lineage && p.createdAt <= NOW);
  const isNewer = (p: RecoveryPoint) =>
    p.createdAt > point.createdAt || (p.createdAt === point.createdAt && p.id > point.id);
  const good = family.filter((p) => !p.verification.bad);
  if (point.verification.bad) {
    return NOW - point.verification.bad.at < 3 * DAY || (good.length === 0 && !family.some(isNewer));
  }
  const newer = good.filter(isNewer);
  const isBest = (bucket: (p: RecoveryPoint) => string, count: number) => {
    const own = bucket(point);
    const above = new Set(newer.map(bucket));
    return !above.has(own) && above.size < count;
  };
  const iso = (p: RecoveryPoint) => new Date(p.createdAt * 1000).toISOString();
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  const week = (p: RecoveryPoint) => String(Math.floor((p.createdAt / DAY + 3) / 7));
  const ranks = { exists: 0, intact: 1, opens: 2, chain: 3, progresses: 3, objectives: 3 };
  const rank = (p: RecoveryPoint) => (p.verification.level === null ? 0 : ranks[p.verification.level]);
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

  it("removes no point by the coming of one that was not proven, other than where rules count", () => {
    fc.assert(
      fc.property(year, policy, fc.integer({ min: 0, max: 365 * DAY }), (points, keep, age) => {
        const more = [...points, pointOf({ id: "more", createdAt: NOW - age })];
        const left = new Set(kept(more, keep));
        for (const { point, reasons } of retain(points, keep, NOW).keep) {
          const counted = reasons.every((r) => /^(last|hourly|daily|weekly|monthly)/.test(r) || r.includes("no other"));
          if (!counted) expect([point.id, left.has(point.id)]).toEqual([point.id, true]);
        }
      }),
    );
  });

  it("never removes a locked one, nor one for the sake of another cluster or stack", () => {
    fc.assert(
      fc.property(year, policy, (points, keep) => {
        const others = points.map((p) => ({ ...p, id: `a-${p.id}`, cluster: "other" }));
        const elsewhere = points.map((p) => ({ ...p, id: `z-${p.id}`, stack: "other" }));
        const { remove } = retain([...points, ...others, ...elsewhere], keep, NOW);
        expect(remove.filter((p) => (p.lockedUntil ?? 0) > NOW)).toEqual([]);
        const alone = ids(retain(points, keep, NOW).remove);
        expect(ids(remove)).toEqual([...alone.map((id) => `a-${id}`), ...alone, ...alone.map((id) => `z-${id}`)]);
      }),
    );
  });

  it("removes the oldest first, so that the newest are still there when it breaks off", () => {
    const points = [2, 5, 9, 7].map((age) => pointOf({ id: `p${age}`, createdAt: NOW - age * DAY }));
    expect(retain(points, NOTHING, NOW).remove.map((p) => p.id)).toEqual(["p9", "p7", "p5"]);
  });

  it("keeps two proven points also where an older agent's policy says less", () => {
    const points = [3, 2, 1].map((age) =>
      pointOf({ id: `p${age}`, createdAt: NOW - age * DAY, verification: provenTo("chain") }),
    );
    expect(kept(points, { ...NOTHING, verified: 0 })).toEqual(["p1", "p2"]);
  });

  it("keeps compared points before newer ones that were opened, and these before ones that are merely intact", () => {
    const at = (id: string, age: number, level: "intact" | "opens" | "chain") =>
      pointOf({ id, createdAt: NOW - age * DAY, verification: provenTo(level) });
    const [chain, opened, older] = [at("chain", 9, "chain"), at("opened", 5, "opens"), at("older", 6, "opens")];
    const whole = [at("i1", 3, "intact"), at("i2", 4, "intact"), at("i3", 8, "intact")];
    const none = pointOf({ id: "none", createdAt: NOW - DAY });
    expect(kept([none, ...whole, opened, older, chain], NOTHING)).toEqual(["chain", "none", "opened"]);
    expect(kept([none, ...whole, opened], NOTHING)).toEqual(["i1", "none", "opened"]);
    expect(kept([none, ...whole], NOTHING)).toEqual(["i1", "i2", "none"]);
  });

  it("counts weeks from Monday to Sunday, also over the turn of the year", () => {
    const at = (day: string) => pointOf({ id: day, createdAt: Date.parse(`${day}T12:00:00Z`) / 1000 });
    const points = ["2026-12-20", "2026-12-27", "2026-12-28", "2027-01-01", "2027-01-03", "2027-01-04"].map(at);
    const { keep } = retain(points, { ...NOTHING, weekly: 3 }, Date.parse("2027-01-05T00:00:00Z") / 1000);
    expect(keep.map((k) => k.reasons.filter((r) => r.startsWith("weekly")))).toEqual([
      ["weekly 2026-W52"],
      ["weekly 2026-W53"],
      ["weekly 2027-W01"],
    ]);
    expect(ids(keep.map((k) => k.point))).toEqual(["2026-12-27", "2027-01-03", "2027-01-04"]);
  });

  it("keeps the newest bad one for as long as there is no good one", () => {
    const bad = [1, 2].map((age) =>
      pointOf({ id: `bad${age}`, createdAt: NOW - age * DAY, verification: badAt("chain", NOW - age * DAY) }),
    );
    const later = NOW + 30 * DAY;
    expect(kept(bad, NOTHING, later)).toEqual(["bad1"]);
    expect(kept([...bad, pointOf({ id: "good", createdAt: NOW - 9 * DAY })], NOTHING, later)).toEqual(["good"]);
  });

  it("neither counts nor removes a point of the future", () => {
    const future = pointOf({ id: "future", createdAt: NOW + DAY, verification: provenTo("chain") });
    const proven = [1, 2].map((age) =>
      pointOf({ id: `p${age}`, createdAt: NOW - age, verification: provenTo("chain") }),
    );
    expect(kept([future, ...proven], NOTHING)).toEqual(["future", "p1", "p2"]);
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
