import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createListener } from "node:net";

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

export class RunningAlertmanager {
  private output = "";
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk).slice(-4000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
  }

  static async start(program: string, directory: string, env: Labels = {}): Promise<RunningAlertmanager> {
    const address = `${LOOPBACK}:${await freePort()}`;
    const args = ["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="];
    const child = spawn(program, [...args, `--web.listen-address=${address}`], {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const running = new RunningAlertmanager(child, `http://${address}`);
    try {
      await running.until("ready", async () => (await fetch(`${running.url}/-/ready`)).ok, Boolean);
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
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

  /** Awaits a condition; what it last saw, and what Alertmanager printed, are in the error. */
  async until<T>(what: string, look: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
    const end = Date.now() + 30_000;
    let last: unknown;
    while (Date.now() < end && this.child.exitCode === null) {
      try {
        const value = await look();
        if (holds(value)) return value;
        last = value;
      } catch (error) {
        last = String(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${what}: did not come; last seen ${JSON.stringify(last)}\n${this.output}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.pid === undefined) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const impatient = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(impatient);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createListener();
    listener.on("error", reject);
    listener.listen(0, LOOPBACK, () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}
