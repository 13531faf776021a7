import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "./free-ports";
import { RunningService } from "./running-service";

const LOOPBACK = "127.0.0.1";

export type Labels = Readonly<Record<string, string>>;

export interface PostedAlert {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

export interface SeenAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly status: {
    readonly state: string;
    readonly inhibitedBy: readonly string[];
    readonly mutedBy: readonly string[];
  };
}

/** Alerts that are told together, to one receiver. */
export interface AlertGroup {
  readonly labels: Labels;
  readonly alerts: readonly SeenAlert[];
}

/** What a webhook was told, newest last. */
export interface Delivered {
  readonly status: string;
  readonly labels: Labels;
}

/** The agent's place: keeps every alert that it is told of. */
export class Webhook {
  readonly delivered: Delivered[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Webhook> {
    const server = createServer();
    const hook = new Webhook(server);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk;
      });
      request.on("end", () => {
        hook.delivered.push(...(JSON.parse(body) as { alerts: Delivered[] }).alerts);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
    return hook;
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}/alerts/webhook`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export class RunningAlertmanager extends RunningService {
  static async start(program: string, directory: string, env: Labels = {}): Promise<RunningAlertmanager> {
    const address = `${LOOPBACK}:${await freePort()}`;
    const args = ["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="];
    return new RunningAlertmanager({
      program,
      args: [...args, `--web.listen-address=${address}`],
      directory,
      env,
      address,
    }).ready();
  }

  async post(...alerts: PostedAlert[]): Promise<void> {
    const answer = await fetch(`${this.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    if (!answer.ok) throw new Error(`alerts refused: ${answer.status} ${await answer.text()}`);
  }

  async alerts(): Promise<SeenAlert[]> {
    return (await (await fetch(`${this.url}/api/v2/alerts`)).json()) as SeenAlert[];
  }

  async groups(receiver: string): Promise<AlertGroup[]> {
    const query = new URLSearchParams({ receiver, muted: "true" });
    return (await (await fetch(`${this.url}/api/v2/alerts/groups?${query}`)).json()) as AlertGroup[];
  }
}
