import * as path from "node:path";
import type { FilePlan, NodePlan, ProcessPlan } from "@chainkeep/core";
import type { GrafanaProgram } from "../monitoring/grafana-program";

/** Paths of the programs that this machine runs. */
export interface Programs {
  /** Node.js, which runs the agent. */
  readonly node: string;
  readonly agentBundle: string;
  /** Path of an executable by its name. */
  readonly find: (binary: string) => string;
  /** Absent where this machine has none, or nobody wants it. */
  readonly grafana?: GrafanaProgram;
}

/** A supervised process, as the provider takes it. */
export interface RenderedProcess {
  readonly name: string;
  readonly command: string[];
  readonly env: Record<string, string>;
  readonly workingDir: string;
  readonly prepare: string[][];
  /** Runs before `prepare`, where there is no data yet. */
  readonly bootstrap?: string[][];
  readonly argsFile: string | undefined;
  readonly stopSignal: "SIGTERM" | "SIGINT";
  readonly graceSeconds: number;
  readonly backoffSeconds: number;
  readonly ports: number[];
}

/** Seconds between a crash and the next start: long enough for a scrape to see it, short enough for nobody to wait. */
export const BACKOFF_SECONDS = 5;

/** One node's process as a command line of this machine. */
export function renderProcess(process: ProcessPlan, programs: Programs): RenderedProcess {
  const { client } = process;
  const argsFile = process.prepare.find((step) => step.argsFile !== undefined)?.argsFile;
  return {
    name: process.name,
    command: [programs.find(client.release.program.binary), ...process.args],
    env: { ...process.env },
    workingDir: process.home,
    prepare: process.prepare.map((step) => [programs.node, programs.agentBundle, ...step.agent]),
    argsFile: argsFile === undefined ? undefined : path.join(process.home, argsFile),
    stopSignal: process.stop.signal,
    graceSeconds: process.stop.graceSeconds,
    backoffSeconds: BACKOFF_SECONDS,
    ports: tcpPorts(process),
  };
}

/** Ports that can be tried before a start; a port for UDP alone says nothing when it is tried over TCP. */
function tcpPorts({ portDefinitions, ports }: ProcessPlan): number[] {
  return portDefinitions.filter((p) => p.transport !== "udp").flatMap((p) => ports[p.name] ?? []);
}

/** Step that fetches a node's data from the vault when it has none. It needs the agent's files, not the agent. */
export function bootstrapStep(node: string, process: string, inventory: string, programs: Programs): string[] {
  const { node: program, agentBundle } = programs;
  return [program, agentBundle, "bootstrap", "--inventory", inventory, "--node", node, "--process", process];
}

/** The agent's inventory in its directory. */
export const INVENTORY_FILE = "agent.json";

export interface AgentInput {
  readonly directory: string;
  readonly ports: readonly number[];
}

/**
 * An agent that is told to end in the middle of a backup starts the node first, for which it takes up to 120 s, and ends requests after that; with
 * nothing under way it ends at once. The same without a vault: a cluster that gets one restarts no agent.
 */
const AGENT_GRACE_SECONDS = 145;

export function renderAgent({ directory, ports }: AgentInput, programs: Programs): RenderedProcess {
  return {
    name: "agent",
    command: [programs.node, programs.agentBundle, "run", "--inventory", path.join(directory, INVENTORY_FILE)],
    env: {},
    workingDir: directory,
    prepare: [],
    argsFile: undefined,
    stopSignal: "SIGTERM",
    graceSeconds: AGENT_GRACE_SECONDS,
    backoffSeconds: 1,
    ports: [...ports],
  };
}

/** Files of one directory, as the provider takes them. */
export type FileMap = Record<string, { content: string; mode?: string; createOnly?: boolean }>;

export function fileMap(files: readonly FilePlan[]): FileMap {
  const entries = files.map(({ path: name, content, mode, createOnly }) => [
    name,
    { content, ...(mode === undefined ? {} : { mode }), ...(createOnly === undefined ? {} : { createOnly }) },
  ]);
  return Object.fromEntries(entries) as FileMap;
}

const SHARED = "shared:";

/** Splits off files that belong to the directory which a node's processes share. */
export function splitShared(files: readonly FilePlan[]): { own: FilePlan[]; shared: FilePlan[] } {
  const shared = files
    .filter((f) => f.path.startsWith(SHARED))
    .map((f) => ({ ...f, path: f.path.slice(SHARED.length) }));
  return { own: files.filter((f) => !f.path.startsWith(SHARED)), shared };
}

/** Whether the clients of a node keep something in the shared directory. */
export function usesShared(node: NodePlan): boolean {
  return node.processes.some((p) => p.client.keyPaths.some((k) => k.startsWith(SHARED)));
}
