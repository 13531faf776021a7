import type { Head, HealthLimits } from "./types";
import { codes, failing, judged, NOW, NOW_S, verdictOf, witness } from "./verdict.fixture";

const twin = witness("twin");

describe("one node among healthy siblings", () => {
  it("is ready and alive without reasons when all is well", () => {
    expect(verdictOf(judged([witness("a"), twin]), "a")).toEqual({
      alive: true,
      ready: true,
      reasons: [],
      lagBlocks: 0,
      headAgeSeconds: 3,
    });
  });

  it.each<[string, Partial<Head>, string]>([
    ["catches up by its own word", { syncing: true }, "SYNCING says that it is catching up"],
    ["aims for a height far above", { target: 1004 }, "SYNCING is 4 blocks below the height it aims for"],
    ["is behind its siblings", { height: 996 }, "BEHIND 4 blocks behind its siblings, limit 3"],
    ["has an old head", { timestamp: NOW_S - 61 }, "HEAD_OLD head is 61 s old, limit 60 s"],
    [
      "has a head of the future",
      { timestamp: NOW_S + 61 },
      "HEAD_IN_FUTURE head is 61 s in the future: check the clocks",
    ],
    ["does not tell the time", { timestamp: undefined }, "HEAD_TIME_UNKNOWN does not tell the time of its head"],
    ["has no peers", { peers: 0 }, "NO_PEERS has 0 peers, needs 1"],
    ["does not tell its peers", { peers: undefined }, "PEERS_UNKNOWN does not tell how many peers it has"],
    ["is on another chain", { chainId: "8" }, 'WRONG_CHAIN is on chain "8", expected "7"'],
    ["does not tell its chain", { chainId: undefined }, 'WRONG_CHAIN does not tell its chain, expected "7"'],
    ["reports a fault", { faults: [{ code: "EL_OFFLINE", text: "engine gone" }] }, "EL_OFFLINE engine gone"],
  ])("is not ready when it %s", (_, head, expected) => {
    const fleet = judged([witness("a", head), twin, witness("third")]);
    const { ready, alive, reasons } = verdictOf(fleet, "a");
    expect({ ready, alive }).toEqual({ ready: false, alive: true });
    expect(reasons.map((r) => `${r.code} ${r.text}`)).toEqual([expected]);
    expect(verdictOf(fleet, "twin").ready).toBe(true);
  });

  it.each<[string, Partial<Head>, Partial<HealthLimits>]>([
    ["a lag at the limit", { height: 997 }, {}],
    ["a target at the limit", { target: 1003 }, {}],
    ["a head age at the limit", { timestamp: NOW_S - 60 }, {}],
    ["a clock that is off by the limit", { timestamp: NOW_S + 60 }, {}],
    ["no peers where none are needed", { peers: 0 }, { minPeers: 0 }],
    ["unknown peers where none are needed", { peers: undefined }, { minPeers: 0 }],
    ["any chain where none is prescribed", { chainId: "x" }, { chainId: undefined }],
    ["no word on catching up", { syncing: undefined }, {}],
  ])("stays ready with %s", (_, head, limits) => {
    expect(verdictOf(judged([witness("a", head), twin], limits), "a")).toMatchObject({ ready: true, reasons: [] });
  });

  it("does not count the peers of a light client, nor its height for the network", () => {
    const light = witness("light", { peers: undefined, height: 1100 }, { follower: true, countsPeers: false });
    const fleet = judged([light, twin]);
    expect(fleet.height).toBe(1000);
    expect(verdictOf(fleet, "light")).toMatchObject({ ready: true, lagBlocks: 0 });
    expect(verdictOf(fleet, "twin")).toMatchObject({ ready: true, lagBlocks: 0 });
  });

  it("tells every reason at once", () => {
    const bad = { height: 900, timestamp: NOW_S - 999, peers: 0, syncing: true, chainId: "9" };
    expect(codes(judged([witness("a", bad), twin]), "a")).toEqual([
      "WRONG_CHAIN",
      "SYNCING",
      "BEHIND",
      "HEAD_OLD",
      "NO_PEERS",
    ]);
  });
});

