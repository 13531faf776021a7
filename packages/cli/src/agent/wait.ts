import type { StatusDocument } from "@chainkeep/core";
import { CliError } from "../errors";
import type { AgentAddress } from "./discover";
import { askStatus } from "./status";

/** Why a cluster is not up yet; empty when it is. */
export function notYet(agent: AgentAddress, first: number | null, status: StatusDocument): string[] {
  const known = new Set(status.nodes.map((node) => node.name));
  const { halted, height } = status.networkState;
  const rises = height !== null && first !== null && height > first;
  return [
    ...agent.nodes.filter((name) => !known.has(name)).map((name) => `${name}: not known to the agent yet`),
    ...status.nodes
      .filter((node) => !node.ready)
      .map((node) => `${node.name}: ${node.reasons.map((reason) => reason.code).join(", ") || "not ready"}`),
    ...(halted ? ["the network stands still"] : []),
    ...(halted || rises ? [] : ["no new block seen yet"]),
  ];
}

export interface WaitOptions {
  /** Unix milliseconds at which patience ends. */
  readonly until: number;
  readonly everyMs?: number;
  /** Told at every look what is still missing. */
  readonly tell?: (missing: readonly string[]) => void;
}

export interface Waited {
  readonly status: StatusDocument | undefined;
  /** Empty when blocks flow and all nodes are ready. */
  readonly missing: readonly string[];
}

/** Looks again and again until a cluster is up, or patience ends. An agent that does not answer yet is waited for too. */
export async function waitForCluster(
  agent: AgentAddress,
  { until, everyMs = 1000, tell }: WaitOptions,
): Promise<Waited> {
  let first: number | null = null;
  let last: Waited = { status: undefined, missing: ["not asked yet"] };
  do {
    last = await look(agent, first, last.status);
    first ??= last.status?.networkState.height ?? null;
    if (last.missing.length === 0) return last;
    tell?.(last.missing);
    await new Promise((resolve) => setTimeout(resolve, Math.min(everyMs, Math.max(0, until - Date.now()))));
  } while (Date.now() < until);
  return last;
}

async function look(agent: AgentAddress, first: number | null, before: StatusDocument | undefined): Promise<Waited> {
  try {
    const { status } = await askStatus(agent);
    return { status, missing: notYet(agent, first, status) };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { status: before, missing: [error.message] };
  }
}
