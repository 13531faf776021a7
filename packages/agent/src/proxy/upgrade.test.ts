import { connect, type Socket } from "node:net";
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
import { ProxyStage } from "../testing/proxy-stage.fixture";

describe("WebSockets", () => {
  let stage: ProxyStage;

  afterEach(async () => {
    await stage.agent.stop();
    await closeAll();
  });

  async function _fleetOf(count: number, proxy: Partial<InventoryProxy> = {}): Promise<readonly FakeNode[]> {
    stage = await ProxyStage.fleet(count, proxy);
    return stage.nodes;
  }

  async function start(nodes: readonly InventoryNode[], rest: Partial<AgentInventory> = {}): Promise<void> {
    stage = await ProxyStage.of(nodes, rest);
  }

  /** Says hello in WebSocket's terms and collects what comes. */
  function open(path: string, upgrade = "websocket"): Promise<{ socket: Socket; received: () => string }> {
    return new Promise((resolve) => {
      const socket = connect(stage.port, "127.0.0.1", () => {
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
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n<${hello}>`);
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
    expect(await stage.inRotation()).toEqual(["rpc-0"]);
  });

  it("end when the node ends them, and do not keep the agent from stopping", async () => {
    await start([await echoNode()]);
    const { socket, received } = await open("/websocket");
    await contains(received, "101");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await stage.agent.stop();
    await closed;
  });
});