describe("a node that does not answer", () => {
  it("is not ready before it was asked, and alive until it has been silent too long", () => {
    const unasked = { observation: undefined, lastAnswerAt: undefined, lastRiseAt: undefined };
    const fresh = witness("a", {}, { ...unasked, watchedSince: NOW - 120_000 });
    const late = witness("b", {}, { ...unasked, watchedSince: NOW - 120_001 });
    const fleet = judged([fresh, late, twin]);
    expect(verdictOf(fleet, "a")).toEqual({
      alive: true,
      ready: false,
      reasons: [{ code: "NOT_ASKED_YET", text: "not asked yet" }],
    });
    expect(verdictOf(fleet, "b")).toMatchObject({ alive: false, ready: false });
  });

  it.each([
    ["timeout", "NO_ANSWER"],
    ["garbage", "BAD_ANSWER"],
    ["oversize", "BAD_ANSWER"],
  ] as const)("says why after a %s", (kind, code) => {
    const fleet = judged([failing("a", kind, "what happened"), twin]);
    expect(verdictOf(fleet, "a")).toEqual({ alive: true, ready: false, reasons: [{ code, text: "what happened" }] });
  });

  it("is not alive after the allowed silence, even when the last answer was fine", () => {
    const silentFor = (ms: number) => ({ ...failing("a", "timeout", "no answer within 5 s"), lastAnswerAt: NOW - ms });
    expect(verdictOf(judged([silentFor(120_000), twin]), "a").alive).toBe(true);
    expect(verdictOf(judged([silentFor(120_001), twin]), "a").alive).toBe(false);
  });

  it("is not served from an answer that has gone stale: the prober is stuck, not the node", () => {
    const stale = { ...witness("a"), observation: { ...witness("a").observation!, at: NOW - 50_001 } };
    const fleet = judged([stale, twin]);
    expect(verdictOf(fleet, "a")).toMatchObject({ alive: true, ready: false });
    expect(verdictOf(fleet, "a").reasons).toEqual([{ code: "NO_ANSWER", text: "last answer is 50 s old, limit 50 s" }]);
  });

  it("is never ready without being alive, however the limits are set", () => {
    const quiet = { ...witness("a"), lastAnswerAt: NOW - 3000 };
    expect(verdictOf(judged([quiet, twin], { silenceSeconds: 2 }), "a")).toMatchObject({
      alive: false,
      ready: false,
      reasons: [{ code: "NO_ANSWER", text: "silent for 3 s, limit 2 s" }],
    });
  });

  it("has no say in the network's height", () => {
    const stale = {
      ...witness("a", { height: 1100 }),
      observation: { ...witness("a", { height: 1100 }).observation!, at: 0 },
    };
    const stranger = witness("b", { height: 1100, chainId: "8" });
    const mute = witness("c", { height: 1100, chainId: undefined });
    const future = witness("d", { height: 1100, timestamp: NOW_S + 9999 });
    const fleet = judged([stale, stranger, mute, future, twin]);
    expect(fleet.height).toBe(1000);
    expect(verdictOf(fleet, "twin").ready).toBe(true);
  });

  it("leaves the height unknown when nobody can tell it", () => {
    const fleet = judged([failing("a", "timeout", "x")]);
    expect(fleet).toMatchObject({ halted: false, height: undefined });
    expect(judged([])).toMatchObject({ halted: false, height: undefined });
  });
});

