import type { RoutedAlert } from "./alertmanager";
import type { ActiveAlert, Labels } from "./prometheus";

/** How an alert stands, from the one that wakes people down to the one that does not hold long enough yet. */
export const STATES = ["firing", "silenced", "inhibited", "muted", "pending"] as const;
export type AlertState = (typeof STATES)[number];

/** One alert with what Prometheus and Alertmanager say of it. `chainkeep alerts --json`. */
export interface AlertRow {
  readonly cluster: string;
  readonly name: string;
  readonly state: AlertState;
  readonly severity: string;
  readonly owner: string;
  readonly node: string | null;
  readonly labels: Labels;
  readonly value: number | null;
  /** Unix seconds at which the condition began to hold. */
  readonly activeAt: number;
  readonly summary: string;
  readonly description: string;
  readonly runbookUrl: string | null;
  readonly dashboardUrl: string | null;
  /** Ids of the silences that keep it back. */
  readonly silencedBy: readonly string[];
}

const SEVERITIES = ["critical", "warning", "info"];

/** Worst first. The watchdog fires by design and is left out. */
export function alertRows(cluster: string, active: readonly ActiveAlert[], routed: readonly RoutedAlert[]): AlertRow[] {
  const known = new Map(routed.map((alert) => [keyOf(alert.labels), alert]));
  return active
    .filter(({ labels }) => labels.alertname !== "Watchdog")
    .map((alert) => rowOf(cluster, alert, known.get(keyOf(alert.labels))))
    .sort((a, b) => rank(a) - rank(b) || a.activeAt - b.activeAt);
}

function rowOf(cluster: string, alert: ActiveAlert, routed: RoutedAlert | undefined): AlertRow {
  const { labels, annotations } = alert;
  const value = Number(alert.value);
  return {
    cluster,
    name: labels.alertname ?? "",
    state: stateOf(alert, routed),
    severity: labels.severity ?? "none",
    owner: labels.owner ?? "",
    node: labels.node ?? null,
    labels,
    value: Number.isFinite(value) ? value : null,
    activeAt: Math.round(Date.parse(alert.activeAt) / 1000),
    summary: annotations.summary ?? "",
    description: annotations.description ?? "",
    runbookUrl: annotations.runbook_url ?? null,
    dashboardUrl: annotations.dashboard_url ?? null,
    silencedBy: routed?.status.silencedBy ?? [],
  };
}

function stateOf({ state }: ActiveAlert, routed: RoutedAlert | undefined): AlertState {
  if (state === "pending") return "pending";
  if (routed?.status.silencedBy.length) return "silenced";
  if (routed?.status.inhibitedBy.length) return "inhibited";
  if (routed?.status.mutedBy?.length) return "muted";
  return "firing";
}

function rank({ state, severity }: AlertRow): number {
  const severities = SEVERITIES.indexOf(severity);
  return STATES.indexOf(state) * 10 + (severities === -1 ? SEVERITIES.length : severities);
}

/** Both sides know an alert by its labels. */
function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
