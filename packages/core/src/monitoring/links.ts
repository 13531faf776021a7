import type { AlertDefinition, DashboardId, Scope } from "./types";

/** Where the links of an alert lead. Addresses without a final slash. */
export interface MonitoringLinks {
  /** The agent: its status page, and the runbook pages unless others are given. */
  readonly agentUrl: string;
  /** Pages of one's own: `<address>/<Alert>`. */
  readonly runbookUrl?: string;
  /** Grafana; without one, links lead to the agent's status page. */
  readonly grafanaUrl?: string;
}

/** Stable identity of a dashboard: links and bookmarks outlive an upgrade. */
export function dashboardUid(id: DashboardId): string {
  return `chainkeep-${id}`;
}

/** Address of an alert's page: the agent's, or below the user's own base. */
export function runbookUrl({ agentUrl, runbookUrl: own }: MonitoringLinks, alert: string): string {
  return `${(own ?? `${agentUrl}/runbooks`).replace(/\/+$/, "")}/${alert}`;
}

const VARIABLES: Readonly<Partial<Record<Scope, readonly string[]>>> = {
  node: ["network", "stack", "node"],
  validator: ["network", "stack", "node"],
  network: ["network", "stack"],
  group: ["network", "stack"],
  vault: ["network", "stack"],
  host: ["network", "stack"],
  stack: ["stack"],
};

/** Link to the board that shows the alert, with the alert's own labels filled in by Prometheus. */
export function dashboardUrl(links: MonitoringLinks, { dashboard, scope }: AlertDefinition): string {
  if (links.grafanaUrl === undefined) {
    const anchor = scope === "node" || scope === "validator" ? "#{{ $labels.node }}" : "";
    return `${links.agentUrl}/${anchor}`;
  }
  const names = VARIABLES[scope] ?? [];
  const query = names.map((name) => `var-${name}={{ $labels.${name} }}`).join("&");
  return `${links.grafanaUrl.replace(/\/+$/, "")}/d/${dashboardUid(dashboard)}?${query}`;
}