describe("heights that cannot be", () => {
  const liar = (height: number) => witness("liar", { height });

  it.each([1_000_000, Number.MAX_SAFE_INTEGER])("a claim of %d changes the verdict of its own node only", (height) => {
    const fleet = judged([witness("a"), witness("b", { height: 999 }), liar(height)]);
    expect(fleet.height).toBe(1000);
    expect(verdictOf(fleet, "a")).toMatchObject({ ready: true, lagBlocks: 0 });
    expect(verdictOf(fleet, "b")).toMatchObject({ ready: true, lagBlocks: 1 });
    expect(verdictOf(fleet, "liar")).toMatchObject({ ready: false, alive: true });
    expect(verdictOf(fleet, "liar").reasons).toEqual([
      { code: "HEIGHT_DOUBTED", text: `claims ${height - 1000} blocks more than its siblings: too many for the time` },
    ]);
  });

  it("does not believe it from a light client either", () => {
    const fleet = judged([witness("a"), witness("b"), witness("light", { height: 9e9 }, { follower: true })]);
    expect(codes(fleet, "light")).toEqual(["HEIGHT_DOUBTED"]);
  });

  it("believes two that agree, and a node that is ahead by as much as the time allows", () => {
    const two = judged([liar(9_000_000), { ...liar(9_000_001), name: "other" }, witness("a")]);
    expect(two.height).toBe(9_000_001);
    const year = witness("a", { height: 0, timestamp: NOW_S - 365 * 86_400 });
    const real = judged([year, witness("b", { height: 2_628_000 })]);
    expect(real.height).toBe(2_628_000);
    expect(codes(real, "a")).toEqual(["BEHIND", "HEAD_OLD"]);
  });

  it("does not let a newcomer that stands at the start of the chain outvote the others", () => {
    const newcomer = witness("new", { height: 3, timestamp: NOW_S - 1, syncing: true });
    const fleet = judged([newcomer, witness("a", { height: 5_000_000 })]);
    expect(fleet.height).toBe(5_000_000);
    expect(verdictOf(fleet, "a").ready).toBe(true);
  });

  describe("when two nodes contradict each other", () => {
    const pair = [witness("high", { height: 5_000_000 }), witness("low", { height: 1000 })];

    it("blames nobody while it knows nothing of the past", () => {
      const fleet = judged(pair);
      expect(fleet.reference).toBeUndefined();
      expect([codes(fleet, "high"), codes(fleet, "low")]).toEqual([[], []]);
    });

    it("believes the one that goes on where the network was", () => {
      const atLow = judged(pair, {}, { previous: { height: 999, timestamp: NOW_S - 15 } });
      expect([codes(atLow, "high"), codes(atLow, "low")]).toEqual([["HEIGHT_DOUBTED"], []]);
      const atHigh = judged(pair, {}, { previous: { height: 4_999_999, timestamp: NOW_S - 15 } });
      expect([codes(atHigh, "high"), codes(atHigh, "low")]).toEqual([[], ["BEHIND"]]);
    });
  });

  it("believes a single node whatever was before: its network may have been made anew", () => {
    const fleet = judged([witness("a", { height: 9_000_000 })], {}, { previous: { height: 5, timestamp: NOW_S - 9 } });
    expect(fleet.height).toBe(9_000_000);
    expect(verdictOf(fleet, "a").ready).toBe(true);
  });

  it("measures lag by heights alone where no node tells the time", () => {
    const fleet = judged([witness("a", { timestamp: undefined }), witness("b", { timestamp: undefined, height: 10 })]);
    expect(fleet.height).toBe(1000);
    expect(codes(fleet, "b")).toEqual(["BEHIND", "HEAD_TIME_UNKNOWN"]);
  });
});

