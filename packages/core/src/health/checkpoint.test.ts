import fc from "fast-check";
import { checkpointHeight, hash48, hashDigits } from "./checkpoint";

describe("checkpointHeight", () => {
  it.each<[own: number, believed: number | undefined, blocks: number, wanted: number | undefined]>([
    [125, 129, 10, 110],
    [129, 125, 10, 110],
    [130, 130, 10, 120],
    [129, undefined, 10, 110],
    // Not where its siblings are asked: nothing is compared, and nothing is asked above its head.
    [95, 129, 10, 80],
    [19, 19, 10, undefined],
    [20, 20, 10, 10],
    [5, 5, 1, 4],
    [1, 1, 1, undefined],
    [0, 0, 10, undefined],
  ])("own %s, believed %s, every %s blocks: %s", (own, believed, blocks, wanted) => {
    expect(checkpointHeight(own, believed, blocks)).toBe(wanted);
  });

  it("is a multiple at least one step below the head, whatever is believed", () => {
    const height = fc.nat(2 ** 40);
    fc.assert(
      fc.property(height, height, fc.integer({ min: 1, max: 10_000 }), (own, believed, blocks) => {
        const found = checkpointHeight(own, believed, blocks);
        if (found === undefined) return;
        expect(found % blocks).toBe(0);
        expect(found).toBeGreaterThanOrEqual(1);
        expect(found + blocks).toBeLessThanOrEqual(Math.min(own, believed));
      }),
    );
  });
});

describe("hashes", () => {
  it.each([
    ["0xABCDEF0123456789ff", "abcdef0123456789ff"],
    ["ABCDEF0123456789", "abcdef0123456789"],
    ["0xabc", undefined],
    ["not a hash at all", undefined],
    ["", undefined],
    [null, undefined],
    [7, undefined],
    [`0x${"a".repeat(1000)}`, undefined],
  ])("%j are %j as digits", (hash, digits) => {
    expect(hashDigits(hash)).toBe(digits);
  });

  it("become numbers that a float64 holds exactly", () => {
    expect(hash48("ffffffffffff0000")).toBe(2 ** 48 - 1);
    expect(hash48("800000000000ffff")).toBe(2 ** 47);
    expect(hash48("0".repeat(64))).toBe(0);
  });

  it("of proof of work are told apart although all of them begin with zeros", () => {
    const [a, b] = [`${"0".repeat(20)}3a1f7c9d22e5b8`, `${"0".repeat(20)}3a1f7c9d22e5b9`];
    expect(hash48(a)).not.toBe(0);
    expect(hash48(a)).toBe(0x3a1f7c9d22e5);
    expect(hash48(a)).toBe(hash48(b));
    expect(hash48(a)).not.toBe(hash48(a.replace("7c", "7d")));
  });
});
