import { findAgents } from "../agent/discover";
import { askStatus } from "../agent/status";
import type { Context } from "../context";
import {
  type Check,
  diskCheck,
  nodeCheck,
  platformCheck,
  portsCheck,
  programCheck,
  type ToolFacts,
  toolCheck,
} from "../doctor/checks";
import { configuredPorts, freeBytes, isTaken, isWritable, outputOf } from "../doctor/look";
import { EXIT } from "../errors";
import { checkedStack, configFile, findProject, type Project } from "../project/project";
import { type Cell, table } from "../render/table";

export interface DoctorOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Exit code 1 when something required is missing and cannot be had. Changes nothing. */
export async function doctor(options: DoctorOptions, context: Context): Promise<number> {
  const stack = checkedStack(options.stack);
  const project = findProject();
  const parts = await Promise.all([machine(), programs(), disks(project), stateDir(project), ports(project, stack)]);
  const checks = parts.flat();
  const ok = checks.every((check) => check.status !== "fail");
  context.out(
    options.json ? JSON.stringify({ schemaVersion: 1, ok, checks }, undefined, 2) : text(checks, ok, context),
  );
  return ok ? EXIT.ok : EXIT.problem;
}

async function machine(): Promise<Check[]> {
  const { goVersion } = await import("@chainkeep/local");
  const npm = await outputOf("npm", ["--version"]);
  return [
    nodeCheck(process.version),
    platformCheck(process.platform, process.arch),
    programCheck("npm", npm, { status: "warn", fix: "install npm, or use another package manager" }),
    programCheck("Go", await goVersion(), {
      status: "ok",
      fix: "needed only where programs cannot be downloaded: https://go.dev/dl",
    }),
  ];
}

async function programs(): Promise<Check[]> {
  const { isTurnedOff, locateTools, toolNames, waysToGet } = await import("@chainkeep/local");
  const located = locateTools(toolNames("stack", "optional")).filter(({ tool }) => !isTurnedOff(tool, process.env));
  const missing = located.flatMap(({ found, tool }) => (found === undefined && tool ? [tool] : []));
  const ways = await waysToGet(missing);
  return located.map(({ name, tool, found, skipped }) => {
    const { open = [], closed = [] } = ways.get(name) ?? {};
    const optional = tool?.use === "optional";
    const facts: ToolFacts = { name, pinned: tool?.version ?? "", optional, skipped, open, closed };
    return toolCheck(found ? { ...facts, found } : facts);
  });
}

async function disks(project: Project): Promise<Check[]> {
  const { cacheRoot } = await import("@chainkeep/local");
  const cache = cacheRoot();
  return [
    diskCheck("disk of the project", project.root, await freeBytes(project.root)),
    diskCheck("disk of the programs", cache, await freeBytes(cache)),
  ];
}

async function stateDir(project: Project): Promise<Check[]> {
  const name = "state";
  if (await isWritable(project.home)) return [{ name, status: "ok", text: project.home }];
  const fix = "give this user access, or copy the project to a place of yours";
  return [{ name, status: "fail", text: `${project.home} cannot be written`, fix }];
}

async function ports(project: Project, stack: string): Promise<Check[]> {
  const { hostPortsOf } = await import("@chainkeep/local");
  const agents = await findAgents(project, stack).catch(() => []);
  const answers = await Promise.allSettled(agents.map((agent) => askStatus(agent)));
  const {
    nodesFrom: _from,
    nodesTo: _to,
    ...services
  } = hostPortsOf(await configuredPorts(configFile(project, stack)));
  const all = Object.entries(services);
  const taken = await Promise.all(all.map(([, port]) => isTaken(port)));
  const names = all.map(([name, port]) => `${port} (${name})`);
  const running = answers.some((answer) => answer.status === "fulfilled");
  return [
    portsCheck(
      names.filter((_, i) => taken[i]),
      names,
      running,
    ),
  ];
}

function text(checks: readonly Check[], ok: boolean, { style }: Context): string {
  const dress = { ok: style.good, warn: style.warn, fail: style.bad };
  const rows = checks.map(({ name, status, text: found, fix }): Cell[] => [
    { text: status, dress: dress[status] },
    { text: name },
    { text: fix === undefined ? found : `${found}; ${fix}` },
  ]);
  const verdict = ok ? "Everything that is required is here or can be had." : "Something required is missing.";
  return `${table(rows)}\n\n${verdict}`;
}
