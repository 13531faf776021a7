import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { TestAsker } from "../testing/asker.fixture";
import { closeAll, deadPort, FAKE_PROBE, fakeNode, httpServer, tcpServer } from "../testing/fake-node.fixture";

/** A process of its own that listens, and can be stopped without its port being closed. */
async function listener(backlog: number): Promise<{ child: ChildProcess; port: number }> {
  const script = `const s = require("net").createServer(() => {});
    s.listen({ port: 0, host: "127.0.0.1", backlog: ${backlog} }, () => console.log(s.address().port));`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return { child, port: Number(chunk.toString()) };
}

describe("reachable", () => {
  const asker = new TestAsker();
  const children: ChildProcess[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await closeAll();
  });
  afterAll(() => asker.close());

  const reachable = async (url: string, rest = {}) => (await asker.ask(url, FAKE_PROBE, rest)).reachable;

  async function frozen(backlog: number): Promise<string> {
    const { child, port } = await listener(backlog);
    children.push(child);
    child.kill("SIGSTOP");
    return `http://127.0.0.1:${port}`;
  }

  it("is a process that answers, well or not", async () => {
    expect(await reachable((await fakeNode()).url)).toBe(true);
    const bad = [
      await httpServer((_, response) => response.writeHead(503).end()),
      await httpServer((_, response) => response.writeHead(401).end()),
      await httpServer((_, response) => response.end("<html>")),
      await tcpServer((socket) => socket.end("SSH-2.0\r\n")),
      await tcpServer(() => {}),
    ];
    for (const { url } of bad) expect(await reachable(url)).toBe(true);
  });

  it("is a process that is frozen: the kernel takes the connection, and only the answer is late", async () => {
    const url = await frozen(511);
    const seen = await asker.ask(url);
    expect(seen).toMatchObject({ reachable: true, error: { kind: "timeout", text: "no answer within 0.4 s" } });
    expect(await reachable(url)).toBe(true);
  });

  it("is no port that nobody listens on, and none that cuts connections off", async () => {
    expect(await reachable(`http://127.0.0.1:${await deadPort()}`)).toBe(false);
    expect(await reachable((await tcpServer((socket) => socket.resetAndDestroy())).url)).toBe(false);
  });

  it("is none to which no connection comes about in time", async () => {
    const url = await frozen(1);
    // The kernel keeps two connections for a backlog of one, and leaves further ones without an answer.
    for (let i = 0; i < 2; i += 1) {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      sockets.push(socket.on("error", () => {}));
      await once(socket, "connect");
    }
    const seen = await asker.ask(url);
    expect(seen).toMatchObject({ reachable: false, error: { kind: "timeout", text: "no connection within 0.4 s" } });
  });

  it("is found out without credentials, too: a node that is down has no cookie", async () => {
    const basicAuthFile = "/nonexistent/.cookie";
    const up = await fakeNode();
    expect(await asker.ask(up.url, FAKE_PROBE, { basicAuthFile })).toMatchObject({
      reachable: true,
      error: { kind: "auth" },
    });
    expect(up.state.seen).toEqual([]);
    expect(await reachable(`http://127.0.0.1:${await deadPort()}`, { basicAuthFile })).toBe(false);
  });

  it("stays open when one question is answered and another one cut off", async () => {
    const node = await fakeNode();
    node.state.respond = (request, _, body) => (body.includes("peers") ? request.socket.destroy() : "usual");
    expect((await asker.ask(node.url)).reachable).toBe(true);
  });
});
