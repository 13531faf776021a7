import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { until } from "../testing/fake-node.fixture";
import { close, limitedServer, listen } from "./http";

describe("limitedServer", () => {
  let server: Server;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = limitedServer((_, response) => response.end("hello"), {
      maxConnections: 3,
      requestTimeoutMs: 200,
      idleTimeoutMs: 60_000,
    });
    await listen(server, { host: "127.0.0.1", port: 0 });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await close(server, 0);
  });

  function dial(text = ""): { received: () => string; closed: () => boolean; socket: Socket } {
    let all = "";
    let over = false;
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1", () => socket.write(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      over = true;
    });
    socket.on("data", (chunk) => {
      all += chunk;
    });
    sockets.push(socket);
    return { received: () => all, closed: () => over, socket };
  }
  const isTrue = (value: boolean) => value;

  it.each([
    ["headers", "GET / HTTP/1.1\r\nHost: a\r\n"],
    ["a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"],
  ])("drops who does not come to an end with %s", async (_, text) => {
    const slow = dial(text);
    const drip = setInterval(() => slow.socket.write("x"), 50);
    await until("closed", slow.closed, isTrue);
    clearInterval(drip);
  });

  it("has no more connections than it may", async () => {
    const three = [dial(), dial(), dial()];
    await until("three connections", () => three.every((s) => !s.socket.connecting), isTrue);
    const fourth = dial("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until("the fourth dropped", fourth.closed, isTrue);
    expect(fourth.received()).toBe("");
    for (const { socket } of three) socket.destroy();
    await until(
      "room again",
      async () => {
        const again = dial("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await until("an answer or an end", () => again.received() !== "" || again.closed(), isTrue);
        return again.received().includes("hello");
      },
      isTrue,
    );
  });

  it("refuses headers that are too long", async () => {
    const long = dial(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(20_000)}\r\n\r\n`);
    await until("an answer", () => long.received().startsWith("HTTP/1.1 431 "), isTrue);
  });
});
