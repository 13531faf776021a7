import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** Headers that concern one connection and are never passed on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

type Headers = Record<string, string | string[]>;

/** What a node is told: the user's headers, and who asked. Length and host are the node's own connection's. */
export function requestHeaders(request: IncomingMessage): Headers {
  const drop = new Set(["host", "content-length", "expect", ...namedIn(request.headers.connection)]);
  return { ...passed(request.headers, drop), ...forwarded(request) };
}

/** Who asked, added to what proxies before us said. */
export function forwarded({ headers, socket }: IncomingMessage): Record<string, string> {
  const before = headers["x-forwarded-for"];
  const peer = socket.remoteAddress ?? "unknown";
  return {
    "x-forwarded-for": before === undefined ? peer : `${before}, ${peer}`,
    "x-forwarded-host": String(headers["x-forwarded-host"] ?? headers.host ?? ""),
    "x-forwarded-proto": String(headers["x-forwarded-proto"] ?? "http"),
  };
}

/** What the user is told: the node's headers, and which node it was. */
export function responseHeaders(headers: IncomingHttpHeaders, node: string): Headers {
  const drop = new Set(namedIn(headers.connection));
  return { ...passed(headers, drop), "x-chainkeep-node": node };
}

function passed(headers: IncomingHttpHeaders, drop: ReadonlySet<string>): Headers {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !HOP_BY_HOP.has(entry[0].toLowerCase()) && !drop.has(entry[0].toLowerCase()),
  );
  return Object.fromEntries(kept);
}

function namedIn(connection: string | string[] | undefined): string[] {
  return String(connection ?? "")
    .toLowerCase()
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
