import { stringify } from "yaml";
import { inventoryRules } from "./canonical/inventory";
import { canonicalRules } from "./canonical/rules";
import { dashboardUrl, type MonitoringLinks, runbookUrl } from "./links";
import { plannedAlerts } from "./overrides";
import { alertParameters, type ParameterInput } from "./parameters";
import { activePresets } from "./presets";
import type { AlertParameters, PlannedAlert, Preset, Severity } from "./types";

export interface RulesInput extends ParameterInput {
  readonly links: MonitoringLinks;
}

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ClusterAlerts {
  readonly parameters: AlertParameters;
  readonly alerts: PlannedAlert[];
  /** Sets whose series are recorded: those that are on, and those of alerts that are on although their set is off. */
  readonly presets: readonly Preset[];
}

/** The alerts that a cluster has, with every figure that they are written with. */
export function clusterAlerts(input: ParameterInput): ClusterAlerts {
  const parameters = alertParameters(input);
  const active = activePresets(parameters, input.monitoring);
  const alerts = plannedAlerts(parameters, active, input.monitoring?.alerts);
  const presets = [...new Set([...active, ...alerts.map((a) => a.definition.preset)])];
  return { parameters, alerts, presets };
}

const SLOW_SECONDS = 30;

/** Prometheus rules file of a cluster: inventory as series, canonical layer, alerts. */
export function rulesYaml(input: RulesInput): string {
  const { parameters, alerts, presets } = clusterAlerts(input);
  const rulesOf = (which: (alert: PlannedAlert) => boolean) =>
    alerts.filter(which).flatMap((alert) => alertRules(alert, parameters, input.links));
  // Days of samples at each scrape of a private network would be most of Prometheus's work, and nobody needs it.
  const interval = `${Math.max(SLOW_SECONDS, parameters.scrapeIntervalSeconds)}s`;
  const groups = [
    // First, because the canonical layer asks whose a process is.
    { name: "chainkeep-inventory", rules: inventoryRules(input.plan, parameters, presets) },
    { name: "chainkeep-canonical", rules: canonicalRules(input.plan, presets, "usual") },
    { name: "chainkeep-canonical-slow", interval, rules: canonicalRules(input.plan, presets, "slow") },
    { name: "chainkeep-alerts", rules: rulesOf((alert) => alert.definition.slow !== true) },
    { name: "chainkeep-alerts-slow", interval, rules: rulesOf((alert) => alert.definition.slow === true) },
  ];
  return stringify({ groups }, { lineWidth: 0 });
}

/** One rule, or two of the same name: nodes that others can stand in for are less urgent. */
function alertRules(alert: PlannedAlert, p: AlertParameters, links: MonitoringLinks): AlertRule[] {
  const { definition, severity, replicatedSeverity = severity, threshold } = alert;
  const expr = definition.expr(p, threshold);
  const rule = (as: Severity | "none", only: string): AlertRule => ({
    alert: definition.name,
    expr: only === "" ? expr : `(${expr}) ${only} on (network, stack, node) chain:critical_node`,
    for: `${alert.forSeconds}s`,
    ...keepFiring(alert, p),
    labels: { severity: as, owner: definition.owner, ...identity(alert, p) },
    annotations: {
      summary: definition.summary,
      description: definition.description(p, threshold),
      runbook_url: runbookUrl(links, definition.name),
      dashboard_url: dashboardUrl(links, definition),
    },
  });
  if (severity === replicatedSeverity || !p.hasReplicas) return [rule(severity, "")];
  if (!p.hasCriticalNodes) return [rule(replicatedSeverity, "")];
  return [rule(severity, "and"), rule(replicatedSeverity, "unless")];
}

function keepFiring({ definition }: PlannedAlert, p: AlertParameters): { keep_firing_for?: string } {
  const seconds = definition.keepFiringSeconds?.(p);
  return seconds === undefined ? {} : { keep_firing_for: `${seconds}s` };
}

/** What concerns the stack as a whole still says which one. */
function identity({ definition }: PlannedAlert, { network, stack }: AlertParameters): Record<string, string> {
  return definition.scope === "stack" ? { network, stack } : {};
}
