import type { ServerResponse } from "node:http";
import { closeAll, httpServer, until } from "../testing/fake-node.fixture";
import { AnswerMemory, exchange } from "./exchange";
import { Pools } from "./pools";

const SETTINGS = { connections: 2, connectTimeoutMs: 1000, keepAliveMs: 10_000 };

describe("Pools", () => {
  const pools = new Pools(SETTINGS);
  const memory = new AnswerMemory();

  afterEach(closeAll);
  afterAll(() => pools.destroy());

  const ask = (url: string, timeoutMs: number, path = "/") =>
    exchange(pools.of(url), { method: "GET", path, headers: {} }, { timeoutMs, maxAnswerBytes: 1000, memory });

  it("never sends a question that nobody waits for any more", async () => {
    const seen: string[] = [];
    const held: ServerResponse[] = [];
    let hangs = true;
    const server = await httpServer((request, response) => {
      seen.push(request.url ?? "");
      if (hangs) held.push(response);
      else response.end("{}");
    });
    // The first two have the connections; those behind them have given up long before one of these is free.
    const asked = Array.from({ length: 50 }, (_, i) => ask(server.url, i < 2 ? 1000 : 100, `/${i}`));
    for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject({ failure: { kind: "timeout" } });
    expect(seen).toEqual(["/0", "/1"]);
    hangs = false;
    expect(await ask(server.url, 3000, "/last")).toHaveProperty("answer");
    expect(seen).toEqual(["/0", "/1", "/last"]);
  });

  it("lets questions wait for a free connection, and answers all of them", async () => {
    let open = 0;
    let most = 0;
    const server = await httpServer((_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end("{}");
      }, 5);
    });
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => ask(server.url, 5000)));
    expect(outcomes.every((o) => "answer" in o)).toBe(true);
    expect(most).toBe(2);
  });

  it("goes on after its origin was gone, with new settings, and after it was renewed", async () => {
    const server = await httpServer((_, response) => response.end("{}"));
    expect(await ask(server.url, 3000)).toHaveProperty("answer");
    const waiting = ask(server.url, 3000);
    pools.keep(new Set([server.url]), { ...SETTINGS, keepAliveMs: 5000 });
    expect(await waiting).toHaveProperty("answer");
    pools.renew();
    expect(await ask(server.url, 3000)).toHaveProperty("answer");
    await server.close();
    expect(await ask(server.url, 3000)).toHaveProperty("failure");
  });

  it("uses a new connection for each question when connections are not kept", async () => {
    const fresh = new Pools({ ...SETTINGS, keepAliveMs: 0 });
    const ports = new Set<number | undefined>();
    const server = await httpServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("{}");
    });
    for (let i = 0; i < 3; i += 1) {
      const limits = { timeoutMs: 3000, maxAnswerBytes: 1000, memory };
      const outcome = await exchange(fresh.of(server.url), { method: "GET", path: "/", headers: {} }, limits);
      expect(outcome).toHaveProperty("answer");
    }
    await until(
      "three connections",
      () => ports.size,
      (size) => size === 3,
    );
    await fresh.destroy();
  });
});
