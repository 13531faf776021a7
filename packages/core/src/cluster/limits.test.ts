import type { NetworkDefinition } from "../chains/types";
import type { HealthArgs } from "./args";
import { healthLimits, probeTiming } from "./limits";

const mainnet: NetworkDefinition = { title: "Main", chainId: "1", blockTimeSeconds: 12, minPeers: 8, maxLagBlocks: 3 };
const devnet: NetworkDefinition = { title: "Dev", blockTimeSeconds: 1, minPeers: 1, maxLagBlocks: 5, private: true };

const limits = (facts: NetworkDefinition, args: HealthArgs = {}, nodeCount = 3) =>
  healthLimits({
    facts,
    blockTimeSeconds: facts.blockTimeSeconds,
    nodeCount,
    chainId: facts.chainId,
    timing: probeTiming(facts, args),
    args,
  });

describe("probeTiming", () => {
  it.each([
    ["a public network", mainnet, {}, { intervalSeconds: 15, timeoutMs: 5000 }],
    ["a private one", devnet, {}, { intervalSeconds: 2, timeoutMs: 1500 }],
    ["a short interval", mainnet, { probeIntervalSeconds: 1 }, { intervalSeconds: 1, timeoutMs: 750 }],
    ["a long interval", devnet, { probeIntervalSeconds: 60 }, { intervalSeconds: 60, timeoutMs: 1500 }],
    [
      "the user's word",
      mainnet,
      { probeIntervalSeconds: 30, probeTimeoutMs: 100 },
      { intervalSeconds: 30, timeoutMs: 100 },
    ],
  ])("of %s", (_, facts, args, timing) => {
    expect(probeTiming(facts, args)).toEqual(timing);
  });

  it("never makes a timeout that is as long as the interval", () => {
    for (let intervalSeconds = 1; intervalSeconds <= 300; intervalSeconds += 0.5) {
      for (const facts of [mainnet, devnet]) {
        const { timeoutMs } = probeTiming(facts, { probeIntervalSeconds: intervalSeconds });
        expect(timeoutMs).toBeLessThan(intervalSeconds * 1000);
        expect(timeoutMs).toBeGreaterThanOrEqual(100);
      }
    }
  });
});

describe("healthLimits", () => {
  it("follow from the block time", () => {
    expect(limits(mainnet)).toEqual({
      maxHeadAgeSeconds: 120,
      maxLagBlocks: 3,
      minPeers: 1,
      progressSeconds: 240,
      catchUpSeconds: 21_600,
      silenceSeconds: 120,
      staleSeconds: 50,
      chainId: "1",
    });
    expect(limits(devnet)).toMatchObject({ maxHeadAgeSeconds: 15, progressSeconds: 120, staleSeconds: 7.5 });
  });

  it("take the network's word before the block time's, and the user's before both", () => {
    expect(limits({ ...mainnet, maxHeadAgeSeconds: 90 }).maxHeadAgeSeconds).toBe(90);
    const own = {
      maxHeadAgeSeconds: 5,
      maxLagBlocks: 0,
      minPeers: 0,
      progressSeconds: 6,
      catchUpSeconds: 7,
      silenceSeconds: 8,
    };
    expect(limits({ ...mainnet, maxHeadAgeSeconds: 90 }, own)).toMatchObject(own);
  });

  it("ask no peers of a private network of one, and of no other", () => {
    expect(limits(devnet, {}, 1).minPeers).toBe(0);
    expect(limits(devnet, {}, 2).minPeers).toBe(1);
    expect(limits(mainnet, {}, 1).minPeers).toBe(1);
    expect(limits(devnet, { minPeers: 2 }, 1).minPeers).toBe(2);
  });

  it("name no chain where none is known", () => {
    expect(limits(devnet)).not.toHaveProperty("chainId");
  });
});
