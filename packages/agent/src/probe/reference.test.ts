import type { AgentInventory, HealthProbe } from "@chainkeep/core";
import {
  closeAll,
  deadPort,
  FAKE_PROBE,
  type FakeNode,
  fakeInventory,
  fakeNode,
  until,
} from "../testing/fake-node.fixture";
import { heightOnly, ReferenceWatch } from "./reference";

describe("ReferenceWatch", () => {
  let watch: ReferenceWatch | undefined;
  let errors = 0;

  afterEach(async () => {
    watch?.stop();
    errors = 0;
    await closeAll();
  });

  const inventory = (probeUrl: string): Promise<AgentInventory> =>
    fakeInventory([], { reference: { questions: "fake", probeUrl } });

  async function start(node: FakeNode): Promise<ReferenceWatch> {
    watch = new ReferenceWatch(await inventory(node.url), () => {
      errors += 1;
    });
    watch.start();
    return watch;
  }

  const height = (what: string, wanted: number | undefined) =>
    until(
      what,
      () => watch?.height(),
      (h) => h === wanted,
    );

  it("tells the height, and asks for height and chain alone: a public endpoint may refuse the rest", async () => {
    const node = await fakeNode({ height: 500 });
    await start(node);
    await height("a height", 500);
    node.state.height = 501;
    await height("the next", 501);
    expect(new Set(node.state.seen)).toEqual(new Set(["POST / head"]));
    expect(errors).toBe(0);
  });

  it.each<[string, (node: FakeNode) => unknown]>([
    ["answers garbage", (node) => (node.state.respond = (_, response) => response.end("garbage"))],
    ["answers with an error", (node) => (node.state.respond = (_, response) => response.writeHead(429).end())],
    ["is on another chain", (node) => (node.state.chainId = "8")],
    ["is gone", (node) => node.close()],
  ])("says nothing and counts it when the other side %s", async (_, spoil) => {
    const node = await fakeNode({ height: 500 });
    await start(node);
    await height("a height", 500);
    await spoil(node);
    await height("no height", undefined);
    expect(errors).toBeGreaterThan(0);
  });

  it("asks no second time while the other side thinks, and takes over another one", async () => {
    const slow = await fakeNode();
    slow.state.respond = () => {};
    await start(slow);
    await until(
      "a question",
      () => slow.state.seen.length,
      (n) => n === 1,
    );
    const good = await fakeNode({ height: 7 });
    watch?.update(await inventory(good.url));
    expect(watch?.height()).toBeUndefined();
    await slow.close();
    await height("the other height", 7);
    expect(slow.state.seen).toHaveLength(1);
    watch?.update(await fakeInventory([]));
    expect(watch?.height()).toBeUndefined();
  });

  it("asks nobody where there is none", async () => {
    watch = new ReferenceWatch(await inventory(`http://127.0.0.1:${await deadPort()}`), () => {
      errors += 1;
    });
    watch.start();
    await until(
      "an error",
      () => errors,
      (n) => n > 0,
    );
    watch.stop();
    const before = errors;
    watch.update(await fakeInventory([]));
    expect([watch.height(), errors]).toEqual([undefined, before]);
  });
});

describe("heightOnly", () => {
  it("keeps what the questions for height and chain need first", () => {
    const probe: HealthProbe = {
      ...FAKE_PROBE,
      requests: {
        top: { get: "/top" },
        block: { rpc: { method: "block", params: ["$hash"] } },
        peers: { rpc: { method: "peers" } },
      },
      head: {
        height: { from: "top", path: "height", as: "decimal" },
        hash: { from: "top", path: "hash", as: "string" },
        chainId: { from: "block", path: "chain", as: "string" },
        peers: { from: "peers", path: "", as: "decimal" },
      },
    };
    const { requests, head } = heightOnly(probe);
    expect(Object.keys(requests)).toEqual(["top", "block"]);
    expect(Object.keys(head).sort()).toEqual(["chainId", "hash", "height"]);
  });
});
