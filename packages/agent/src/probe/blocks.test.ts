import type { AgentInventory, Head } from "@chainkeep/core";
import { BLOCK_PROBE, fakeInventory, hashOf } from "../testing/fake-node.fixture";
import { Blocks, type Checkpoint } from "./blocks";

const head = (height: number): Head => ({ height, faults: [] });

describe("Blocks", () => {
  let inventory: AgentInventory;
  let now = 0;
  let blocks = new Blocks();
  let answer: (height: number) => Promise<string | null | undefined>;
  const asked: number[] = [];
  const told: Checkpoint[] = [];

  beforeEach(async () => {
    inventory = await fakeInventory([], { checkpointBlocks: 10 });
    now = 0;
    blocks = new Blocks(() => now);
    answer = async () => hashOf("aa");
    asked.length = 0;
    told.length = 0;
  });

  const follow = (height: number, believed?: number, probe = BLOCK_PROBE) => {
    const ask = (h: number) => {
      asked.push(h);
      return answer(h);
    };
    const events = { onCheckpoint: (c: Checkpoint) => void told.push(c), onReorg: () => {} };
    return blocks.follow(head(height), { probe, inventory, believed, ask }, events);
  };
  const of = (height: number, believed?: number) => blocks.complete(head(height), { inventory, believed }).checkpoint;

  it("asks once for each checkpoint, and again half a minute later", async () => {
    for (let height = 100; height < 110; height += 1) await follow(height);
    expect(asked).toEqual([90]);
    await follow(110);
    expect(asked).toEqual([90, 100]);
    now = 29_999;
    await follow(111);
    expect(asked).toHaveLength(2);
    now = 30_000;
    answer = async () => hashOf("bb");
    await follow(112);
    expect(asked).toEqual([90, 100, 100]);
    // A fork that has healed.
    expect(of(112)).toEqual({ height: 100, hash: hashOf("bb") });
  });

  it("asks where the fleet is, not where the node is", async () => {
    await follow(109, 110);
    await follow(111, 109);
    expect(asked).toEqual([90]);
    await follow(111, 110);
    expect(asked).toEqual([90, 100]);
  });

  it("forgets a checkpoint as soon as siblings are asked for another one", async () => {
    await follow(105);
    expect(of(106)).toEqual({ height: 90, hash: hashOf("aa") });
    expect(of(110)).toBeUndefined();
    expect(of(110, 109)).toBeDefined();
  });

  it.each([null, undefined])(
    "keeps what it knows when a later asking gives %s, and says nothing when the first one does",
    async (none) => {
      await follow(105);
      answer = async () => none;
      now = 40_000;
      await follow(105);
      expect(asked).toEqual([90, 90]);
      expect(of(105)).toBeDefined();
      await follow(115);
      expect(of(115)).toBeUndefined();
      expect(told).toHaveLength(1);
    },
  );

  it("asks nothing while an asking is under way, or where nothing is to be compared", async () => {
    let release: (hash: string) => void = () => {};
    answer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const first = follow(105);
    await follow(125);
    expect(asked).toEqual([90]);
    release(hashOf("cc"));
    await first;
    await follow(15);
    const { checkpoint: _, ...without } = BLOCK_PROBE;
    await follow(205, undefined, without);
    inventory = { ...inventory, checkpointBlocks: undefined };
    await follow(305);
    expect(asked).toEqual([90]);
  });
});
