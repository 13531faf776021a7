import * as path from "node:path";
import { type AgentAddress, findAgents } from "../agent/discover";
import { type Waited, waitForCluster } from "../agent/wait";
import type { Context } from "../context";
import { CliError, EXIT } from "../errors";
import { exists } from "../project/files";
import type { Pulumi } from "../project/pulumi";
import { statusText } from "../render/status";
import { type Cell, table } from "../render/table";
import { prepare } from "./setup";

export interface StartOptions {
  readonly stack: string;
  readonly timeoutMs: number;
}

/** From whatever is there to a cluster whose nodes are ready and whose blocks flow. */
export async function start(options: StartOptions, context: Context): Promise<number> {
  const { project, stack, pulumi } = await prepare(options, "all");
  await up(pulumi, stack, context);
  const urls = await outputs(pulumi, stack);
  const agents = await agentsOf(await findAgents(project, stack), urls);
  const waited = await waitForAll(agents, options.timeoutMs);
  for (const { status } of waited) if (status) context.out(`\n${statusText(status, context.style)}`);
  const rows = Object.entries(urls).map(([name, url]): Cell[] => [
    { text: name, dress: context.style.dim },
    { text: url },
  ]);
  if (rows.length > 0) context.out(`\n${table(rows)}`);
  for (const line of await withoutGrafana(waited, agents)) context.out(`\n${line}`);
  const missing = waited.flatMap((one) => one.missing);
  if (missing.length === 0) return EXIT.ok;
  const seconds = Math.round(options.timeoutMs / 1000);
  context.note(`\nchainkeep: not up after ${seconds} s: ${missing.join("; ")} [START_TIMEOUT]`);
  context.note(`Look with "npx chainkeep logs <process>", or wait on with "npx chainkeep status --watch".`);
  return EXIT.problem;
}

/** Where a cluster's dashboards are when there is no Grafana that shows them. */
async function withoutGrafana(waited: readonly Waited[], agents: readonly AgentAddress[]): Promise<string[]> {
  const lines = agents.map(async ({ cluster, stateDir }, index) => {
    const directory = path.join(stateDir ?? "", "grafana", "dashboards");
    const { status } = waited[index] ?? {};
    if (stateDir === undefined || status?.prometheusUrl === undefined || status.grafanaUrl !== undefined) return [];
    if (!(await exists(directory))) return [];
    return [`${cluster}: there is no Grafana here; its dashboards lie ready for import in ${directory}`];
  });
  return (await Promise.all(lines)).flat();
}

async function up(pulumi: Pulumi, stack: string, context: Context): Promise<void> {
  const code = await pulumi.show([
    ...["up", "--stack", stack, "--refresh", "--yes", "--skip-preview"],
    ...engineFlags(context),
  ]);
  if (code !== 0) throw new CliError(`"pulumi up" ended with exit code ${code}; its reasons are above`, "UP_FAILED");
  const changes = await lastChanges(pulumi, stack);
  if (changes.length === 0) context.out("Nothing to change: everything is as declared.");
}

/** How Pulumi's engine should talk. */
export function engineFlags({ isTerminal, colour }: Context): string[] {
  return [...(isTerminal ? [] : ["--non-interactive"]), "--color", colour ? "always" : "never"];
}

/** What the last update did besides keeping things as they are. */
async function lastChanges(pulumi: Pulumi, stack: string): Promise<string[]> {
  const { stdout } = await pulumi.ask(["stack", "history", "--stack", stack, "--json", "--page-size", "1"]);
  const [last] = json<{ resourceChanges?: Record<string, number> }[]>(stdout) ?? [];
  // Without a record nothing is claimed.
  if (last?.resourceChanges === undefined) return ["unknown"];
  return Object.keys(last.resourceChanges).filter((kind) => !["same", "refresh", "read"].includes(kind));
}

/** The stack's outputs that are addresses. */
async function outputs(pulumi: Pulumi, stack: string): Promise<Record<string, string>> {
  const { stdout } = await pulumi.ask(["stack", "output", "--stack", stack, "--json"]);
  const all = Object.entries(json<Record<string, unknown>>(stdout) ?? {});
  return Object.fromEntries(
    all.filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" && URL.canParse(entry[1]) && /^https?:/.test(entry[1]),
    ),
  );
}

/** A cluster with a state directory elsewhere is found by the stack's outputs. */
function agentsOf(found: readonly AgentAddress[], urls: Readonly<Record<string, string>>): AgentAddress[] {
  if (found.length > 0 || urls.agentUrl === undefined) return [...found];
  return [{ cluster: undefined, stack: undefined, url: urls.agentUrl, nodes: [], stateDir: undefined }];
}

async function waitForAll(agents: readonly AgentAddress[], timeoutMs: number): Promise<Waited[]> {
  const until = Date.now() + timeoutMs;
  const { progressOn } = await import("@chainkeep/local");
  const telling = progressOn(process.stderr);
  return Promise.all(
    agents.map(async (agent) => {
      const task = telling.task(agent.cluster ?? agent.url);
      let before = "";
      const tell = (missing: readonly string[]) => {
        const text = `not up yet: ${missing.slice(0, 3).join("; ")}${missing.length > 3 ? "; ..." : ""}`;
        if (text !== before) task.say(text);
        before = text;
      };
      const waited = await waitForCluster(agent, { until, tell });
      task.end(waited.missing.length === 0 ? "blocks flow, all nodes are ready" : "not up");
      return waited;
    }),
  );
}

function json<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
