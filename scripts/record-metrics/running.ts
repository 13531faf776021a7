import { type ChildProcess, spawn } from "node:child_process";

/** A program that is being recorded: ended by its pid, with its last words in every error. */
export class Running {
  private output = "";
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output = (this.output + chunk).slice(-2000);
      });
    }
    child.on("error", (error) => {
      this.output += String(error);
    });
  }

  static start(name: string, program: string, args: readonly string[], cwd: string): Running {
    return new Running(name, spawn(program, [...args], { cwd, stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** Awaits a condition. Fails when the program ends or two minutes are over. */
  async until<T>(what: string, look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    return until(`${this.name}: ${what}`, look, holds, () => {
      if (this.child.exitCode === null && this.child.pid !== undefined) return undefined;
      return `it has ended with ${this.child.exitCode}\n${this.output}`;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(patience);
  }
}

export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  dead: () => string | undefined = () => undefined,
): Promise<T> {
  const end = Date.now() + 120_000;
  let last: unknown;
  while (Date.now() < end) {
    const reason = dead();
    if (reason !== undefined) throw new Error(`${what}: ${reason}`);
    try {
      const value = await look();
      if (holds(value)) return value;
      last = String(JSON.stringify(value)).slice(0, 200);
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what}: did not come within two minutes; last seen ${last}`);
}

export async function scrape(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.text();
}

/** Awaits series by pattern: a recording without them would be of no use. */
export function withSeries(url: string, wanted: readonly RegExp[]): Promise<string> {
  return until(
    `${url}: ${wanted.join(", ")}`,
    () => scrape(url),
    (text) => wanted.every((pattern) => pattern.test(text)),
  );
}

/** JSON-RPC over HTTP; an answer with an error is an answer too. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  });
  return ((await answer.json()) as { result?: unknown }).result;
}
