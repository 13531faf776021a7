import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import { CliError, EXIT } from "../errors";
import { type Project, runDir } from "../project/project";

/** An agent that answers for a cluster. */
export interface AgentAddress {
  /** Undefined when the user gave only the address. */
  readonly cluster: string | undefined;
  readonly stack: string | undefined;
  readonly url: string;
  /** Names of the nodes that the agent should know. */
  readonly nodes: readonly string[];
  /** Where the cluster keeps its files. */
  readonly stateDir: string | undefined;
}

/** A cluster that has files here, running or not. */
export interface ClusterFiles {
  readonly cluster: string;
  readonly stateDir: string;
}

/** Clusters of a stack, by their directories. */
export async function findClusters(project: Project, stack: string): Promise<ClusterFiles[]> {
  const run = runDir(project, stack);
  const entries = await readdir(run, { withFileTypes: true }).catch(() => []);
  // What belongs to no cluster, as the files of vaults, has an underscore.
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("_")).map(({ name }) => name);
  return names.sort().map((cluster) => ({ cluster, stateDir: path.join(run, cluster) }));
}

/** Agents of a stack's clusters, by the files that the stack wrote. */
export async function findAgents(project: Project, stack: string): Promise<AgentAddress[]> {
  const clusters = await findClusters(project, stack);
  const found = await Promise.all(clusters.map(({ stateDir }) => agentOf(stateDir)));
  return found.filter((agent) => agent !== undefined);
}

async function agentOf(stateDir: string): Promise<AgentAddress | undefined> {
  const file = path.join(stateDir, "agent", "agent.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const inventory = parsed(text);
  if (inventory === undefined)
    throw new CliError(`${file} is no inventory; run "npm start" to write it anew`, "BAD_INVENTORY");
  const { host, port } = inventory.listen;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const { cluster, stack } = inventory;
  return { cluster, stack, url, nodes: inventory.nodes.map((node) => node.name), stateDir };
}

function parsed(text: string): Pick<AgentInventory, "stack" | "cluster" | "listen" | "nodes"> | undefined {
  try {
    const value = JSON.parse(text) as Partial<AgentInventory> | null;
    const fits =
      typeof value?.cluster === "string" &&
      typeof value.stack === "string" &&
      typeof value.listen?.host === "string" &&
      Number.isInteger(value.listen.port) &&
      Array.isArray(value.nodes);
    return fits ? (value as AgentInventory) : undefined;
  } catch {
    return undefined;
  }
}

/** The agents that a command is about. Throws when there is none. */
export async function chosenAgents(
  project: () => Project,
  options: { readonly stack: string; readonly cluster?: string; readonly agent?: string },
): Promise<AgentAddress[]> {
  if (options.agent !== undefined)
    return [{ cluster: undefined, stack: undefined, url: checkedUrl(options.agent), nodes: [], stateDir: undefined }];
  const home = project();
  const all = await findAgents(home, options.stack);
  if (all.length === 0) {
    const message = `no cluster of stack ${options.stack} below ${runDir(home, options.stack)}; start one with "npm start", or give --agent URL`;
    throw new CliError(message, "NO_AGENT", EXIT.unreachable);
  }
  return options.cluster === undefined ? all : [oneOf(all, options.cluster)];
}

/** The cluster of that name; an error that lists the others. */
export function oneOf<T extends { readonly cluster: string | undefined }>(all: readonly T[], cluster: string): T {
  const found = all.find((one) => one.cluster === cluster);
  if (found) return found;
  const names = all.map((one) => one.cluster).join(", ");
  throw new CliError(`--cluster: got ${JSON.stringify(cluster)}; this stack has ${names}`, "NO_CLUSTER", EXIT.usage);
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text.replace(/\/+$/, "");
  const message = `--agent: got ${JSON.stringify(text)}; use an address such as http://127.0.0.1:26680`;
  throw new CliError(message, "AGENT_URL", EXIT.usage);
}
