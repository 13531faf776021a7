import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { NewSilence, RoutedAlert, Silence } from "./alertmanager";
import type { ActiveAlert, Sample } from "./prometheus";

/** Prometheus and Alertmanager on one port, which say whatever they are told to say. */
export class FakeMonitoring {
  active: ActiveAlert[] = [];
  routed: RoutedAlert[] = [];
  silences: Silence[] = [];
  samples: Sample[] = [];
  /** Expressions that were asked. */
  readonly queries: string[] = [];
  /** Sent as it is instead of an answer. */
  nonsense: string | undefined;
  url = "";
  private server: Server | undefined;

  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      this.answer(request).then(({ code, body }) => {
        response.writeHead(code, { "content-type": "application/json" });
        response.end(this.nonsense ?? JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }

  private async answer(request: IncomingMessage): Promise<{ code: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/api/v1/alerts") return ok({ status: "success", data: { alerts: this.active } });
    if (pathname === "/api/v1/query") {
      this.queries.push(searchParams.get("query") ?? "");
      return ok({ status: "success", data: { result: this.samples } });
    }
    if (pathname === "/api/v2/alerts") return ok(this.routed);
    if (pathname === "/api/v2/silences" && request.method === "POST") return ok(this.add(await bodyOf(request)));
    if (pathname === "/api/v2/silences") return ok(this.silences);
    if (pathname.startsWith("/api/v2/silence/") && request.method === "DELETE") return this.end(pathname.slice(16));
    return { code: 404, body: {} };
  }

  private add(silence: NewSilence): { silenceID: string } {
    const id = `id-${this.silences.length + 1}`;
    this.silences.push({ ...silence, id, status: { state: "active" } });
    return { silenceID: id };
  }

  private end(id: string): { code: number; body: unknown } {
    const known = this.silences.some((s) => s.id === id);
    this.silences = this.silences.map((s) => (s.id === id ? { ...s, status: { state: "expired" } } : s));
    return known ? ok({}) : { code: 404, body: {} };
  }
}

function ok(body: unknown): { code: number; body: unknown } {
  return { code: 200, body };
}

async function bodyOf(request: IncomingMessage): Promise<NewSilence> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as NewSilence;
}

export function activeAlert(labels: Record<string, string>, more: Partial<ActiveAlert> = {}): ActiveAlert {
  return {
    labels: { network: "private", stack: "local", severity: "critical", owner: "ops", ...labels },
    annotations: {
      summary: `${labels.alertname} of ${labels.node ?? "the network"}`,
      description: "what it says",
      runbook_url: `http://127.0.0.1:26680/runbooks/${labels.alertname}`,
    },
    state: "firing",
    activeAt: "2026-11-24T10:00:00.5Z",
    value: "1e+00",
    ...more,
  };
}

export function routedAlert({ labels }: ActiveAlert, status: Partial<RoutedAlert["status"]> = {}): RoutedAlert {
  // Alertmanager's order of labels is its own.
  const reversed = Object.fromEntries(Object.entries(labels).reverse());
  return { labels: reversed, status: { state: "active", silencedBy: [], inhibitedBy: [], mutedBy: [], ...status } };
}
