import type { HealthLimits, Observation } from "@chainkeep/core";
import { History, NetworkHistory } from "./history";

const LIMITS = { maxLagBlocks: 3 } as HealthLimits;
const at = (time: number, height?: number): Observation => ({
  at: time,
  durationMs: 1,
  ...(height === undefined ? { error: { kind: "timeout", text: "x" } } : { head: { height, faults: [] } }),
});

describe("History", () => {
  const after = (...observations: Observation[]) => {
    const history = new History(1);
    for (const observation of observations) history.record(observation, LIMITS);
    return history.witness("a", false, true);
  };

  it("knows nothing at first but when it began to watch", () => {
    expect(after()).toEqual({
      name: "a",
      follower: false,
      countsPeers: true,
      observation: undefined,
      lastAnswerAt: undefined,
      lastRiseAt: undefined,
      watchedSince: 1,
    });
  });

  it.each<[string, Observation[], number | undefined, number | undefined]>([
    ["a first height is a rise", [at(10, 5)], 10, 10],
    ["height 0 is one, too", [at(10, 0)], 10, 10],
    ["the same height is none", [at(10, 5), at(20, 5)], 20, 10],
    ["a failure changes neither", [at(10, 5), at(20)], 10, 10],
    ["a higher one is a rise", [at(10, 5), at(20, 6)], 20, 20],
    ["a short reorganisation is none", [at(10, 5), at(20, 4), at(30, 5)], 30, 10],
    ["a fall far below is a new beginning", [at(10, 500), at(20, 0)], 20, 20],
    ["which rises from there", [at(10, 500), at(20, 0), at(30, 1)], 30, 30],
  ])("%s", (_, observations, lastAnswerAt, lastRiseAt) => {
    expect(after(...observations)).toMatchObject({ lastAnswerAt, lastRiseAt });
  });
});

describe("NetworkHistory", () => {
  const riseAfter = (...steps: [now: number, height: number, timestamp?: number][]) => {
    const history = new NetworkHistory();
    for (const [now, height, timestamp] of steps) history.record({ height, timestamp }, now * 1000, 120);
    return history.riseAt === undefined ? undefined : history.riseAt / 1000;
  };

  it.each<[string, Parameters<typeof riseAfter>, number | undefined]>([
    ["nothing seen", [], undefined],
    ["the first sight counts from when it was seen", [[5, 100, 1]], 5],
    [
      "a rise",
      [
        [5, 100, 1],
        [9, 101, 2],
      ],
      9,
    ],
    [
      "no rise",
      [
        [5, 100, 1],
        [9, 100, 1],
      ],
      5,
    ],
    [
      "the top node goes and comes back",
      [
        [5, 100, 10],
        [9, 99, 9],
        [400, 99, 9],
        [500, 100, 10],
      ],
      5,
    ],
    [
      "the top node goes, the others go on below it",
      [
        [5, 100, 10],
        [9, 98, 8],
        [20, 99, 11],
        [30, 101, 12],
      ],
      30,
    ],
    [
      "a network made anew",
      [
        [5, 100, 10],
        [9, 1, 20],
        [131, 3, 30],
        [140, 4, 40],
      ],
      140,
    ],
    [
      "without times, height alone counts",
      [
        [5, 100],
        [9, 101],
      ],
      9,
    ],
  ])("%s", (_, steps, expected) => {
    expect(riseAfter(...steps)).toBe(expected);
  });
});
