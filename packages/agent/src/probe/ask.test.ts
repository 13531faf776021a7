import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import type { HealthProbe, InventoryProcess } from "@chainkeep/core";
import fc from "fast-check";
import {
  closeAll,
  deadPort,
  FAKE_PROBE,
  fakeNode,
  httpServer,
  type Started,
  tcpServer,
} from "../testing/fake-node.fixture";
import { askProcess } from "./ask";
import { AnswerMemory } from "./exchange";
import { Pools } from "./pools";

const TIMEOUT_MS = 400;
const MAX_ANSWER_BYTES = 50_000;

describe("askProcess", () => {
  const pools = new Pools({ connections: 2, connectTimeoutMs: TIMEOUT_MS, keepAliveMs: 10_000 });

  afterEach(closeAll);
  afterAll(() => pools.destroy());

  async function ask(url: string, probe: HealthProbe = FAKE_PROBE, rest: Partial<InventoryProcess> = {}) {
    const requests: number[] = [];
    const errors: string[] = [];
    const process = {
      name: "a",
      layer: "node",
      client: "c",
      version: "1",
      questions: "q",
      probeUrl: url,
      ...rest,
    } as const;
    const observation = await askProcess(process, probe, {
      door: pools.of(new URL(url).origin),
      limits: { timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES, memory: new AnswerMemory() },
      blockTimeSeconds: 1,
      now: Date.now,
      onRequest: (seconds) => requests.push(seconds),
      onError: (kind) => errors.push(kind),
    });
    return { ...observation, requests, errors };
  }

  it("reads a head", async () => {
    const node = await fakeNode({ height: 5, peers: 4 });
    const seen = await ask(node.url);
    expect(seen.head).toMatchObject({ height: 5, peers: 4, syncing: false, chainId: "7", faults: [] });
    expect(seen.error).toBeUndefined();
    expect(seen.requests).toHaveLength(2);
    expect(seen.errors).toEqual([]);
    expect(seen.at).toBeGreaterThan(0);
  });

  describe("whatever a server does, it is a reason and nothing else", () => {
    const json = (response: ServerResponse, body: unknown) => response.end(JSON.stringify({ result: body }));
    const raw = (text: string | Buffer, end = true) =>
      tcpServer((socket) => socket.once("data", () => (end ? socket.end(text) : socket.write(text))));
    const drip = (ms: number, head: string, chunk: string) =>
      tcpServer((socket) => {
        socket.once("data", () => {
          socket.write(head);
          const timer = setInterval(() => socket.write(chunk), ms);
          socket.once("close", () => clearInterval(timer));
        });
      });
    const flood = (head: string) =>
      tcpServer((socket) => {
        const more = () => {
          while (socket.writable && socket.write("7".repeat(16_000)));
        };
        socket.once("data", () => {
          socket.write(head);
          more();
        });
        socket.on("drain", more);
      });
    const head = (rest = "") => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${rest}\r\n`;
    const bomb = gzipSync(Buffer.alloc(5_000_000, 0x20));

    it.each<[string, () => Promise<Started>, string, RegExp]>([
      ["never answers", () => tcpServer(() => {}), "timeout", /^no answer within 0\.4 s$/],
      ["answers headers only", () => raw(head("content-length: 10\r\n"), false), "timeout", /no answer within/],
      ["drips an answer", () => drip(20, head("content-length: 9999\r\n"), "7"), "timeout", /no answer within/],
      ["drips headers", () => drip(20, "HTTP/1.1 200 OK\r\n", "a: b\r\n"), "timeout", /no answer within/],
      ["streams without end", () => flood(head()), "oversize", /^answer is longer than 50000 bytes$/],
      ["announces too much", () => raw(head("content-length: 99999999\r\n"), false), "oversize", /longer than/],
      ["sends headers without end", () => flood("HTTP/1.1 200 OK\r\n"), "oversize", /too many headers/],
      ["closes at once", () => tcpServer((socket) => socket.end()), "transport", /^connection was cut off$/],
      ["resets", () => tcpServer((socket) => socket.resetAndDestroy()), "transport", /^connection was cut off$/],
      [
        "resets in the middle",
        () => raw(`${head("content-length: 100\r\n")}{"result":`),
        "transport",
        /cut off|length/,
      ],
      ["is no HTTP server", () => raw("SSH-2.0-OpenSSH_9.6\r\n"), "garbage", /^answer is not HTTP$/],
      [
        "sends noise",
        () => raw(Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) % 256))),
        "garbage",
        /not HTTP/,
      ],
      ["sends two lengths", () => raw(head("content-length: 3\r\ncontent-length: 4\r\n")), "garbage", /another length/],
      [
        "redirects",
        () => raw("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
        "garbage",
        /elsewhere/,
      ],
      [
        "sends a bomb",
        () => httpServer((_, r) => r.writeHead(200, { "content-encoding": "gzip" }).end(bomb)),
        "garbage",
        /packed/,
      ],
      ["answers HTML", () => httpServer((_, r) => r.end("<html>")), "garbage", /^answer is no JSON: "<html>"$/],
      ["answers nothing", () => httpServer((_, r) => r.end()), "garbage", /empty/],
      ["answers 503", () => httpServer((_, r) => r.writeHead(503).end("down")), "server", /^HTTP 503$/],
      ["refuses us", () => httpServer((_, r) => r.writeHead(401).end()), "auth", /401/],
      ["answers a huge height", () => httpServer((_, r) => json(r, { height: 1e300 })), "garbage", /no height/],
      ["answers another type", () => httpServer((_, r) => json(r, [])), "garbage", /is a list/],
      [
        "upgrades unasked",
        () => raw("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", false),
        "transport",
        /./,
      ],
    ])("%s", async (_, start, kind, text) => {
      const server = await start();
      const seen = await ask(server.url);
      expect(seen.head).toBeUndefined();
      expect(seen.error).toEqual({ kind, text: expect.stringMatching(text) });
      expect(seen.errors).toEqual([kind]);
    });

    it("random bytes", async () => {
      let next = Buffer.alloc(0);
      const server = await tcpServer((socket) => socket.on("data", () => socket.end(next)));
      const start = fc.constantFrom(
        "",
        "HTTP/1.1 200 OK\r\n",
        head(),
        head("transfer-encoding: chunked\r\n"),
        "HTTP/1.1 100 C\r\n\r\n",
      );
      await fc.assert(
        fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (text, noise) => {
          next = Buffer.concat([Buffer.from(text), noise]);
          const seen = await ask(server.url);
          expect(seen.head).toBeUndefined();
          expect(seen.error?.text).toMatch(/^[\P{Cc}]{1,200}$/u);
        }),
        { numRuns: 150 },
      );
    });
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

describe("AnswerMemory", () => {
  it("refuses only answers of unusual size when the memory for all of them is used up", () => {
    const memory = new AnswerMemory(1000);
    expect(memory.take(900, 0)).toBe(true);
    expect(memory.take(200, 300_000)).toBe(false);
    expect(memory.take(200, 100)).toBe(true);
    memory.release(1100);
    expect(memory.take(200, 300_000)).toBe(true);
  });
});
