import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An alert as a person's receiver got it. */
export interface Delivered {
  readonly name: string;
  readonly node: string | undefined;
  readonly state: "firing" | "resolved";
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

interface Message {
  readonly alerts: readonly {
    readonly status: "firing" | "resolved";
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Where a person would hear of alerts: keeps what arrives. Can be closed and opened again at the same address. */
export class Receiver {
  delivered: Delivered[] = [];
  private server: Server | undefined;
  private port = 0;

  async open(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.keep(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Message);
        response.end();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/alerts`;
  }

  /** The newest word on an alert, or undefined when there was none since a moment. */
  last(name: string, node: string | undefined, since: number): Delivered | undefined {
    return this.delivered.filter((d) => d.name === name && d.node === node && d.receivedAt >= since).at(-1);
  }

  private keep({ alerts }: Message): void {
    const receivedAt = Date.now();
    for (const { status, labels, annotations } of alerts) {
      const { alertname: name = "", node, severity = "" } = labels;
      this.delivered.push({ name, node, state: status, severity, labels, annotations, receivedAt });
    }
  }
}
