import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { HealthProbe } from "@chainkeep/core";
import { TestAsker, TIMEOUT_MS } from "../testing/asker.fixture";
import { closeAll, deadPort, FAKE_PROBE, fakeNode, httpServer, tcpServer } from "../testing/fake-node.fixture";

describe("askProcess", () => {
  const asker = new TestAsker();
  const ask = asker.ask.bind(asker);

  afterEach(closeAll);
  afterAll(() => asker.close());

  it("reads a head", async () => {
    const node = await fakeNode({ height: 5, peers: 4 });
    const seen = await ask(node.url);
    expect(seen.head).toMatchObject({ height: 5, peers: 4, syncing: false, chainId: "7", faults: [] });
    expect(seen.error).toBeUndefined();
    expect(seen.requests).toHaveLength(2);
    expect(seen.errors).toEqual([]);
    expect(seen.at).toBeGreaterThan(0);
  });

  it("says so when nobody listens or the name is unknown", async () => {
    expect((await ask(`http://127.0.0.1:${await deadPort()}`)).error).toEqual({
      kind: "transport",
      text: "connection refused",
    });
    expect((await ask("http://no-such-host.invalid:1")).error?.kind).toMatch(/transport|timeout/);
  });

  it("does not wait for the others when one required question has failed", async () => {
    const node = await fakeNode();
    node.state.respond = (_, response, body) => {
      if (body.includes("head")) response.end("garbage");
    };
    const seen = await ask(node.url);
    expect(seen.error?.kind).toBe("garbage");
    expect(seen.durationMs).toBeLessThan(TIMEOUT_MS);
  });

  it("uses a connection again, and makes a new one when the old one was closed in between", async () => {
    let connections = 0;
    const node = await fakeNode();
    const closing = await tcpServer((socket) => {
      connections += 1;
      // Answers one question, then closes without a word when the next one comes.
      let asked = 0;
      socket.on("data", (data) => {
        asked += 1;
        if (asked > 2) return socket.destroy();
        const result = data.includes("peers") ? 3 : { height: 5, time: 1_795_000_000, chainId: "7" };
        const text = JSON.stringify({ result });
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
      });
    });
    await ask(node.url);
    const probe = { ...FAKE_PROBE, requests: { ...FAKE_PROBE.requests } };
    for (let i = 0; i < 6; i += 1) expect((await ask(closing.url, probe)).head).toMatchObject({ height: 5 });
    expect(connections).toBeGreaterThan(1);
    expect(connections).toBeLessThan(12);
  });

  describe("questions that need the head", () => {
    const chained: HealthProbe = {
      port: "rpc",
      requests: {
        block: { rpc: { method: "block", params: ["$hash"] } },
        hash: { rpc: { method: "hash", params: ["$heightHex"] } },
        top: { get: "/top" },
      },
      head: {
        height: { from: "top", path: "height", as: "decimal" },
        hash: { from: "hash", path: "", as: "string" },
        timestamp: { from: "block", path: "time", as: "unix" },
      },
    };

    it("are put in order, each with what the one before has told", async () => {
      const seen: string[] = [];
      const server = await httpServer((request, response, body) => {
        const call = body === "" ? request.url : JSON.parse(body);
        seen.push(body === "" ? `${call}` : `${call.method} ${call.params}`);
        if (body === "") response.end('{"height":"31"}');
        else response.end(JSON.stringify({ result: call.method === "hash" ? "0xbeef" : { time: 1_795_000_000 } }));
      });
      const { head } = await ask(server.url, chained);
      expect(head).toEqual({ height: 31, hash: "0xbeef", timestamp: 1_795_000_000, faults: [] });
      expect(seen).toEqual(["/top", "hash 0x1f", "block 0xbeef"]);
    });

    it("are not put when the head is not known, and that is the reason", async () => {
      const node = await httpServer((_, response) => response.end('{"height":null}'));
      expect((await ask(node.url, chained)).error).toEqual({ kind: "garbage", text: 'no height to ask "hash" for' });
      const failing = await httpServer((_, response) => response.writeHead(500).end());
      expect((await ask(failing.url, chained)).error).toEqual({ kind: "server", text: "HTTP 500" });
    });
  });

  describe("optional questions", () => {
    const optional: HealthProbe = {
      ...FAKE_PROBE,
      requests: { ...FAKE_PROBE.requests, pool: { rpc: { method: "pool" }, optional: true } },
      head: { ...FAKE_PROBE.head, mempool: { from: "pool", path: "", as: "decimal" } },
    };

    it.each<[string, (response: ServerResponse) => void]>([
      ["fail", (response) => response.writeHead(404).end()],
      ["hang", () => {}],
      ["get nonsense", (response) => response.end('{"result":"many"}')],
    ])("leave their value unknown when they %s", async (_, respond) => {
      const node = await fakeNode();
      node.state.respond = (_request, response, body) => {
        if (body.includes("pool")) return respond(response);
        const result = body.includes("peers") ? 3 : { height: 5, time: 1_795_000_000, chainId: "7" };
        response.end(JSON.stringify({ result }));
      };
      const seen = await ask(node.url, optional);
      expect(seen.head).toMatchObject({ height: 5 });
      expect(seen.head).not.toHaveProperty("mempool");
      expect(seen.requests).toHaveLength(2);
      expect(seen.errors).toEqual([]);
    });
  });

  describe("credentials", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-auth-"));
    const file = path.join(directory, ".cookie");
    afterAll(() => rmSync(directory, { recursive: true }));

    it("are read anew each time, because the node writes them anew", async () => {
      const node = await fakeNode();
      const sent: unknown[] = [];
      const { respond } = node.state;
      node.state.respond = (request, response, body) => {
        sent.push(request.headers.authorization);
        const result = body.includes("peers") ? 3 : { height: 5 };
        respond?.(request, response, body);
        response.end(JSON.stringify({ result }));
      };
      for (const secret of ["__cookie__:one", "__cookie__:two\n"]) {
        writeFileSync(file, secret);
        expect((await ask(node.url, FAKE_PROBE, { basicAuthFile: file })).head).toBeDefined();
        const header = `Basic ${Buffer.from(secret.trim()).toString("base64")}`;
        expect(sent.splice(0)).toEqual([header, header]);
      }
    });

    it.each<[string, () => void, string]>([
      ["are not there", () => rmSync(file, { force: true }), "are not there (yet)"],
      ["have no colon", () => writeFileSync(file, "secret"), 'are not of the form "user:password"'],
      ["are far too long", () => writeFileSync(file, `a:${"b".repeat(9000)}`), 'are not of the form "user:password"'],
    ])("%s: that is the reason, and they are not told", async (_, prepare, why) => {
      prepare();
      const seen = await ask("http://127.0.0.1:9", FAKE_PROBE, { basicAuthFile: file });
      expect(seen.error).toEqual({ kind: "auth", text: `credentials in ${file} ${why}` });
    });
  });
});
