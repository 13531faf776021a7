import type { InventoryProcess } from "@chainkeep/core";
import type { NodeRuntime, StopResult } from "../contracts";
import { VaultError } from "../vault-error";
import { type CommandEnd, runCommandLine } from "./run-command";

/** What a supervisor may need beside the process's own grace. */
const MARGIN_MS = 60_000;

/** How a control program ends when there is no such process any more, or no supervisor; part of what targets promise. */
export const GONE_EXIT = 3;

type Action = "stop" | "start" | "state";

const WORDS: Readonly<Record<Action, string>> = { stop: "stop", start: "start", state: "tell the state of" };

/** Stops and starts processes by the commands that the target wrote into the inventory. */
export class CommandRuntime implements NodeRuntime {
  constructor(private readonly marginMs = MARGIN_MS) {}

  async stop(process: InventoryProcess): Promise<StopResult> {
    const answer = await this.run(process, "stop", "RUNTIME_STOP");
    const { ended, seconds } = answer;
    if (ended !== "stopped" && ended !== "killed") throw odd(process, "stop", "RUNTIME_STOP", answer);
    return { ended, seconds: typeof seconds === "number" ? seconds : 0 };
  }

  async start(process: InventoryProcess): Promise<void> {
    const answer = await this.run(process, "start", "RUNTIME_START");
    if (answer.started !== true) throw odd(process, "start", "RUNTIME_START", answer);
  }

  async isRunning(process: InventoryProcess): Promise<boolean> {
    const answer = await this.run(process, "state", "RUNTIME_STATE");
    if (typeof answer.running !== "boolean") throw odd(process, "state", "RUNTIME_STATE", answer);
    return answer.running;
  }

  /** Carries out a command, and reads its answer. */
  private async run(process: InventoryProcess, action: Action, code: string): Promise<Record<string, unknown>> {
    const { vault, name } = process;
    if (!vault) throw new VaultError(code, `the inventory tells no command to ${WORDS[action]} ${name}; run pulumi up`);
    const command = vault.control[action];
    const timeoutMs = (action === "stop" ? vault.graceSeconds * 1000 : 0) + this.marginMs;
    const end = await runCommandLine(command, timeoutMs).catch((error: Error) => {
      throw new VaultError(code, `cannot ${WORDS[action]} ${name}: ${command[0]}: ${error.message}`);
    });
    if (end.code !== 0) throw failed(process, action, code, end);
    try {
      const answer: unknown = JSON.parse(end.out.trim().split("\n").at(-1) ?? "");
      if (typeof answer === "object" && answer !== null) return answer as Record<string, unknown>;
    } catch {
      // Told below, with what it printed.
    }
    throw odd(process, action, code, end.out);
  }
}

function failed({ name, vault }: InventoryProcess, action: Action, code: string, end: CommandEnd) {
  const why = end.err.trim().split("\n").slice(-3).join("; ") || `it printed nothing`;
  const late = end.late ? " because it did not end in time" : "";
  const how = end.signal ? `was ended by ${end.signal}${late}` : `ended with code ${end.code}`;
  const text = `cannot ${WORDS[action]} ${name}: ${vault?.control[action][0]} ${how}: ${why}`;
  return end.code === GONE_EXIT ? new VaultError("PROCESS_GONE", text) : new VaultError(code, text);
}

function odd({ name }: InventoryProcess, action: Action, code: string, answer: unknown): VaultError {
  const text = (typeof answer === "string" ? answer : JSON.stringify(answer)).slice(0, 200);
  return new VaultError(code, `cannot ${WORDS[action]} ${name}: its command answered ${JSON.stringify(text)}`);
}
