import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { rpcUrlOf } from "../fleet/fleet";
import type { NodeState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import { failureOf, isOwnFault } from "../probe/failure";
import type { Destination } from "./choose";
import { forwarded } from "./headers";

/**
 * Joins a user's WebSocket with a node's: the request is passed on as it came, and from then on bytes flow both ways. Tries
 * the next node as long as no connection could be made.
 *
 * @returns The node that it was joined with, or undefined if there was none.
 */
export async function joinUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  destination: Destination,
  nodes: readonly NodeState[],
  timeoutMs: number,
  rotation: Rotation,
): Promise<Socket | undefined> {
  for (const { node } of nodes) {
    const url = new URL(rpcUrlOf(node) ?? "");
    const dialled = await dial(url, timeoutMs);
    if ("failure" in dialled) {
      if (!dialled.ownFault) rotation.unreachable(node.name, `a request failed: ${dialled.failure}`);
      continue;
    }
    const { upstream } = dialled;
    if (socket.destroyed) {
      upstream.destroy();
      return undefined;
    }
    upstream.write(requestText(request, url, destination.path));
    if (head.length > 0) upstream.write(head);
    join(socket, upstream);
    return upstream;
  }
  return undefined;
}

/** Whether the request asks for a WebSocket; other protocols are not passed on. */
export function isWebSocket({ headers, method }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

type Dialled = { readonly upstream: Socket } | { readonly failure: string; readonly ownFault: boolean };

function dial(url: URL, timeoutMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const secure = url.protocol === "https:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port) || (secure ? 443 : 80);
    const socket = secure ? tlsConnect({ host, port, servername: host }) : connect({ host, port });
    const timer = setTimeout(() => failed({ code: "UND_ERR_CONNECT_TIMEOUT" }), timeoutMs);
    const failed = (error: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ failure: failureOf(error).text, ownFault: isOwnFault(error) });
    };
    socket.once("error", failed);
    socket.once(secure ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve({ upstream: socket });
    });
  });
}

function join(a: Duplex, b: Socket): void {
  if ("setTimeout" in a) (a as Socket).setTimeout(0);
  b.setNoDelay(true);
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

/** The user's request line and headers, for the node's host and path. */
function requestText(request: IncomingMessage, url: URL, path: string): string {
  const own = forwarded(request);
  const base = url.pathname.replace(/\/+$/, "");
  const lines = [`${request.method} ${base}${path} HTTP/1.1`, `host: ${url.host}`];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(i, i + 2);
    if (name.toLowerCase() !== "host" && !Object.hasOwn(own, name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  for (const [name, value] of Object.entries(own)) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
