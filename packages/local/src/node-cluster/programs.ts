import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { agentBundlePath } from "@chainkeep/agent";
import { type ClusterPlan, ConfigError, type Problem } from "@chainkeep/core";
import { findGrafana } from "../monitoring/grafana-program";
import { locateToolSync } from "../tools/locate";
import type { Programs } from "./render";

/** Programs that a plan runs on this machine. */
export function programsOf(plan: ClusterPlan, monitored: boolean): string[] {
  const clients = plan.nodes.flatMap((node) => node.processes.map((p) => p.client.release.program.binary));
  const watchers = monitored ? ["prometheus", "alertmanager", "node_exporter"] : [];
  return ["process-compose", ...clients, ...(plan.backup ? ["restic"] : []), ...watchers];
}

/**
 * Looks up programs of this machine: all of them before anything is registered, so that a person reads of every missing one
 * at once.
 *
 * @param wantsGrafana - whether Grafana is looked for; it may be missing
 * @throws ConfigError
 */
export function localPrograms(binaries: readonly string[], wantsGrafana = false): Programs {
  const found = new Map<string, string>();
  const problems: Problem[] = [];
  const noting = <T>(look: () => T): T | undefined => {
    try {
      return look();
    } catch (error) {
      if (!hasProblems(error)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  for (const binary of new Set(binaries)) {
    const path = noting(() => locateToolSync(binary));
    if (path !== undefined) found.set(binary, path);
  }
  const grafana = wantsGrafana ? noting(() => findGrafana()) : undefined;
  const agentBundle = process.env.CHAINKEEP_AGENT_BUNDLE || agentBundlePath();
  if (!existsSync(agentBundle)) {
    const message = `missing at ${agentBundle}; use npm run build to make it, or set CHAINKEEP_AGENT_BUNDLE to its path`;
    problems.push({ path: "agent bundle", message, code: "AGENT_BUNDLE_MISSING" });
  }
  if (problems.length > 0) throw new ConfigError("this machine", problems);
  const find = (binary: string) => {
    const path = found.get(binary);
    if (path === undefined) throw new Error(`${binary} was not looked up before the cluster was registered`);
    return path;
  };
  return { node: process.execPath, agentBundle, find, ...(grafana === undefined ? {} : { grafana }) };
}

function hasProblems(error: unknown): error is { problems: readonly Problem[] } {
  return error instanceof Error && error.name === "ConfigError" && "problems" in error;
}

/** Digest of a file's bytes: a new agent bundle restarts the agent. */
export function fileDigest(path: string): string {
  return textDigest(readFileSync(path));
}

export function textDigest(...texts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\u0000");
  return hash.digest("hex");
}
