import { figureText } from "../runbooks/figures";
import type { AlertParameters, PlannedAlert, Severity } from "../types";
import type { Limit, Mood } from "./model";

/** Grafana's names of colours, which it adapts to light and dark themes. */
export const COLOURS: Readonly<Record<Mood, string>> = {
  good: "green",
  neutral: "text",
  info: "blue",
  warning: "orange",
  bad: "red",
};

const MOOD_OF: Readonly<Record<Severity | "none", Mood>> = {
  critical: "bad",
  warning: "warning",
  info: "info",
  none: "neutral",
};

export interface Line {
  readonly alert: string;
  readonly value: number;
  readonly when: Limit["when"];
  readonly colour: string;
  readonly severity: string;
  /** For the description, so that nobody has to know what a colour means. */
  readonly says: string;
}

/** Threshold of an alert as a line of a panel; undefined for an alert that is off or compares with no figure. */
export type LineOf = (limit: Limit) => Line | undefined;

export function linesOf(alerts: readonly PlannedAlert[], p: AlertParameters): LineOf {
  const byName = new Map(alerts.map((alert) => [alert.definition.name, alert]));
  return ({ alert: name, when }) => {
    const alert = byName.get(name);
    const unit = alert?.definition.threshold?.unit;
    if (alert === undefined || unit === undefined || Number.isNaN(alert.threshold)) return undefined;
    const severity = worstSeverity(alert, p);
    const says = `${name} (${severity}) ${when} ${figureText(alert.threshold, unit)}`;
    return { alert: name, value: alert.threshold, when, colour: COLOURS[MOOD_OF[severity]], severity, says };
  };
}

/** What the rules of the alert say at worst; see `alertRules`. */
function worstSeverity({ severity, replicatedSeverity }: PlannedAlert, p: AlertParameters): Severity | "none" {
  return replicatedSeverity !== undefined && p.hasReplicas && !p.hasCriticalNodes ? replicatedSeverity : severity;
}

export interface Step {
  readonly value: number | null;
  readonly color: string;
}

/**
 * Steps of Grafana's thresholds. Above a line the colour is the line's; where alerts fire below, the colour holds up to the line.
 * `fine` is the colour of what no alert fires on.
 */
export function stepsOf(lines: readonly Line[], fine: string): Step[] {
  const below = lines.filter((l) => l.when === "below").sort((a, b) => a.value - b.value);
  const above = lines.filter((l) => l.when === "above").sort((a, b) => a.value - b.value);
  return [
    { value: null, color: below[0]?.colour ?? fine },
    ...below.map((line, i) => ({ value: line.value, color: below[i + 1]?.colour ?? fine })),
    ...above.map((line) => ({ value: line.value, color: line.colour })),
  ];
}
