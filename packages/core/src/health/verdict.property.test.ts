import fc from "fast-check";
import type { Head, Observation } from "./types";
import { failing, judged, LIMITS, NOW, NOW_S, witness } from "./verdict.fixture";
import type { Witness } from "./witness";

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const height = fc.oneof(fc.nat(50), fc.integer({ min: 990, max: 1010 }), fc.nat(Number.MAX_SAFE_INTEGER));
const head: fc.Arbitrary<Head> = fc.record({
  height,
  timestamp: maybe(fc.oneof(fc.integer({ min: NOW_S - 200, max: NOW_S + 100 }), fc.nat(NOW_S * 3))),
  peers: maybe(fc.nat(3)),
  syncing: maybe(fc.boolean()),
  target: maybe(height),
  chainId: maybe(fc.constantFrom("7", "8")),
  faults: fc.array(fc.constant({ code: "FAULT", text: "a fault" }), { maxLength: 1 }),
});
const observation: fc.Arbitrary<Observation> = fc
  .tuple(fc.integer({ min: NOW - 100_000, max: NOW }), maybe(head))
  .map(([at, seen]) => ({ at, durationMs: 3, ...(seen ? { head: seen } : { error: { kind: "timeout", text: "x" } }) }));
const anyWitness: fc.Arbitrary<Witness> = fc.record({
  name: fc.constant(""),
  follower: fc.boolean(),
  countsPeers: fc.boolean(),
  observation: maybe(observation),
  lastAnswerAt: maybe(fc.integer({ min: NOW - 300_000, max: NOW })),
  lastRiseAt: maybe(fc.integer({ min: NOW - 9_000_000, max: NOW })),
  watchedSince: fc.integer({ min: NOW - 300_000, max: NOW }),
});
const fleet = fc.array(anyWitness, { maxLength: 7 }).map((list) => list.map((w, i) => ({ ...w, name: `n${i}` })));
const view = fc.record({
  networkRiseAt: maybe(fc.integer({ min: NOW - 9_000_000, max: NOW })),
  blockTimeSeconds: maybe(fc.constantFrom(1, 12)),
  previous: maybe(fc.record({ height, timestamp: maybe(fc.integer({ min: NOW_S - 500, max: NOW_S })) })),
});

/** Nodes that agree as honest ones do: within the lag limit, with heads of the last seconds. */
const honest = fc
  .array(fc.tuple(fc.integer({ min: 997, max: 1000 }), fc.integer({ min: 0, max: 30 })), { minLength: 2, maxLength: 5 })
  .map((list) => list.map(([h, age], i) => witness(`honest${i}`, { height: h, timestamp: NOW_S - age })));

describe("whatever nodes report", () => {
  it("ready means alive and no reasons, and everything else has a reason", () => {
    fc.assert(
      fc.property(fleet, view, (witnesses, look) => {
        for (const verdict of judged(witnesses, {}, look).nodes.values()) {
          expect(verdict.ready).toBe(verdict.reasons.length === 0);
          if (verdict.ready) expect(verdict.alive).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("ready means: a fresh answer, the right chain, a head that is known to be young or a halted network", () => {
    fc.assert(
      fc.property(fleet, view, (witnesses, look) => {
        const result = judged(witnesses, {}, look);
        for (const w of witnesses.filter(({ name }) => result.nodes.get(name)?.ready)) {
          const seen = w.observation?.head;
          expect(NOW - (w.observation?.at ?? 0)).toBeLessThanOrEqual(LIMITS.staleSeconds * 1000);
          expect(seen?.chainId).toBe(LIMITS.chainId);
          expect(seen?.faults).toEqual([]);
          expect(seen?.syncing).not.toBe(true);
          expect(NOW_S - (seen?.timestamp ?? Number.NaN) <= LIMITS.maxHeadAgeSeconds || result.halted).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("closed on doubt: a node that tells less is never served the more for it", () => {
    const keys = ["timestamp", "peers", "chainId"] as const;
    fc.assert(
      fc.property(honest, head, fc.constantFrom(...keys), (others, seen, key) => {
        const ready = (h: Head) => judged([...others, witness("x", h)]).nodes.get("x")?.ready;
        if (!ready(seen)) expect(ready({ ...seen, [key]: undefined })).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("the order of nodes does not matter", () => {
    fc.assert(
      fc.property(fleet, view, (witnesses, look) => {
        const sorted = (list: readonly Witness[]) => {
          const { nodes, ...rest } = judged(list, {}, look);
          return { ...rest, nodes: [...nodes].sort(([a], [b]) => a.localeCompare(b)) };
        };
        expect(sorted([...witnesses].reverse())).toEqual(sorted(witnesses));
      }),
      { numRuns: 300 },
    );
  });

  it("failing nodes and followers change nobody else's verdict", () => {
    const outsider = fc.oneof(
      fc.constantFrom("timeout" as const, "garbage" as const, "oversize" as const).map((k) => failing("x", k, "y")),
      anyWitness.map((w) => ({ ...w, name: "x", follower: true })),
    );
    fc.assert(
      fc.property(fleet, view, outsider, (witnesses, look, extra) => {
        const { nodes, ...before } = judged(witnesses, {}, look);
        const { nodes: with_, ...after } = judged([...witnesses, extra], {}, look);
        expect(after).toEqual(before);
        for (const [name, verdict] of nodes) expect(with_.get(name)).toEqual(verdict);
      }),
      { numRuns: 300 },
    );
  });

  it("one node cannot take down honest siblings, whatever height, time and state it claims", () => {
    const lie: fc.Arbitrary<Partial<Head>> = fc.record({
      height: fc.oneof(fc.nat(900), fc.integer({ min: 1_000_000, max: Number.MAX_SAFE_INTEGER })),
      timestamp: maybe(fc.oneof(fc.integer({ min: NOW_S - 1000, max: NOW_S + 9999 }), fc.nat(NOW_S * 5))),
      syncing: maybe(fc.boolean()),
      target: maybe(fc.nat()),
      peers: maybe(fc.nat()),
    });
    fc.assert(
      fc.property(honest, lie, view, (others, claim, look) => {
        const result = judged(
          [...others, witness("liar", claim)],
          {},
          { ...look, previous: undefined, networkRiseAt: NOW },
        );
        const best = Math.max(...others.map((w) => w.observation?.head?.height ?? 0));
        if (look.blockTimeSeconds === undefined) return;
        expect(result.height).toBe(best);
        for (const w of others) expect(result.nodes.get(w.name)).toMatchObject({ ready: true, alive: true });
        expect(result.nodes.get("liar")?.ready).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("a halt needs two nodes of the network's own and a stand of half the head-age limit", () => {
    fc.assert(
      fc.property(fleet, view, (witnesses, look) => {
        if (!judged(witnesses, {}, look).halted) return;
        const voters = witnesses.filter((w) => !w.follower && w.observation?.head?.chainId === LIMITS.chainId);
        expect(voters.length).toBeGreaterThanOrEqual(2);
        expect(NOW - (look.networkRiseAt ?? NOW)).toBeGreaterThan((LIMITS.maxHeadAgeSeconds / 2) * 1000);
      }),
      { numRuns: 500 },
    );
  });

  it("nobody stays ready on old answers", () => {
    fc.assert(
      fc.property(fleet, view, (witnesses, look) => {
        const later = NOW + LIMITS.staleSeconds * 1000 + 1;
        const result = judged(witnesses, {}, { ...look, now: later });
        for (const verdict of result.nodes.values()) expect(verdict.ready).toBe(false);
        expect(result.halted).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
