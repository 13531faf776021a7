import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AgentInventory, InventoryNode, InventoryProxy } from "@chainkeep/core";
import { closeAll, type FakeNode, fakeNode, inventoryNode, until } from "../testing/fake-node.fixture";
import { ProxyStage } from "../testing/proxy-stage.fixture";

describe("RpcProxy", () => {
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

  it("passes requests to ready nodes in turn and says which one it was", async () => {
    await fleetOf(2);
    const names = [
      (await stage.ask()).node,
      (await stage.ask()).node,
      (await stage.ask()).node,
      (await stage.ask()).node,
    ];
    expect([...names].sort()).toEqual(["rpc-0", "rpc-0", "rpc-1", "rpc-1"]);
    expect(names[0]).not.toBe(names[1]);
  });

  it("passes on method, path, body and headers, without those of the connection, and tells who asked", async () => {
    await fleetOf(1);
    const { json } = await stage.ask("/a/b%20c?d=e&f", {
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
      "x-forwarded-host": `127.0.0.1:${stage.port}`,
      "x-forwarded-proto": "http",
    });
    expect(headers).not.toHaveProperty("te");
    expect(headers).not.toHaveProperty("proxy-authorization");
    expect(headers.host).not.toContain(String(stage.port));
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
    const got = await stage.ask();
    expect([got.code, got.text, got.headers.get("set-cookie")]).toEqual([418, "short", "a=1, b=2"]);
    expect(got.headers.get("x-answer")).toBe("ü");
    expect(got.headers.get("x-private")).toBeNull();
    expect(got.headers.get("keep-alive")).not.toBe("timeout=99");
  });

  it("answers HEAD without a body", async () => {
    const [node] = await fleetOf(1);
    node!.state.respond = (_, response) => response.writeHead(200, { "content-length": "4000" }).end();
    const got = await stage.ask("/x", { method: "HEAD" });
    expect([got.code, got.text, got.headers.get("content-length")]).toEqual([200, "", "4000"]);
  });

  it("streams large answers as they come", async () => {
    const [node] = await fleetOf(1);
    let finish = () => {};
    node!.state.respond = (_, response) => {
      response.write("first");
      finish = () => response.end(Buffer.alloc(5_000_000, "x"));
    };
    const answer = await fetch(`${stage.base}/x`);
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
    const answer = await new Promise<IncomingMessage>((resolve) => httpRequest(`${stage.base}/x`, resolve).end());
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
    const answer = await fetch(`${stage.base}/x`);
    await expect(answer.text()).rejects.toThrow();
  });

  it("lets go of the node when the user goes away", async () => {
    const [node] = await fleetOf(1, { timeoutMs: 10_000 });
    let closed = false;
    node!.state.respond = (request) => request.socket.on("close", () => (closed = true));
    const stop = new AbortController();
    const asked = fetch(`${stage.base}/x`, { signal: stop.signal }).catch(() => "aborted");
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
    expect(await stage.inRotation()).toEqual(["rpc-0"]);
  });

  describe("groups", () => {
    it("answer below their name, and the default one on the root", async () => {
      const [rpc, archive] = [await fakeNode(), await fakeNode()];
      await start([inventoryNode("rpc-0", rpc.url), inventoryNode("archive-0", `${archive.url}/base/`)]);
      expect((await stage.ask("/status")).node).toBe("rpc-0");
      const other = await stage.ask("/group/archive/status?a=1");
      expect([other.node, other.json.result.url]).toEqual(["archive-0", "/base/status?a=1"]);
      expect(await stage.ask("/group/archiv/x")).toMatchObject({
        code: 404,
        json: { error: 'unknown group "archiv"; did you mean "archive"', groups: ["rpc", "archive"] },
      });
    });

    it("say why no node is ready, and when to ask again", async () => {
      const [good, syncing] = [await fakeNode(), await fakeNode({ syncing: true })];
      await start([inventoryNode("rpc-0", good.url), inventoryNode("archive-0", syncing.url)]);
      const got = await stage.ask("/group/archive/");
      expect(got).toMatchObject({
        code: 503,
        json: {
          error: 'no node of group "archive" is ready',
          group: "archive",
          nodes: [{ node: "archive-0", reasons: [{ code: "SYNCING", text: "says that it is catching up" }] }],
        },
      });
      expect(got.headers.get("retry-after")).toBe("30");
      expect(stage.total("GET", [syncing])).toBe(0);
    });

    it("leave out nodes that are ready but do not serve", async () => {
      const [rpc, validator] = [await fakeNode(), await fakeNode()];
      await start([
        inventoryNode("rpc-0", rpc.url),
        { ...inventoryNode("rpc-1", validator.url), kind: "validator", servesRpc: false },
      ]);
      for (let i = 0; i < 4; i += 1) expect((await stage.ask()).node).toBe("rpc-0");
    });
  });

  it("refuses bodies that are too long, and whole addresses", async () => {
    const nodes = await fleetOf(1);
    expect(await stage.ask("/", { method: "POST", body: "x".repeat(10_001) })).toMatchObject({
      code: 413,
      json: { error: "body is longer than 10000 bytes" },
    });
    const chunks = new ReadableStream({
      start(stream) {
        for (let i = 0; i < 20; i += 1) stream.enqueue(Buffer.alloc(1000));
        stream.close();
      },
    });
    expect((await stage.ask("/", { method: "POST", body: chunks, duplex: "half" } as RequestInit)).code).toBe(413);
    const code = await new Promise((resolve) =>
      httpRequest({ port: stage.port, path: "http://example.org/" }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end(),
    );
    expect(code).toBe(400);
    expect(nodes[0]!.state.seen).toEqual([]);
  });

  it("counts requests, retries and time", async () => {
    const nodes = await fleetOf(2);
    await nodes[0]!.close();
    await stage.ask();
    await stage.ask();
    await stage.ask("/group/none/");
    const text = await stage.agent.metrics.text();
    const of = (group: string) => `network="main",stack="test",group="${group}"`;
    expect(text).toContain(`chain_proxy_requests_total{${of("rpc")},code="200"} 2`);
    expect(text).toContain(`chain_proxy_requests_total{${of("unknown")},code="404"} 1`);
    expect(text).toContain(`chain_proxy_retries_total{${of("rpc")}} 1`);
    expect(text).toContain(`chain_proxy_duration_seconds_count{${of("rpc")}} 2`);
  });
});
