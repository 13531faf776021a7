import type { StatusDocument } from "@chainkeep/core";
import { CliError, EXIT } from "../errors";
import type { AgentAddress } from "./discover";
import { ask } from "./http";

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
export async function askStatus(agent: Pick<AgentAddress, "url" | "stack" | "cluster">): Promise<Answer> {
  const { url, stack, cluster } = agent;
  const { text } = await ask(`${url}/status`, { code: "AGENT_UNREACHABLE" });
  const status = parsed(text);
  if (status === undefined) {
    const start = JSON.stringify(text.slice(0, 60));
    throw new CliError(`${url} answers ${start}, which is no status; is it an agent?`, "NO_STATUS", EXIT.unreachable);
  }
  if ((cluster ?? status.cluster) !== status.cluster || (stack ?? status.stack) !== status.stack) {
    const message = `${url} answers for cluster ${status.cluster} of stack ${status.stack}, not for ${cluster} of ${stack}: another stack uses this port; stop it, or choose other hostPorts`;
    throw new CliError(message, "OTHER_AGENT", EXIT.unreachable);
  }
  return { text, status };
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
