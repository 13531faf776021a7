import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { AgentInventory, HealthProbe, InventoryNode, Kind } from "@chainkeep/core";

/** A server on a free port of this machine that is gone, with all its connections, at the end of a test. */
export interface Started {
  readonly port: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

const running: Started[] = [];

/** For afterEach: ends all servers that a test has started. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** Bytes on a socket, for servers that do not keep to HTTP. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<Started> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  return started(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

export function httpServer(
  onRequest: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Started> {
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    response.on("error", () => {});
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => onRequest(request, response, Buffer.concat(chunks).toString("utf8")));
  });
  return started(server, () => server.closeAllConnections());
}

function started(server: Server | ReturnType<typeof createTcpServer>, cut: () => void): Promise<Started> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      if (handedOut.has(port)) {
        server.close(() => resolve(started(server, cut)));
        return;
      }
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          cut();
        });
      const entry = { port, url: `http://127.0.0.1:${port}`, close };
      running.push(entry);
      resolve(entry);
    });
  });
}

const handedOut = new Set<number>();

/** A port on which nobody listens, and which is given to nobody else. */
export async function deadPort(): Promise<number> {
  for (;;) {
    const server = await tcpServer(() => {});
    running.splice(running.indexOf(server), 1);
    await server.close();
    if (handedOut.has(server.port)) continue;
    handedOut.add(server.port);
    return server.port;
  }
}

/** What a fake node says; tests change it while it runs. */
export interface FakeState {
  height: number;
  /** Unix seconds; default now. */
  timestamp?: number;
  peers: number;
  syncing: boolean;
  chainId: string;
  /** Hash of its head, of its blocks by height, and what it aims for; only BLOCK_PROBE asks for them. */
  hash?: string;
  blocks: Record<number, string>;
  target?: number;
  broken?: boolean;
  /** Answers in its own way when set; where it returns "usual", the node answers as usual. */
  respond?: (request: IncomingMessage, response: ServerResponse, body: string) => unknown;
  /** Requests that came, as "METHOD path rpc-method". */
  seen: string[];
}

export interface FakeNode extends Started {
  readonly state: FakeState;
}

/** A node that speaks a small JSON-RPC: `head`, `peers`, and anything else echoed. */
export async function fakeNode(initial: Partial<FakeState> = {}): Promise<FakeNode> {
  const state: FakeState = { height: 100, peers: 3, syncing: false, chainId: "7", blocks: {}, seen: [], ...initial };
  const server = await httpServer((request, response, body) => {
    const method = methodOf(body);
    state.seen.push(`${request.method} ${request.url} ${method}`.trim());
    if (state.respond && state.respond(request, response, body) !== "usual") return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: resultOf(method, state, request, body) }));
  });
  return { ...server, state };
}

function methodOf(body: string): string {
  try {
    return (JSON.parse(body) as { method?: string }).method ?? "";
  } catch {
    return "";
  }
}

function resultOf(method: string, state: FakeState, request: IncomingMessage, body: string): unknown {
  const { height, timestamp = Date.now() / 1000, peers, syncing, chainId } = state;
  if (method === "head") {
    const { hash, target, broken } = state;
    return { height, time: Math.floor(timestamp), syncing, chainId, version: "1.2.3", hash, target, broken };
  }
  if (method === "block") return state.blocks[(JSON.parse(body) as { params: [number] }).params[0]] ?? null;
  if (method === "peers") return peers;
  return { method: request.method, url: request.url, headers: request.headers, body };
}

export const FAKE_PROBE: HealthProbe = {
  port: "rpc",
  requests: { head: { rpc: { method: "head" } }, peers: { rpc: { method: "peers" } } },
  head: {
    height: { from: "head", path: "height", as: "decimal" },
    timestamp: { from: "head", path: "time", as: "unix" },
    syncing: { from: "head", path: "syncing", as: "boolean" },
    chainId: { from: "head", path: "chainId", as: "string" },
    version: { from: "head", path: "version", as: "string" },
    peers: { from: "peers", path: "", as: "decimal" },
  },
};

/** The same node, asked for its blocks, its aim and its fault as well. */
export const BLOCK_PROBE: HealthProbe = {
  ...FAKE_PROBE,
  head: {
    ...FAKE_PROBE.head,
    hash: { from: "head", path: "hash", as: "string" },
    target: { from: "head", path: "target", as: "decimal" },
  },
  faults: [{ value: { from: "head", path: "broken", as: "boolean" }, code: "BROKEN", text: "is broken" }],
  checkpoint: { request: { rpc: { method: "block", params: ["$checkpoint"] } }, path: "" },
};

/** A hash that begins with these digits. */
export const hashOf = (start: string) => start.padEnd(64, "0");

export function inventoryNode(
  name: string,
  url: string,
  rest: Partial<InventoryNode> & { kind?: Kind } = {},
): InventoryNode {
  const process = {
    name,
    layer: "node",
    client: "fake",
    version: "1.2.3",
    questions: "fake",
    probeUrl: url,
    rpcUrl: url,
  } as const;
  return { name, group: name.replace(/-\d+$/, ""), kind: "full", servesRpc: true, processes: [process], ...rest };
}

/** An inventory with a fast rhythm; the agent's own ports are free ones. */
export async function fakeInventory(
  nodes: readonly InventoryNode[],
  rest: Partial<AgentInventory> = {},
): Promise<AgentInventory> {
  return {
    schemaVersion: 1,
    stack: "test",
    cluster: "toy",
    protocol: "toy",
    network: "main",
    listen: { host: "127.0.0.1", port: await deadPort() },
    proxy: {
      host: "127.0.0.1",
      port: await deadPort(),
      defaultGroup: nodes[0]?.group ?? "rpc",
      writes: "^/?(?:send|broadcast)",
      timeoutMs: 1000,
      maxBodyBytes: 10_000,
    },
    probe: { intervalSeconds: 0.1, timeoutMs: 3000, maxAnswerBytes: 100_000 },
    limits: {
      maxHeadAgeSeconds: 60,
      maxLagBlocks: 3,
      minPeers: 1,
      progressSeconds: 240,
      catchUpSeconds: 3600,
      silenceSeconds: 120,
      staleSeconds: 10,
      chainId: "7",
    },
    blockTimeSeconds: 1,
    questions: { fake: FAKE_PROBE },
    nodes,
    ...rest,
  };
}

/** Awaits a condition; tells what was seen last when it does not come. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (value: T) => boolean,
  seconds = 10,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s; last ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
