import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { AgentInventory, InventoryNode, InventoryProxy } from "@chainkeep/core";
import { Agent } from "../run/agent";
import {
  closeAll,
  deadPort,
  type FakeNode,
  fakeInventory,
  fakeNode,
  inventoryNode,
  tcpServer,
  until,
} from "../testing/fake-node.fixture";

/** So rarely are nodes asked here that no verdict changes during a test unless the test waits for it. */
const CALM = { intervalSeconds: 30, timeoutMs: 250, maxAnswerBytes: 100_000 };

interface Got {
  readonly code: number;
  readonly node: string | null;
  readonly headers: Headers;
  readonly text: string;
  readonly json: ReturnType<typeof JSON.parse>;
}

describe("RpcProxy", () => {
  let agent: Agent | undefined;
  let base = "";
  let port = 0;

  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
    await closeAll();
  });

  /** An agent whose nodes have been asked once and are ready. */
  async function start(
    nodes: readonly InventoryNode[],
    proxy: Partial<InventoryProxy> = {},
    rest: Partial<AgentInventory> = {},
  ): Promise<Agent> {
    const plain = await fakeInventory(nodes);
    const limits = { ...plain.limits, staleSeconds: 100 };
    const inventory = { ...plain, limits, proxy: { ...plain.proxy!, ...proxy }, probe: CALM, ...rest };
    const made = new Agent(inventory, () => {});
    await made.start();
    agent = made;
    port = inventory.proxy.port;
    base = `http://127.0.0.1:${port}`;
    await until(
      "all asked",
      () => [...made.fleet.state().nodes.values()].every((n) => n.processes.every((p) => p.asked)),
      (asked) => asked,
    );
    return made;
  }

  async function fleetOf(count: number, proxy: Partial<InventoryProxy> = {}): Promise<FakeNode[]> {
    const nodes = await Promise.all(Array.from({ length: count }, () => fakeNode()));
    await start(
      nodes.map((n, i) => inventoryNode(`rpc-${i}`, n.url)),
      proxy,
    );
    for (const node of nodes) node.state.seen.length = 0;
    return nodes;
  }

  async function ask(path = "/x", init?: RequestInit): Promise<Got> {
    const answer = await fetch(`${base}${path}`, init);
    const text = await answer.text();
    const json = text.startsWith("{") ? JSON.parse(text) : undefined;
    return { code: answer.status, node: answer.headers.get("x-chainkeep-node"), headers: answer.headers, text, json };
  }

  const call = (method: string, more: object = {}) => ({
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, ...more }),
  });
  const total = (nodes: FakeNode[], what: string) =>
    nodes.flatMap((n) => n.state.seen).filter((s) => s.includes(what)).length;
  const inRotation = async () => {
    const text = await agent!.metrics.text();
    return [...text.matchAll(/chain_node_in_rotation\{.*node="([^"]+)".*\} 1/g)].map((m) => m[1]);
  };

  it("passes requests to ready nodes in turn and says which one it was", async () => {
    await fleetOf(2);
    const names = [(await ask()).node, (await ask()).node, (await ask()).node, (await ask()).node];
    expect([...names].sort()).toEqual(["rpc-0", "rpc-0", "rpc-1", "rpc-1"]);
    expect(names[0]).not.toBe(names[1]);
  });

  it("passes on method, path, body and headers, without those of the connection, and tells who asked", async () => {
    await fleetOf(1);
    const { json } = await ask("/a/b%20c?d=e&f", {
      method: "PUT",
      body: "hello",
      headers: {
        "x-mine": "1",
        "content-type": "text/plain",
        te: "trailers",
        "proxy-authorization": "secret",
        "x-forwarded-for": "10.0.0.1",
      },
    });
    expect(json.result).toMatchObject({ method: "PUT", url: "/a/b%20c?d=e&f", body: "hello" });
    const { headers } = json.result;
    expect(headers).toMatchObject({
      "x-mine": "1",
      "content-type": "text/plain",
      "content-length": "5",
      "x-forwarded-for": "10.0.0.1, 127.0.0.1",
      "x-forwarded-host": `127.0.0.1:${port}`,
      "x-forwarded-proto": "http",
    });
    expect(headers).not.toHaveProperty("te");
    expect(headers).not.toHaveProperty("proxy-authorization");
    expect(headers.host).not.toContain(String(port));
  });

  it("passes on status, headers and body, also of errors, without those of the connection", async () => {
    const [node] = await fleetOf(1);
    node!.state.respond = (_, response) =>
      response
        .writeHead(418, "Teapot", {
          "x-answer": "ü",
          "set-cookie": ["a=1", "b=2"],
          "keep-alive": "timeout=99",
          connection: "x-private",
          "x-private": "1",
        })
        .end("short");
    const got = await ask();
    expect([got.code, got.text, got.headers.get("set-cookie")]).toEqual([418, "short", "a=1, b=2"]);
    expect(got.headers.get("x-answer")).toBe("ü");
    expect(got.headers.get("x-private")).toBeNull();
    expect(got.headers.get("keep-alive")).not.toBe("timeout=99");
  });

  it("answers HEAD without a body", async () => {
    const [node] = await fleetOf(1);
    node!.state.respond = (_, response) => response.writeHead(200, { "content-length": "4000" }).end();
    const got = await ask("/x", { method: "HEAD" });
    expect([got.code, got.text, got.headers.get("content-length")]).toEqual([200, "", "4000"]);
  });

  it("streams large answers as they come", async () => {
    const [node] = await fleetOf(1);
    let finish = () => {};
    node!.state.respond = (_, response) => {
      response.write("first");
      finish = () => response.end(Buffer.alloc(5_000_000, "x"));
    };
    const answer = await fetch(`${base}/x`);
    const reader = answer.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("first");
    finish();
    let size = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) size += part.value.length;
    expect(size).toBe(5_000_000);
  });

  it("does not read faster from a node than the user takes", async () => {
    const [node] = await fleetOf(1);
    let sent = 0;
    node!.state.respond = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    };
    const answer = await new Promise<IncomingMessage>((resolve) => httpRequest(`${base}/x`, resolve).end());
    answer.pause();
    let before = -1;
    await until(
      "standstill",
      async () => {
        const moved = sent !== before;
        before = sent;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return moved;
      },
      (moved) => !moved,
    );
    expect(sent).toBeLessThan(50_000_000);
    answer.destroy();
  });

  it("cuts the user's connection when a node breaks off in the middle: the answer must not look complete", async () => {
    const [node] = await fleetOf(1);
    node!.state.respond = (_, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked" });
      response.write("part");
      setTimeout(() => response.destroy(), 20);
    };
    const answer = await fetch(`${base}/x`);
    await expect(answer.text()).rejects.toThrow();
  });

  it("lets go of the node when the user goes away", async () => {
    const [node] = await fleetOf(1, { timeoutMs: 10_000 });
    let closed = false;
    node!.state.respond = (request) => request.socket.on("close", () => (closed = true));
    const stop = new AbortController();
    const asked = fetch(`${base}/x`, { signal: stop.signal }).catch(() => "aborted");
    await until(
      "the request",
      () => node!.state.seen.length,
      (n) => n > 0,
    );
    stop.abort();
    expect(await asked).toBe("aborted");
    await until(
      "a closed connection",
      () => closed,
      (is) => is,
    );
    expect(await inRotation()).toEqual(["rpc-0"]);
  });

  describe("groups", () => {
    it("answer below their name, and the default one on the root", async () => {
      const [rpc, archive] = [await fakeNode(), await fakeNode()];
      await start([inventoryNode("rpc-0", rpc.url), inventoryNode("archive-0", `${archive.url}/base/`)]);
      expect((await ask("/status")).node).toBe("rpc-0");
      const other = await ask("/group/archive/status?a=1");
      expect([other.node, other.json.result.url]).toEqual(["archive-0", "/base/status?a=1"]);
      expect(await ask("/group/archiv/x")).toMatchObject({
        code: 404,
        json: { error: 'unknown group "archiv"; did you mean "archive"', groups: ["rpc", "archive"] },
      });
    });

    it("say why no node is ready, and when to ask again", async () => {
      const [good, syncing] = [await fakeNode(), await fakeNode({ syncing: true })];
      await start([inventoryNode("rpc-0", good.url), inventoryNode("archive-0", syncing.url)]);
      const got = await ask("/group/archive/");
      expect(got).toMatchObject({
        code: 503,
        json: {
          error: 'no node of group "archive" is ready',
          group: "archive",
          nodes: [{ node: "archive-0", reasons: [{ code: "SYNCING", text: "says that it is catching up" }] }],
        },
      });
      expect(got.headers.get("retry-after")).toBe("30");
      expect(total([syncing], "GET")).toBe(0);
    });

    it("leave out nodes that are ready but do not serve", async () => {
      const [rpc, validator] = [await fakeNode(), await fakeNode()];
      await start([
        inventoryNode("rpc-0", rpc.url),
        { ...inventoryNode("rpc-1", validator.url), kind: "validator", servesRpc: false },
      ]);
      for (let i = 0; i < 4; i += 1) expect((await ask()).node).toBe("rpc-0");
    });
  });

  describe("when a node fails", () => {
    it("that cannot be reached, even a write goes to another node, and it gets no more until it answers again", async () => {
      const nodes = await fleetOf(2);
      await nodes[0]!.close();
      for (let i = 0; i < 4; i += 1)
        expect(await ask("/", call("send_tx"))).toMatchObject({ code: 200, node: "rpc-1" });
      expect(total(nodes, "send_tx")).toBe(4);
      expect(await inRotation()).toEqual(["rpc-1"]);
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
        call("eth_call"),
        call("eth_call"),
        { method: "POST", body: JSON.stringify([{ method: "a" }, { method: "b" }]) },
      ]) {
        expect(await ask("/x", request)).toMatchObject({ code: 200, node: "rpc-1" });
      }
    });

    it.each<[string, (node: FakeNode) => void, number]>([
      ["keeps silent", (n) => (n.state.respond = () => {}), 504],
      ["resets", (n) => (n.state.respond = (r) => r.socket.resetAndDestroy()), 502],
      ["answers 503", (n) => (n.state.respond = (_, s) => s.writeHead(503).end("busy")), 503],
    ])("that %s, a write is put to one node only, and the user is told", async (_, breakNode, code) => {
      const nodes = await fleetOf(2);
      for (const node of nodes) breakNode(node);
      const got = await ask("/", call("send_tx"));
      expect(got.code).toBe(code);
      expect(total(nodes, "send_tx")).toBe(1);
      if (code !== 503) {
        expect(got.json).toMatchObject({
          error:
            "the node did not answer; the request was not sent to another one because it may have been carried out",
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
      expect((await ask(path, init)).code).toBe(502);
      expect(nodes.flatMap((n) => n.state.seen)).toHaveLength(1);
    });

    it("says what happened when no node answered at all", async () => {
      const nodes = await fleetOf(2);
      for (const node of nodes) await node.close();
      const got = await ask();
      expect(got).toMatchObject({
        code: 503,
        json: {
          error: "no node answered",
          nodes: [{ reasons: [{ text: "connection refused" }] }, { reasons: [{ text: "connection refused" }] }],
        },
      });
      expect(got.headers.get("retry-after")).toBe("30");
      expect((await ask()).json).toMatchObject({ error: 'no node of group "rpc" is ready' });
    });

    it("keeps nodes in rotation that one slow request has met, and takes them out at the second", async () => {
      const nodes = await fleetOf(2);
      for (const node of nodes) node.state.respond = () => {};
      expect((await ask()).code).toBe(504);
      expect(await inRotation()).toEqual(["rpc-0", "rpc-1"]);
      expect((await ask()).code).toBe(504);
      expect(await inRotation()).toEqual([]);
    });

    it("takes a silent node out at once if another one answered the same request", async () => {
      const nodes = await fleetOf(2);
      nodes[0]!.state.respond = () => {};
      while ((await inRotation()).length === 2) expect((await ask()).code).toBe(200);
      expect(await inRotation()).toEqual(["rpc-1"]);
      const silent = total(nodes.slice(0, 1), "GET");
      expect(silent).toBe(1);
    });

    it("brings it back with the next good answer to a health question", async () => {
      const node = await fakeNode();
      const gone = inventoryNode("rpc-0", node.url);
      // Its health answers, its address for users does not.
      const dead = { ...gone, processes: [{ ...gone.processes[0]!, rpcUrl: `http://127.0.0.1:${await deadPort()}` }] };
      await start([dead], {}, { probe: { ...CALM, intervalSeconds: 0.3 } });
      expect((await ask()).json).toMatchObject({ error: "no node answered" });
      expect(await inRotation()).toEqual([]);
      await until("back", inRotation, (names) => names.length === 1);
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
      for (let i = 0; i < 4; i += 1) expect((await ask()).text).toBe("ok");
      for (let i = 0; i < 4; i += 1) expect((await ask("/", call("send_tx"))).text).toBe("ok");
      expect(connections).toBeGreaterThan(4);
    });
  });

  it("refuses bodies that are too long, and whole addresses", async () => {
    const nodes = await fleetOf(1);
    expect(await ask("/", { method: "POST", body: "x".repeat(10_001) })).toMatchObject({
      code: 413,
      json: { error: "body is longer than 10000 bytes" },
    });
    const chunks = new ReadableStream({
      start(stream) {
        for (let i = 0; i < 20; i += 1) stream.enqueue(Buffer.alloc(1000));
        stream.close();
      },
    });
    expect((await ask("/", { method: "POST", body: chunks, duplex: "half" } as RequestInit)).code).toBe(413);
    const code = await new Promise((resolve) =>
      httpRequest({ port, path: "http://example.org/" }, (answer) => resolve(answer.resume().statusCode)).end(),
    );
    expect(code).toBe(400);
    expect(nodes[0]!.state.seen).toEqual([]);
  });

  it("counts requests, retries and time", async () => {
    const nodes = await fleetOf(2);
    await nodes[0]!.close();
    await ask();
    await ask();
    await ask("/group/none/");
    const text = await agent!.metrics.text();
    expect(text).toContain('chain_proxy_requests_total{group="rpc",code="200"} 2');
    expect(text).toContain('chain_proxy_requests_total{group="unknown",code="404"} 1');
    expect(text).toContain('chain_proxy_retries_total{group="rpc"} 1');
    expect(text).toContain('chain_proxy_duration_seconds_count{group="rpc"} 2');
  });

  describe("WebSockets", () => {
    /** Says hello in WebSocket's terms and collects what comes. */
    function open(path: string, upgrade = "websocket"): Promise<{ socket: Socket; received: () => string }> {
      return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1", () => {
          socket.write(
            `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Key: k\r\n\r\n`,
          );
          resolve({ socket, received: () => text });
        });
        let text = "";
        socket.on("data", (chunk) => {
          text += chunk;
        });
        socket.on("error", () => {});
      });
    }

    /** A node that switches protocols and echoes. */
    async function echoNode(): Promise<InventoryNode> {
      const health = await fakeNode();
      const echo = await tcpServer((socket) => {
        socket.once("data", (hello) => {
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n<${hello}>`,
          );
          socket.on("data", (chunk) => socket.write(chunk));
        });
      });
      const node = inventoryNode("rpc-0", health.url);
      return { ...node, processes: [{ ...node.processes[0]!, rpcUrl: `${echo.url}/base` }] };
    }

    const contains = (received: () => string, text: string) => until(text, received, (all) => all.includes(text));

    it("are joined with a node's, bytes for bytes", async () => {
      await start([await echoNode()]);
      const { socket, received } = await open("/websocket?x=1");
      await contains(received, "101 Switching Protocols");
      await contains(received, "GET /base/websocket?x=1 HTTP/1.1\r\n");
      expect(received().toLowerCase()).toContain("sec-websocket-key: k");
      expect(received()).toContain("x-forwarded-for: 127.0.0.1");
      socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
      await contains(received, "hi");
      socket.destroy();
    });

    it("get a reason when no node is ready, the group is unknown, or the protocol is another one", async () => {
      const syncing = await fakeNode({ syncing: true });
      await start([inventoryNode("rpc-0", syncing.url)]);
      await contains((await open("/websocket")).received, "SYNCING");
      await contains((await open("/group/none/websocket")).received, "404 Not Found");
      await contains((await open("/", "h2c")).received, "only WebSockets are passed on");
    });

    it("go to another node when the first cannot be reached", async () => {
      const health = await fakeNode();
      const dead = inventoryNode("rpc-1", health.url);
      const gone = { ...dead, processes: [{ ...dead.processes[0]!, rpcUrl: `http://127.0.0.1:${await deadPort()}` }] };
      await start([await echoNode(), gone]);
      for (let i = 0; i < 3; i += 1) await contains((await open("/websocket")).received, "101 Switching Protocols");
      expect(await inRotation()).toEqual(["rpc-0"]);
    });

    it("end when the node ends them, and do not keep the agent from stopping", async () => {
      await start([await echoNode()]);
      const { socket, received } = await open("/websocket");
      await contains(received, "101");
      const closed = new Promise((resolve) => socket.once("close", resolve));
      await agent!.stop();
      agent = undefined;
      await closed;
    });
  });
});
