import type { AgentInventory, Observation } from "@chainkeep/core";
import {
  BLOCK_PROBE,
  closeAll,
  fakeInventory,
  fakeNode,
  hashOf,
  inventoryNode,
  tcpServer,
  until,
} from "../testing/fake-node.fixture";
import { Prober, phaseOf, type Target } from "./prober";

describe("Prober", () => {
  let prober: Prober | undefined;
  const seen: [string, Observation][] = [];
  const overruns: string[] = [];
  const checkpoints: [string, number, string][] = [];
  const reorgs: [string, number][] = [];
  let believed: number | undefined;

  afterEach(async () => {
    await prober?.stop();
    prober = undefined;
    seen.length = 0;
    overruns.length = 0;
    checkpoints.length = 0;
    reorgs.length = 0;
    believed = undefined;
    await closeAll();
  });

  function start(inventory: AgentInventory): Prober {
    prober = new Prober(inventory, {
      onObservation: ({ process }: Target, observation) => seen.push([process.name, observation]),
      onRequest: () => {},
      onError: () => {},
      onOverrun: ({ process }) => overruns.push(process.name),
      onCheckpoint: ({ process }, checkpoint) => checkpoints.push([process.name, checkpoint.height, checkpoint.hash]),
      onReorg: ({ process }, depth) => reorgs.push([process.name, depth]),
      believed: () => believed,
    });
    prober.start();
    return prober;
  }

  const of = (name: string) => seen.filter(([n]) => n === name).map(([, o]) => o);

  it("asks every process again and again, and a hanging one delays nobody", async () => {
    const good = await fakeNode();
    const hanging = await tcpServer(() => {});
    const nodes = [inventoryNode("good-0", good.url), inventoryNode("hang-0", hanging.url)];
    start(await fakeInventory(nodes, { probe: { intervalSeconds: 0.1, timeoutMs: 500, maxAnswerBytes: 9999 } }));
    await until(
      "many answers",
      () => of("good-0").length,
      (n) => n >= 8,
    );
    await until(
      "a timeout",
      () => of("hang-0").length,
      (n) => n >= 2,
    );
    expect(of("good-0").every((o) => o.head)).toBe(true);
    expect(of("hang-0").every((o) => o.error?.kind === "timeout")).toBe(true);
  });

  it("does not begin a second asking of a process while the first one runs", async () => {
    let open = 0;
    let most = 0;
    const slow = await fakeNode();
    slow.state.respond = (_, response, body) => {
      if (!body.includes("head")) return response.end('{"result":3}');
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end('{"result":{"height":5}}');
      }, 200);
    };
    start(
      await fakeInventory([inventoryNode("slow-0", slow.url)], {
        probe: { intervalSeconds: 0.06, timeoutMs: 2000, maxAnswerBytes: 9999 },
      }),
    );
    await until(
      "overruns",
      () => overruns.length,
      (n) => n >= 3,
    );
    expect(most).toBe(1);
  });

  it("takes over added, removed and moved nodes, and drops what a removed one still answers", async () => {
    const [a, b] = [await fakeNode({ height: 1 }), await fakeNode({ height: 2 })];
    const inventory = await fakeInventory([inventoryNode("a-0", a.url), inventoryNode("gone-0", a.url)]);
    const running = start(inventory);
    await until(
      "first answers",
      () => [of("a-0").length, of("gone-0").length],
      ([x = 0, y = 0]) => x > 0 && y > 0,
    );
    running.update({ ...inventory, nodes: [inventoryNode("a-0", b.url), inventoryNode("new-0", b.url)] });
    const before = of("gone-0").length;
    await until(
      "answers of the new address",
      () => [of("a-0").at(-1)?.head?.height, of("new-0").at(-1)?.head?.height],
      ([x, y]) => x === 2 && y === 2,
    );
    expect(of("gone-0").length).toBe(before);
  });

  it("asks siblings for one old block after their heads, and looks for reorganisations", async () => {
    const blocks = { 90: hashOf("aa"), 80: hashOf("bb") };
    const [a, b] = [
      await fakeNode({ height: 105, blocks, hash: hashOf("a1") }),
      await fakeNode({ height: 111, blocks }),
    ];
    believed = 105;
    const inventory = await fakeInventory([inventoryNode("a-0", a.url), inventoryNode("b-0", b.url)], {
      questions: { fake: BLOCK_PROBE },
      checkpointBlocks: 10,
    });
    start(inventory);
    await until(
      "both",
      () => checkpoints,
      (told) => told.length === 2,
    );
    expect(checkpoints.sort()).toEqual([
      ["a-0", 90, hashOf("aa")],
      ["b-0", 90, hashOf("aa")],
    ]);
    await until(
      "heads with it",
      () => of("b-0").at(-1)?.head?.checkpoint?.height,
      (height) => height === 90,
    );
    a.state.hash = hashOf("a2");
    await until(
      "another block at the same height",
      () => reorgs.filter(([, depth]) => depth > 0),
      (told) => told.length === 1,
    );
    expect(reorgs.every(([name]) => name === "a-0")).toBe(true);
    // Half a minute between two askings: many heads, one question.
    const questions = (what: string) => b.state.seen.filter((s) => s.endsWith(what)).length;
    await until(
      "many heads",
      () => questions("head"),
      (n) => n > 4,
    );
    expect(questions("block")).toBe(1);
  });

  it("stops", async () => {
    const node = await fakeNode();
    const running = start(await fakeInventory([inventoryNode("a-0", node.url)]));
    await until(
      "an answer",
      () => seen.length,
      (n) => n > 0,
    );
    await running.stop();
    const requests = node.state.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(node.state.seen.length).toBe(requests);
  });
});

describe("phaseOf", () => {
  it("is the same for the same name and spreads a fleet evenly over the interval", () => {
    expect(phaseOf("rpc-0/rpc-0")).toBe(phaseOf("rpc-0/rpc-0"));
    for (const group of ["rpc", "archive", "validators"]) {
      const tenths = new Array<number>(10).fill(0);
      for (let i = 0; i < 1000; i += 1) {
        const tenth = Math.floor(phaseOf(`${group}-${i}/${group}-${i}`) * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(45);
    }
  });
});
