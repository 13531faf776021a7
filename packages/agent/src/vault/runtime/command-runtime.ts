import type { InventoryProcess } from "@chainkeep/core";
import type { NodeRuntime, StopResult } from "../contracts";
import { VaultError } from "../vault-error";
import { runCommandLine } from "./run-command";

/** What a supervisor may need beside the process's own grace. */
const MARGIN_MS = 60_000;

/** Stops and starts processes by the commands that the target wrote into the inventory. */
export class CommandRuntime implements NodeRuntime {
  async stop(process: InventoryProcess): Promise<StopResult> {
    const answer = await run(process, "stop", "RUNTIME_STOP");
    const { ended, seconds } = answer;
    if (ended !== "stopped" && ended !== "killed") throw odd(process, "stop", "RUNTIME_STOP", answer);
    return { ended, seconds: typeof seconds === "number" ? seconds : 0 };
  }

  async start(process: InventoryProcess): Promise<void> {
    const answer = await run(process, "start", "RUNTIME_START");
    if (answer.started !== true) throw odd(process, "start", "RUNTIME_START", answer);
  }

  async isRunning(process: InventoryProcess): Promise<boolean> {
    const answer = await run(process, "state", "RUNTIME_STATE");
    if (typeof answer.running !== "boolean") throw odd(process, "state", "RUNTIME_STATE", answer);
    return answer.running;
  }
}

async function run(
  process: InventoryProcess,
  action: "stop" | "start" | "state",
  code: string,
): Promise<Record<string, unknown>> {
  const { vault, name } = process;
  if (!vault) throw new VaultError(code, `the inventory tells no command to ${action} ${name}; run pulumi up`);
  const command = vault.control[action];
  const timeoutMs = (action === "stop" ? vault.graceSeconds * 1000 : 0) + MARGIN_MS;
  const end = await runCommandLine(command, timeoutMs).catch((error: Error) => {
    throw new VaultError(code, `cannot ${action} ${name}: ${command[0]}: ${error.message}`);
  });
  if (end.code !== 0) {
    const why = end.err.trim().split("\n").slice(-3).join("; ") || `it printed nothing`;
    const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
    throw new VaultError(code, `cannot ${action} ${name}: ${command[0]} ${how}: ${why}`);
  }
  try {
    const answer: unknown = JSON.parse(end.out.trim().split("\n").at(-1) ?? "");
    if (typeof answer === "object" && answer !== null) return answer as Record<string, unknown>;
  } catch {
    // Told below, with what it printed.
  }
  throw odd(process, action, code, end.out);
}

function odd({ name }: InventoryProcess, action: string, code: string, answer: unknown): VaultError {
  const text = (typeof answer === "string" ? answer : JSON.stringify(answer)).slice(0, 200);
  return new VaultError(code, `cannot ${action} ${name}: its command answered ${JSON.stringify(text)}`);
}
