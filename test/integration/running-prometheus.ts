import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

const LOOPBACK = "127.0.0.1";

/** A real Prometheus in a directory with prometheus.yml; `until` awaits what it has learnt. */
export class RunningPrometheus {
  private output = "";
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
  ) {
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk).slice(-4000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
  }

  static async start(program: string, directory: string, port: number, flags: readonly string[] = []) {
    const address = `${LOOPBACK}:${port}`;
    const args = [
      "--config.file=prometheus.yml",
      `--storage.tsdb.path=data-${port}`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn(program, [...args, ...flags], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    const running = new RunningPrometheus(child, address);
    try {
      await running.until("ready", async () => (await fetch(`http://${address}/-/ready`)).ok, Boolean);
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  /** Labels of every series of an instant query. */
  async series(query: string): Promise<Readonly<Record<string, string>>[]> {
    const answer = await fetch(`http://${this.address}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await answer.json()) as { data?: { result: { metric: Record<string, string> }[] } };
    return (data?.result ?? []).map(({ metric }) => metric);
  }

  async until<T>(what: string, look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
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
      await new Promise((resolve) => setTimeout(resolve, 100));
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

/** Ports that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.on("error", reject);
          server.listen(0, LOOPBACK, () => {
            const address = server.address();
            if (typeof address === "object" && address) resolve(address.port);
            else reject(new Error("no port"));
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