describe("a network that stands still", () => {
  const old = { timestamp: NOW_S - 90 };
  const still = { lastRiseAt: NOW - 88_000 };
  const stood = { networkRiseAt: NOW - 88_000 };
  const fleet = [witness("a", old, still), witness("b", old, still)];

  it("is seen as halted and takes nobody out of service", () => {
    const verdict = judged(fleet, {}, stood);
    expect(verdict.halted).toBe(true);
    expect(verdictOf(verdict, "a")).toMatchObject({ ready: true, alive: true, reasons: [], headAgeSeconds: 90 });
  });

  it("still refuses those with other faults", () => {
    const verdict = judged(
      [...fleet, witness("c", { ...old, height: 990 }, still), witness("d", { ...old, peers: 0 })],
      {},
      stood,
    );
    expect(codes(verdict, "c")).toEqual(["BEHIND"]);
    expect(codes(verdict, "d")).toEqual(["NO_PEERS"]);
  });

  it("stays in service while the first block after a halt still carries an old time", () => {
    const old = { height: 1001, timestamp: NOW_S - 600 };
    const step = (wasHalted: boolean, head: Partial<Head>) =>
      judged([witness("a", head), witness("b", head)], {}, { networkRiseAt: NOW - 500, wasHalted });
    expect([step(true, old).halted, codes(step(true, old), "a")]).toEqual([true, []]);
    expect(codes(step(false, old), "a")).toEqual(["HEAD_OLD"]);
    expect([step(true, {}).halted, codes(step(true, {}), "a")]).toEqual([false, []]);
  });

  it("never calls a node of a halted network stalled, however long it lasts", () => {
    const age = { timestamp: NOW_S - 90_000 };
    const since = { lastRiseAt: NOW - 90_000_000 };
    const long = judged([witness("a", age, since), witness("b", age, since)], {}, { networkRiseAt: NOW - 90_000_000 });
    expect([long.halted, codes(long, "a")]).toEqual([true, []]);
  });

  it.each([
    ["one node alone tells so", [witness("a", old, still)], stood],
    ["the other one is a light client", [witness("a", old), witness("b", old, { follower: true })], stood],
    ["the agent has not seen any height yet", fleet, { networkRiseAt: undefined }],
    ["the agent has watched for too short a time", fleet, { networkRiseAt: NOW - 30_000 }],
    [
      "the nodes catch up",
      fleet.map((w) => ({ ...w, observation: witness("x", { ...old, syncing: true }).observation })),
      stood,
    ],
    [
      "the nodes have no peers",
      fleet.map((w) => ({ ...w, observation: witness("x", { ...old, peers: 0 }).observation })),
      stood,
    ],
    [
      "the heads were old long before",
      [witness("a", { height: 0, timestamp: 1 }), witness("b", { height: 0, timestamp: 1 })],
      stood,
    ],
  ])("is not called halted when %s", (_, witnesses, view) => {
    const verdict = judged(witnesses, {}, view);
    expect(verdict.halted).toBe(false);
    for (const w of witnesses) expect(verdictOf(verdict, w.name).ready).toBe(false);
  });

  it("is over as soon as one node has a new block, and the others are behind or old", () => {
    const moved = witness("c", { height: 1001 });
    const verdict = judged([...fleet, moved], {}, { networkRiseAt: NOW - 1000 });
    expect(verdict.halted).toBe(false);
    expect(verdictOf(verdict, "c").ready).toBe(true);
    expect(codes(verdict, "a")).toEqual(["HEAD_OLD"]);
  });
});

describe("a node that stands still while others move", () => {
  const since = (seconds: number, head: Partial<Head> = {}) =>
    witness("a", { height: 900, ...head }, { lastRiseAt: NOW - seconds * 1000 });

  it.each<[string, number, Partial<Head>, boolean]>([
    ["within the allowance", 240, {}, true],
    ["beyond it", 241, {}, false],
    ["beyond it while it catches up", 3600, { syncing: true }, true],
    ["beyond it while it aims higher", 3600, { syncing: undefined, target: 5000 }, true],
    ["beyond it without a word on catching up", 3600, { syncing: undefined }, true],
    ["beyond the long allowance", 3601, { syncing: true }, false],
  ])("%s (%d s)", (_, seconds, head, alive) => {
    const verdict = verdictOf(judged([since(seconds, head), twin]), "a");
    expect(verdict).toMatchObject({ alive, ready: false });
    expect(verdict.reasons.some((r) => r.code === "STALLED")).toBe(!alive);
  });

  it("is not stalled when it is alone: nobody else moves", () => {
    const alone = witness("a", {}, { lastRiseAt: NOW - 9_000_000 });
    expect(verdictOf(judged([alone], {}, { networkRiseAt: NOW - 9_000_000 }), "a").alive).toBe(true);
  });
});
