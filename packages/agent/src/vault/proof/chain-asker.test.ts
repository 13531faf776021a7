import type { HealthProbe } from "@chainkeep/core";
import {
  BLOCK_PROBE,
  closeAll,
  deadPort,
  fakeInventory,
  fakeNode,
  hashOf,
  httpServer,
} from "../../testing/fake-node.fixture";
import { NodeAsker } from "./chain-asker";

const PROOF: HealthProbe = {
  ...BLOCK_PROBE,
  proof: {
    block: { request: { rpc: { method: "block", params: ["$checkpoint"] } }, hash: "hash", state: "state" },
    genesis: { request: { rpc: { method: "block", params: [1] } }, hash: "hash" },
  },
};

let asker: NodeAsker;
beforeEach(async () => {
  const inventory = await fakeInventory([]);
  asker = new NodeAsker(() => inventory);
});
afterEach(async () => {
  await asker.close();
  await closeAll();
});

const answering = (blocks: Record<number, unknown>) =>
  httpServer((_, response, body) => {
    const { params } = JSON.parse(body) as { params?: [number] };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: blocks[params?.[0] ?? -1] ?? null }));
  });

describe("head", () => {
  it("tells height, chain and hash as plain digits", async () => {
    const node = await fakeNode({ height: 12, hash: `0x${"AB".repeat(32)}` });
    const { head } = await asker.head({ probeUrl: node.url, questions: BLOCK_PROBE });
    expect(head).toMatchObject({ height: 12, chainId: "7", hash: "ab".repeat(32) });
  });

  it("is told by a node that says nothing of its peers", async () => {
    const node = await fakeNode({
      height: 9,
      respond: (_, response, body) => (body.includes('"peers"') ? response.writeHead(500).end("{}") : "usual"),
    });
    expect((await asker.head({ probeUrl: node.url, questions: BLOCK_PROBE })).head?.height).toBe(9);
  });

  it("gives the reason when there is none", async () => {
    const questions = BLOCK_PROBE;
    const gone = await asker.head({ probeUrl: `http://127.0.0.1:${await deadPort()}`, questions });
    expect(gone).toEqual({ error: expect.stringMatching(/refused/) });
    const node = await fakeNode({ respond: (_, response) => response.end("<html>") });
    expect(await asker.head({ probeUrl: node.url, questions })).toEqual({ error: expect.stringMatching(/no JSON/) });
    expect(await asker.head({ probeUrl: "nowhere", questions })).toEqual({ error: expect.any(String) });
  });
});

describe("block", () => {
  const ask = async (blocks: Record<number, unknown>, height: number, questions = PROOF) =>
    asker.block({ probeUrl: (await answering(blocks)).url, questions }, height);

  it("tells hash, state and the first block's hash as plain digits", async () => {
    const blocks = { 1: { hash: `0x${hashOf("11")}` }, 5: { hash: hashOf("AA"), state: `0x${hashOf("BB")}` } };
    expect(await ask(blocks, 5)).toEqual({
      height: 5,
      hash: hashOf("aa"),
      state: hashOf("bb"),
      genesis: hashOf("11"),
    });
  });

  it("falls back to the checkpoint of clients that have no questions of proof", async () => {
    expect(await ask({ 5: hashOf("AA") }, 5, BLOCK_PROBE)).toEqual({
      height: 5,
      hash: hashOf("aa"),
      state: null,
      genesis: null,
    });
  });

  it("tells a block that the node does not have from a node that does not answer", async () => {
    expect(await ask({ 1: { hash: hashOf("11") } }, 5)).toMatchObject({ hash: null, state: null });
    const refusing = await httpServer((_, response) => {
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -1, message: "height is not available" } }));
    });
    expect(await asker.block({ probeUrl: refusing.url, questions: PROOF }, 5)).toMatchObject({ hash: null });
    const gone = { probeUrl: `http://127.0.0.1:${await deadPort()}`, questions: PROOF };
    expect(await asker.block(gone, 5)).toBeUndefined();
  });

  it.each([
    ["a word", "yes"],
    ["a number", 7],
    ["too few digits", "0x12"],
    ["an object", {}],
    ["a novel", "ab".repeat(500)],
  ])("takes %s in place of a hash for no answer", async (_, hash) => {
    expect(await ask({ 1: { hash: hashOf("11") }, 5: { hash } }, 5)).toBeUndefined();
  });

  it("does not ask for heights that are none", async () => {
    expect(await ask({}, Number.NaN)).toBeUndefined();
    expect(await ask({}, -1)).toBeUndefined();
  });
});
