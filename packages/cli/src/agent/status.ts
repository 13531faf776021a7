import type { StatusDocument } from "@chainkeep/core";
import { CliError, EXIT } from "../errors";

const PATIENCE_MS = 5_000;

/** What the agent said, as text and read. */
export interface Answer {
  readonly text: string;
  readonly status: StatusDocument;
}

/**
 * Asks an agent.
 *
 * @throws CliError with exit code 3 when it does not answer, or answers something else
 */
export async function askStatus(url: string): Promise<Answer> {
  const text = await get(`${url}/status`);
  const status = parsed(text);
  if (status) return { text, status };
  const start = JSON.stringify(text.slice(0, 60));
  throw new CliError(`${url} answers ${start}, which is no status; is it an agent?`, "NO_STATUS", EXIT.unreachable);
}

async function get(address: string): Promise<string> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "error" });
    if (answer.ok) return await answer.text();
    throw new Error(`status code ${answer.status}`);
  } catch (error) {
    const message = `${address} does not answer (${reasonOf(error)}); is the stack running? Start it with "npm start"`;
    throw new CliError(message, "AGENT_UNREACHABLE", EXIT.unreachable);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : error.message;
}

function parsed(text: string): StatusDocument | undefined {
  try {
    const value = JSON.parse(text) as Partial<StatusDocument> | null;
    const fits =
      value?.schemaVersion === 1 &&
      typeof value.networkState === "object" &&
      [value.nodes, value.alerts, value.points].every(Array.isArray);
    return fits ? (value as StatusDocument) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether somebody has to look: a node is not ready, the network stands, or a critical alert fires. */
export function isWell({ networkState, nodes, alerts }: StatusDocument): boolean {
  const critical = alerts.some((alert) => alert.state === "firing" && alert.severity === "critical");
  return !networkState.halted && !critical && nodes.every((node) => node.ready);
}
