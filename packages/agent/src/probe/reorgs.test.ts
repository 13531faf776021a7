import type { Head } from "@chainkeep/core";
import { hashOf } from "../testing/fake-node.fixture";
import { type AskHash, Reorgs } from "./reorgs";

const FAR = 20;

/** A chain as letters by height; what a node says when it is asked for one of its blocks. */
class Chain {
  readonly asked: number[] = [];
  constructor(public blocks: Record<number, string>) {}
  readonly ask: AskHash = async (height) => {
    this.asked.push(height);
    const block = this.blocks[height];
    return block === undefined ? null : hashOf(block);
  };
}

const head = (height: number, start?: string): Head => ({
  height,
  faults: [],
  ...(start ? { hash: `0x${hashOf(start).toUpperCase()}` } : {}),
});

describe("Reorgs", () => {
  let reorgs = new Reorgs();
  beforeEach(() => {
    reorgs = new Reorgs();
  });

  const see = async (heads: readonly (readonly [number, string])[], ask?: AskHash) => {
    const depths: number[] = [];
    for (const [height, start] of heads) depths.push(await reorgs.see(head(height, start), FAR, ask));
    return depths;
  };

  it("sees none in a chain that grows, stands still, or of a node that tells no hashes", async () => {
    expect(
      await see([
        [1, "a1"],
        [2, "a2"],
        [2, "a2"],
        [5, "a5"],
      ]),
    ).toEqual([0, 0, 0, 0]);
    expect(await reorgs.see(head(3), FAR)).toBe(0);
  });

  it("sees another block at a height that was told before, and how deep it goes", async () => {
    expect(
      await see([
        [10, "a1"],
        [11, "a2"],
        [12, "a3"],
        [12, "b3"],
        [11, "c2"],
        [12, "c3"],
      ]),
    ).toEqual([0, 0, 0, 1, 2, 0]);
  });

  it("asks whether the last head is still there when a higher one comes, and goes down to the first block that is", async () => {
    const chain = new Chain({ 10: "a0", 11: "a1", 12: "a2" });
    await see(
      [
        [10, "a0"],
        [11, "a1"],
        [12, "a2"],
      ],
      chain.ask,
    );
    chain.blocks = { 10: "a0", 11: "b1", 12: "b2", 13: "b3" };
    chain.asked.length = 0;
    expect(await see([[13, "b3"]], chain.ask)).toEqual([2]);
    expect(chain.asked).toEqual([12, 11, 10]);
    chain.blocks[14] = "b4";
    expect(await see([[14, "b4"]], chain.ask)).toEqual([0]);
  });

  it("takes silence and unknown blocks for no proof", async () => {
    await see([[10, "a0"]]);
    expect(await see([[11, "a1"]], async () => undefined)).toEqual([0]);
    expect(await see([[12, "a2"]], async () => null)).toEqual([0]);
  });

  it("is no step back along the same chain, and the replacement that follows is one", async () => {
    expect(
      await see([
        [10, "a0"],
        [11, "a1"],
        [12, "a2"],
        [10, "a0"],
        [11, "a1"],
        [12, "b2"],
      ]),
    ).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("is no node that begins anew", async () => {
    expect(
      await see([
        [100, "a0"],
        [79, "b0"],
        [100, "b1"],
        [100, "b1"],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  it("keeps a bounded memory, and tells a deeper one as deep as that", async () => {
    const blocks: Record<number, string> = {};
    const chain = new Chain(blocks);
    for (let h = 1; h <= 500; h += 1) {
      blocks[h] = `a${h}`;
      await reorgs.see(head(h, `a${h}`), FAR, chain.ask);
    }
    for (let h = 1; h <= 501; h += 1) blocks[h] = `b${h}`;
    expect(await reorgs.see(head(501, "b501"), FAR, chain.ask)).toBe(32);
  });
});
