import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";

export interface ServerLimits {
  readonly maxConnections: number;
  /** Until a request has arrived as a whole. */
  readonly requestTimeoutMs: number;
  /** A connection on which nothing moves for so long is closed. */
  readonly idleTimeoutMs: number;
}

/** An HTTP server that slow or broken clients cannot exhaust. */
export function limitedServer(listener: RequestListener, limits: ServerLimits): Server {
  const server = createServer(
    {
      headersTimeout: Math.min(10_000, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 16 * 1024,
    },
    listener,
  );
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") return socket.destroy();
    const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    const status = late
      ? "408 Request Timeout"
      : error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : "400 Bad Request";
    const body = JSON.stringify({ error: late ? "request did not arrive in time" : "this is no HTTP request" });
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return server;
}

export function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const where = `${at.host}:${at.port}`;
      const why = error.code === "EADDRINUSE" ? "another program uses this port" : error.message;
      reject(new Error(`cannot listen on ${where}: ${why}`));
    };
    server.once("error", failed);
    server.listen({ host: at.host, port: at.port, backlog: 1024 }, () => {
      server.off("error", failed);
      server.on("error", () => {});
      resolve();
    });
  });
}

/** Stops to accept, lets requests under way end, and cuts off what is left after the grace. */
export function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose request ends after this point would wait for a next one otherwise.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
  });
}

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(request, response, status, `${JSON.stringify(body)}\n`, {
    "content-type": "application/json; charset=utf-8",
    ...headers,
  });
}

export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { "cache-control": "no-store", "content-length": length, ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Body of a request up to a limit. */
export type BodyResult = { readonly body: Buffer } | { readonly problem: "too-large" | "broken" };

export function readBody(request: IncomingMessage, limit: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (result: BodyResult) => {
      request.off("data", onData).off("end", onEnd).off("error", onBroken).off("close", onBroken);
      resolve(result);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) done({ problem: "too-large" });
      else chunks.push(chunk);
    };
    const onEnd = () => done({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    const onBroken = () => done({ problem: "broken" });
    if (Number(request.headers["content-length"]) > limit) return resolve({ problem: "too-large" });
    request.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  });
}
