import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { StatusAlert, StatusDocument, StatusNode, StatusPoint } from "@chainkeep/core";

export function nodeStatus(name: string, more: Partial<StatusNode> = {}): StatusNode {
  return {
    name,
    group: name.replace(/-\d+$/, ""),
    kind: "full",
    client: "cometbft",
    alive: true,
    ready: true,
    inRotation: true,
    reasons: [],
    height: 100,
    hash: "AB",
    headAgeSeconds: 1,
    lagBlocks: 0,
    peers: 3,
    syncing: false,
    version: "0.38.19",
    rpcUrl: null,
    ...more,
  };
}

export function pointStatus(id: string, more: Partial<StatusPoint> = {}): StatusPoint {
  return {
    id,
    node: "mirror-0",
    lineage: "cometbft-full",
    client: "cometbft",
    version: "0.38.19",
    height: 90,
    blockHash: "ab",
    createdAt: 1_000_000,
    sizeBytes: 2048,
    verified: null,
    verifiedAt: null,
    bad: null,
    consistency: "clean-stop",
    lockedUntil: null,
    copies: [],
    ...more,
  };
}

export function alertStatus(more: Partial<StatusAlert> = {}): StatusAlert {
  return {
    name: "NodeDown",
    state: "firing",
    severity: "critical",
    node: "rpc-0",
    summary: "rpc-0 does not answer",
    startsAt: 1_000_000,
    endsAt: null,
    ...more,
  };
}

export function statusOf(more: Partial<StatusDocument> = {}): StatusDocument {
  return {
    schemaVersion: 1,
    stack: "local",
    cluster: "devnet",
    protocol: "cometbft",
    network: "private",
    time: 1_000_130,
    networkState: { halted: false, height: 100, secondsSinceProgress: 1 },
    nodes: [nodeStatus("rpc-0"), nodeStatus("mirror-0", { kind: "mirror" })],
    alerts: [],
    points: [],
    ...more,
  };
}

/** An agent that says whatever it is told to say. */
export class FakeAgent {
  /** Next answers, the last one for ever. Text is sent as it is. */
  answers: (StatusDocument | string)[] = [statusOf()];
  code = 200;
  port = 0;
  private server: Server | undefined;

  async listen(): Promise<this> {
    const server = createServer((_request, response) => {
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      response.writeHead(this.code, { "content-type": "application/json" });
      response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}
