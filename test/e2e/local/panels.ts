import { type ClusterArgs, type PanelQuery, panelQueries, planCluster } from "@chainkeep/core";
import { hostLayout } from "../../../packages/core/src/testing/toy-protocol.fixture";

/** The cluster of stacks/local, as far as its boards depend on it. */
const DEVNET: ClusterArgs = {
  chain: { protocol: "cometbft", network: "private" },
  nodes: {
    validators: { kind: "validator", count: 4 },
    rpc: { kind: "full" },
    light: { kind: "light" },
    mirror: { kind: "mirror" },
  },
  monitoring: { receivers: "none" },
};

export interface PanelReport {
  /** Panels without data and without a reason to have none. */
  readonly missing: readonly string[];
  /** Panels that rightly have none, each with its reason. */
  readonly excused: readonly string[];
  readonly answered: number;
}

/** Asks every query of every board, as Grafana would. Throws when Prometheus refuses one. */
export async function reportPanels(prometheusUrl: string): Promise<PanelReport> {
  const plan = planCluster("devnet", DEVNET, hostLayout);
  const links = { agentUrl: "http://127.0.0.1:26680" };
  const queries = panelQueries(
    { plan, stack: "local", ...(DEVNET.monitoring ? { monitoring: DEVNET.monitoring } : {}), links },
    {
      stack: "local",
      network: "private",
    },
  );
  const missing: string[] = [];
  const excused: string[] = [];
  for (const query of queries) {
    if (await hasData(prometheusUrl, query)) continue;
    const name = `${query.board}: ${query.panel} (${query.legend || query.expr})`;
    if (query.empty === undefined && !query.collapsed) missing.push(name);
    else excused.push(`${name}: ${query.empty ?? "its row is closed, because many stacks have no data of it"}`);
  }
  return { missing, excused, answered: queries.length - missing.length - excused.length };
}

async function hasData(prometheusUrl: string, { board, panel, expr }: PanelQuery): Promise<boolean> {
  const answer = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const body = (await answer.json()) as { status: string; error?: string; data?: { result: unknown[] } };
  if (body.status !== "success") throw new Error(`${board}: ${panel}: ${body.error}\n${expr}`);
  return (body.data?.result.length ?? 0) > 0;
}
