import { request } from "node:http";
import { LocalError } from "./problem";

/** State of a process as process-compose tells it. */
export interface ProcessState {
  readonly name: string;
  readonly status: string;
  readonly pid: number;
  readonly restarts: number;
  readonly exit_code: number;
  readonly age: number;
  readonly mem: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const QUICK_MS = 30_000;

/**
 * process-compose's API over its unix socket. A state is asked by name, never as the list of all: the list is built without a
 * lock and a change at the same moment would end the daemon. For the same reason `reload` and `start` need the caller's lock.
 */
export class SupervisorApi {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  async isLive(timeoutMs = QUICK_MS): Promise<boolean> {
    try {
      return (await this.send("GET", "/live", timeoutMs)).status === 200;
    } catch {
      // Refused, gone or mute: not live, whatever the reason.
      return false;
    }
  }

  /** Also answers for a process that was removed: what it was at last. */
  async state(name: string): Promise<ProcessState | undefined> {
    const { status, body } = await this.send("GET", `/process/${encodeURIComponent(name)}`);
    return status === 200 ? (body as ProcessState) : undefined;
  }

  /** Whether the supervisor holds it as running or as waiting for its next start. */
  async isHeld(name: string): Promise<boolean> {
    const { status, body } = await this.send("GET", `/process/ports/${encodeURIComponent(name)}`);
    // Without IPv6 the ports of a running process cannot be listed either: only this one refusal says that it does not run.
    return status === 200 || !errorText(body).includes("is not running");
  }

  /** Returns after the process has ended or its grace is over. */
  async stop(name: string, graceSeconds: number): Promise<void> {
    await this.send("PATCH", `/process/stop/${encodeURIComponent(name)}`, graceSeconds * 1000 + QUICK_MS);
  }

  async start(name: string): Promise<void> {
    await this.expect(await this.send("POST", `/process/start/${encodeURIComponent(name)}`), `start of ${name}`);
  }

  /** Makes the daemon read its project file: what is new starts, what has changed restarts, what is missing stops. */
  async reload(): Promise<void> {
    await this.expect(await this.send("POST", "/project/configuration", 10 * QUICK_MS), "reload of the project");
  }

  private async expect({ status, body }: Answer, what: string): Promise<void> {
    if (status === 200) return;
    const message = `refused the ${what}: ${errorText(body)}; see supervisor.log`;
    throw new LocalError("Supervisor", [{ path: this.socket, message, code: "SUPERVISOR_REFUSED" }]);
  }

  private send(method: string, path: string, timeoutMs = QUICK_MS): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        const message = `${reason}; run \`pulumi up --refresh\`, which starts the supervisor again if it is gone`;
        reject(new LocalError("Supervisor", [{ path: this.socket, message, code: "SUPERVISOR_UNREACHABLE" }]));
      };
      const call = request({ socketPath: this.socket, method, path, agent: false, timeout: timeoutMs }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", (error) => fail(error.message));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks)) }));
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} seconds`)));
      call.on("error", (error) => fail(error.message));
      call.end();
    });
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function errorText(body: unknown): string {
  const found = typeof body === "object" && body !== null && "error" in body ? body.error : body;
  return typeof found === "string" ? found : JSON.stringify(found ?? "no reason given");
}
