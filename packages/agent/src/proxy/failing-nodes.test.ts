import type { Socket } from "node:net";
import type { AgentInventory, InventoryNode, InventoryProxy } from "@chainkeep/core";
import {
  closeAll,
  deadPort,
  type FakeNode,
  fakeNode,
  inventoryNode,
  tcpServer,
  until,
} from "../testing/fake-node.fixture";
import { CALM, ProxyStage, rpcCall } from "../testing/proxy-stage.fixture";

describe("when a node fails", () => {
  let stage: ProxyStage;

  afterEach(async () => {
    await stage.agent.stop();
    await closeAll();
  });

  async function fleetOf(count: number, proxy: Partial<InventoryProxy> = {}): Promise<readonly FakeNode[]> {
    stage = await ProxyStage.fleet(count, proxy);
    return stage.nodes;
  }

  async function start(nodes: readonly InventoryNode[], rest: Partial<AgentInventory> = {}): Promise<void> {
    stage = await ProxyStage.of(nodes, rest);
  }

  it("that cannot be reached, even a write goes to another node, and it gets no more until it answers again", async () => {
    const nodes = await fleetOf(2);
    await nodes[0]!.close();
    for (let i = 0; i < 4; i += 1)
      expect(await stage.ask("/", rpcCall("send_tx"))).toMatchObject({ code: 200, node: "rpc-1" });
    expect(stage.total("send_tx")).toBe(4);
    expect(await stage.inRotation()).toEqual(["rpc-1"]);
  });

  it.each<[string, (node: FakeNode) => void]>([
    ["keeps silent", (n) => (n.state.respond = () => {})],
    ["resets", (n) => (n.state.respond = (r) => r.socket.resetAndDestroy())],
    ["answers 502", (n) => (n.state.respond = (_, s) => s.writeHead(502).end())],
    ["answers 503", (n) => (n.state.respond = (_, s) => s.writeHead(503).end())],
    ["answers nonsense", (n) => (n.state.respond = (r) => r.socket.end("nonsense"))],
  ])("that %s, what only reads goes to another node", async (_, breakNode) => {
    const nodes = await fleetOf(2);
    breakNode(nodes[0]!);
    for (const request of [
      undefined,
      undefined,
      rpcCall("eth_call"),
      rpcCall("eth_call"),
      { method: "POST", body: JSON.stringify([{ method: "a" }, { method: "b" }]) },
    ]) {
      expect(await stage.ask("/x", request)).toMatchObject({ code: 200, node: "rpc-1" });
    }
  });

  it.each<[string, (node: FakeNode) => void, number]>([
    ["keeps silent", (n) => (n.state.respond = () => {}), 504],
    ["resets", (n) => (n.state.respond = (r) => r.socket.resetAndDestroy()), 502],
    ["answers 503", (n) => (n.state.respond = (_, s) => s.writeHead(503).end("busy")), 503],
  ])("that %s, a write is put to one node only, and the user is told", async (_, breakNode, code) => {
    const nodes = await fleetOf(2);
    for (const node of nodes) breakNode(node);
    const got = await stage.ask("/", rpcCall("send_tx"));
    expect(got.code).toBe(code);
    expect(stage.total("send_tx")).toBe(1);
    if (code !== 503) {
      expect(got.json).toMatchObject({
        error: "the node did not answer; the request was not sent to another one because it may have been carried out",
        group: "rpc",
        nodes: [{ reasons: [{ code: "REQUEST_FAILED" }] }],
      });
    } else expect(got.text).toBe("busy");
  });

  it.each<[string, string, RequestInit]>([
    ["a writing path", "/broadcast_tx_sync?tx=1", {}],
    [
      "a batch with one write in it",
      "/",
      { method: "POST", body: JSON.stringify([{ method: "a" }, { method: "send_tx" }]) },
    ],
    ["a body that is no JSON-RPC", "/", { method: "POST", body: "a=b" }],
    ["another method", "/", { method: "DELETE" }],
  ])("%s is never sent twice", async (_, path, init) => {
    const nodes = await fleetOf(3);
    for (const node of nodes) node.state.respond = (request) => request.socket.resetAndDestroy();
    expect((await stage.ask(path, init)).code).toBe(502);
    expect(nodes.flatMap((n) => n.state.seen)).toHaveLength(1);
  });

  it("says what happened when no node answered at all", async () => {
    const nodes = await fleetOf(2);
    for (const node of nodes) await node.close();
    const got = await stage.ask();
    expect(got).toMatchObject({
      code: 503,
      json: {
        error: "no node answered",
        nodes: [{ reasons: [{ text: "connection refused" }] }, { reasons: [{ text: "connection refused" }] }],
      },
    });
    expect(got.headers.get("retry-after")).toBe("30");
    expect((await stage.ask()).json).toMatchObject({ error: 'no node of group "rpc" is ready' });
  });

  it("keeps nodes in rotation that one slow request has met, and takes them out at the second", async () => {
    const nodes = await fleetOf(2);
    for (const node of nodes) node.state.respond = () => {};
    expect((await stage.ask()).code).toBe(504);
    expect(await stage.inRotation()).toEqual(["rpc-0", "rpc-1"]);
    expect((await stage.ask()).code).toBe(504);
    expect(await stage.inRotation()).toEqual([]);
  });

  it("takes a silent node out at once if another one answered the same request", async () => {
    const nodes = await fleetOf(2);
    nodes[0]!.state.respond = () => {};
    while ((await stage.inRotation()).length === 2) expect((await stage.ask()).code).toBe(200);
    expect(await stage.inRotation()).toEqual(["rpc-1"]);
    const silent = stage.total("GET", nodes.slice(0, 1));
    expect(silent).toBe(1);
  });

  it("brings it back with the next good answer to a health question", async () => {
    const node = await fakeNode();
    const gone = inventoryNode("rpc-0", node.url);
    // Its health answers, its address for users does not.
    const dead = { ...gone, processes: [{ ...gone.processes[0]!, rpcUrl: `http://127.0.0.1:${await deadPort()}` }] };
    await start([dead], { probe: { ...CALM, intervalSeconds: 0.3 } });
    expect((await stage.ask()).json).toMatchObject({ error: "no node answered" });
    expect(await stage.inRotation()).toEqual([]);
    await until(
      "back",
      () => stage.inRotation(),
      (names) => names.length === 1,
    );
  });

  it("a kept connection that was closed in the meantime is no failure", async () => {
    let connections = 0;
    const rpc = await tcpServer((socket: Socket) => {
      connections += 1;
      let asked = 0;
      socket.on("data", () => {
        asked += 1;
        if (asked > 1) socket.destroy();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    const health = await fakeNode();
    const node = inventoryNode("rpc-0", health.url);
    await start([{ ...node, processes: [{ ...node.processes[0]!, rpcUrl: rpc.url }] }]);
    for (let i = 0; i < 4; i += 1) expect((await stage.ask()).text).toBe("ok");
    for (let i = 0; i < 4; i += 1) expect((await stage.ask("/", rpcCall("send_tx"))).text).toBe("ok");
    expect(connections).toBeGreaterThan(4);
  });
});
