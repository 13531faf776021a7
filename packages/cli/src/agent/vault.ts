import { readFile } from "node:fs/promises";
import {
  type RecoveryPoint,
  type RestorePlan,
  type StatusDocument,
  type StatusPoint,
  type StatusVault,
  statusPoint,
  type VaultJob,
  type VaultJobRequest,
} from "@chainkeep/core";
import { CliError, EXIT } from "../errors";
import { checkedStack, findProject } from "../project/project";
import { chosenAgents } from "./discover";
import { ask } from "./http";
import { askStatus } from "./status";

export interface VaultOptions {
  readonly stack: string;
  readonly cluster?: string;
  readonly agent?: string;
  readonly json?: boolean;
}

/** The vault of one cluster, through its agent. */
export interface VaultPlace {
  readonly url: string;
  readonly status: StatusDocument;
  readonly vault: StatusVault;
}

/**
 * The one cluster that is meant.
 *
 * @throws CliError when there are several, when it has no vault, and with exit code 3 when its agent does not answer
 */
export async function vaultPlace(options: VaultOptions): Promise<VaultPlace> {
  const agents = await chosenAgents(findProject, { ...options, stack: checkedStack(options.stack) });
  const [agent, ...more] = agents;
  if (!agent || more.length > 0) {
    const names = agents.map((a) => a.cluster).join(", ");
    throw new CliError(`several clusters here; name one with --cluster: ${names}`, "MANY_CLUSTERS", EXIT.usage);
  }
  const { status } = await askStatus(agent);
  if (!status.vault) {
    const message = `${status.cluster} has no vault; give it backup: { vault } in the program and deploy`;
    throw new CliError(message, "NO_VAULT", EXIT.usage);
  }
  return { url: agent.url, status, vault: status.vault };
}

/** The points as the agent knows them; one that has just begun asks its store first. */
export async function askPoints({ url, status, vault }: VaultPlace): Promise<readonly StatusPoint[]> {
  if (vault.pointsAt !== null) return status.points;
  const answer = await ask(`${url}/vault/points`, { expects: [200, 500], code: "AGENT_UNREACHABLE" });
  const value = parsed(answer.text) as Partial<Record<"error" | "code", string>> & { points?: RecoveryPoint[] };
  if (value?.points) return value.points.map(statusPoint);
  const { error = `status code ${answer.status}`, code = "STORE_FAILED" } = value ?? {};
  // The agent's text ends with the code, which is printed behind every error.
  throw new CliError(error.replace(` [${code}]`, ""), code, EXIT.problem);
}

/** Asks for a job. What is wrong with it is told at once, all of it. */
export async function submitJob(place: VaultPlace, request: VaultJobRequest): Promise<VaultJob> {
  return (await post(place, "/vault/jobs", request)) as VaultJob;
}

export async function askRestorePlan(
  place: VaultPlace,
  request: Omit<Extract<VaultJobRequest, { kind: "restore" }>, "kind">,
): Promise<RestorePlan> {
  return (await post(place, "/vault/restore-plan", request)) as RestorePlan;
}

export async function askJob({ url }: VaultPlace, id: string): Promise<VaultJob> {
  const { text } = await ask(`${url}/vault/jobs/${encodeURIComponent(id)}`, { code: "AGENT_UNREACHABLE" });
  return JSON.parse(text) as VaultJob;
}

async function post({ url, vault }: VaultPlace, path: string, body: unknown): Promise<unknown> {
  const token = await tokenOf(vault);
  const expects = [202, 400, 401, 404, 413, 415, 500];
  const answer = await ask(`${url}${path}`, { method: "POST", body, token, expects, code: "AGENT_UNREACHABLE" });
  const value = parsed(answer.text);
  if (answer.status === 200 || answer.status === 202) return value;
  const error = (value as { error?: unknown } | undefined)?.error ?? `status code ${answer.status}`;
  throw new CliError(String(error), "JOB_REFUSED", answer.status === 400 ? EXIT.usage : EXIT.problem);
}

async function tokenOf({ controlTokenFile: file }: StatusVault): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const message = `cannot read ${file} (${(error as Error).message}); run this where the agent runs, as the same user`;
    throw new CliError(message, "VAULT_TOKEN", EXIT.problem);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
