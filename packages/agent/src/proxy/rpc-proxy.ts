import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type AgentInventory, didYouMean, type InventoryProxy } from "@chainkeep/core";
import { rpcUrlOf } from "../fleet/fleet";
import type { FleetState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import type { Metrics } from "../metrics/metrics";
import { Pools } from "../probe/pools";
import { close, limitedServer, listen, readBody, sendJson } from "../server/http";
import { Chooser, destinationOf, groupsOf, membersOf } from "./choose";
import { forward, refuseUnready } from "./forward";
import { isWebSocket, joinUpgrade } from "./upgrade";

export interface ProxyContext {
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
  readonly metrics: Metrics;
}

const LIMITS = { maxConnections: 4096, requestTimeoutMs: 60_000, idleTimeoutMs: 300_000 };
/** Bodies that wait here hold at most so much together. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** The address that users ask: passes requests to nodes that are ready, and says why when there is none. */
export class RpcProxy {
  private readonly server: Server;
  private readonly chooser: Chooser;
  private readonly reads: Pools;
  private readonly writes: Pools;
  private readonly joined = new Set<Duplex>();
  private held = 0;

  constructor(
    readonly settings: InventoryProxy,
    private readonly context: ProxyContext,
  ) {
    this.chooser = new Chooser(context.rotation);
    this.reads = new Pools(poolSettings(settings, 4000));
    this.writes = new Pools(poolSettings(settings, 0));
    this.server = limitedServer((request, response) => this.onRequest(request, response), LIMITS);
    this.server.on("upgrade", (request, socket, head) => this.onUpgrade(request, socket, head));
  }

  start(): Promise<void> {
    return listen(this.server, this.settings);
  }

  /** Takes over another inventory; the address stays. */
  update({ nodes, proxy = this.settings }: AgentInventory): void {
    const urls = nodes.flatMap((node) => rpcUrlOf(node) ?? []);
    const origins = new Set(urls.map((url) => new URL(url).origin));
    this.reads.keep(origins, poolSettings(proxy, 4000));
    this.writes.keep(origins, poolSettings(proxy, 0));
  }

  /** After a fault of the agent: new connections for everybody. */
  renew(): void {
    this.reads.renew();
    this.writes.renew();
  }

  async stop(graceMs: number): Promise<void> {
    // WebSockets do not end by themselves; their users connect again.
    for (const socket of this.joined) socket.destroy();
    await close(this.server, graceMs);
    await Promise.all([this.reads.destroy(), this.writes.destroy()]);
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const started = performance.now();
    request.on("error", () => {});
    response.on("error", () => {});
    const destination = destinationOf(request.url ?? "/", this.context.inventory());
    const group = "unknown" in destination ? "unknown" : destination.group;
    let isRpcError = false;
    response.once("close", () => {
      this.context.metrics.countRequest(group, isRpcError ? "rpc_error" : codeOf(response));
      this.context.metrics.observeAnswer(group, (performance.now() - started) / 1000);
    });
    const onRpcError = () => {
      isRpcError = true;
    };
    this.serve(request, response, onRpcError).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : "unknown";
      if (response.headersSent) response.destroy(new Error(text));
      else sendJson(request, response, 500, { error: `proxy failed: ${text}` });
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse, onRpcError: () => void): Promise<void> {
    const inventory = this.context.inventory();
    if (!request.url?.startsWith("/")) return refuseBody(request, response, "use a path, not a whole address", 400);
    const destination = destinationOf(request.url, inventory);
    if ("unknown" in destination) return refuseGroup(request, response, destination.unknown, inventory);
    const { maxBodyBytes } = inventory.proxy ?? this.settings;
    const result = await readBody(request, maxBodyBytes);
    if ("problem" in result) {
      if (result.problem === "too-large")
        refuseBody(request, response, `body is longer than ${maxBodyBytes} bytes`, 413);
      return;
    }
    const { body } = result;
    if (this.held + body.length > MAX_HELD_BYTES) {
      return refuseBody(request, response, "too many large requests at the same time", 503);
    }
    this.held += body.length;
    try {
      const { group } = destination;
      const nodes = this.chooser.order(group, this.context.fleet());
      if (nodes.length === 0) return refuseUnready(request, response, group, this.reasons(group), inventory);
      const { rotation, metrics } = this.context;
      const onRetry = () => metrics.countRetry(group);
      const context = { inventory, reads: this.reads, writes: this.writes, rotation, onRetry, onRpcError };
      await forward(request, response, destination, body, nodes, context);
    } finally {
      this.held -= body.length;
    }
  }

  private reasons(group: string) {
    const { fleet, rotation } = this.context;
    return membersOf(group, fleet()).map((state) => ({ node: state.node.name, reasons: rotation.reasons(state) }));
  }

  private onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => {});
    this.upgrade(request, socket, head).catch(() => socket.destroy());
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const inventory = this.context.inventory();
    const destination = destinationOf(request.url ?? "/", inventory);
    if ("unknown" in destination) return refuseSocket(socket, "404 Not Found", { error: "unknown group" });
    if (!isWebSocket(request))
      return refuseSocket(socket, "400 Bad Request", { error: "only WebSockets are passed on" });
    const { group } = destination;
    const { metrics, rotation, fleet } = this.context;
    const nodes = this.chooser.order(group, fleet());
    const { timeoutMs } = inventory.proxy ?? this.settings;
    const upstream = await joinUpgrade(request, socket, head, destination, nodes, timeoutMs, rotation);
    metrics.countRequest(group, upstream ? "101" : "503");
    if (!upstream) {
      const error = `no node of group ${JSON.stringify(group)} is ready`;
      return refuseSocket(socket, "503 Service Unavailable", { error, group, nodes: this.reasons(group) });
    }
    this.joined.add(socket);
    socket.once("close", () => this.joined.delete(socket));
  }
}

/**
 * What a request counts as: the status that the user got. A user who went away before the end is 499, whatever had been sent; a node
 * that broke off in the middle of its answer is 502 although its status was passed on.
 */
function codeOf(response: ServerResponse): string {
  if (response.writableFinished) return String(response.statusCode);
  return response.errored ? "502" : "499";
}

function poolSettings({ timeoutMs }: InventoryProxy, keepAliveMs: number) {
  return { connections: 128, connectTimeoutMs: timeoutMs, keepAliveMs };
}

function refuseGroup(
  request: IncomingMessage,
  response: ServerResponse,
  group: string,
  inventory: AgentInventory,
): void {
  const groups = groupsOf(inventory);
  const name = group.slice(0, 100);
  const error = `unknown group ${JSON.stringify(name)}${didYouMean(name, groups)}`;
  sendJson(request, response, 404, { error, groups });
}

/** What is left of the body is not read: the connection ends with the answer. */
function refuseBody(request: IncomingMessage, response: ServerResponse, error: string, status: number): void {
  sendJson(request, response, status, { error }, { connection: "close" });
  request.resume();
}

function refuseSocket(socket: Duplex, status: string, body: unknown): void {
  if (socket.destroyed) return;
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
