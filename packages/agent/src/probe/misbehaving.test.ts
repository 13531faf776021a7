import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { TestAsker } from "../testing/asker.fixture";
import { closeAll, httpServer, type Started, tcpServer } from "../testing/fake-node.fixture";
import { AnswerMemory } from "./exchange";

describe("whatever a server does, it is a reason and nothing else", () => {
  const asker = new TestAsker();
  const ask = asker.ask.bind(asker);

  afterEach(closeAll);
  afterAll(() => asker.close());

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
    ["resets in the middle", () => raw(`${head("content-length: 100\r\n")}{"result":`), "transport", /cut off|length/],
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
