import { type ChildProcess, spawn } from "node:child_process";

export interface ServiceInput {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  /** host:port where it answers `/-/ready`. */
  readonly address: string;
}

/** A service of the Prometheus family as a process of its own. */
export class RunningService {
  readonly address: string;
  private readonly child: ChildProcess;
  private output = "";

  constructor({ program, args, directory, env = {}, address }: ServiceInput) {
    this.address = address;
    const options = { cwd: directory, env: { ...process.env, ...env } };
    this.child = spawn(program, [...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk).slice(-4000);
    };
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
  }

  get url(): string {
    return `http://${this.address}`;
  }

  /** Waits until it is ready; one that does not become it is ended. */
  async ready(): Promise<this> {
    try {
      await this.until("ready", async () => (await fetch(`${this.url}/-/ready`)).ok, Boolean);
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** Awaits a condition; what it last saw, and what the program printed, are in the error. */
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
