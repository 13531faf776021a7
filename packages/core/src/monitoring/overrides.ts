import { type Problem, show } from "../errors/errors";
import { pathText } from "../errors/from-zod";
import { didYouMean } from "../errors/suggest";
import { ALERTS } from "./alerts/catalogue";
import type { AlertOverrideArgs } from "./args";
import type { AlertDefinition, AlertParameters, PlannedAlert, Preset, Severity } from "./types";

type Override = AlertOverrideArgs | boolean;
type Overrides = Readonly<Record<string, Override>>;

const BY_NAME: ReadonlyMap<string, AlertDefinition> = new Map(ALERTS.map((a) => [a.name, a]));

/** The alert of that exact name; undefined when the catalogue has none. */
export function findAlert(name: string): AlertDefinition | undefined {
  return BY_NAME.get(name);
}

/** Unknown names, and thresholds that an alert does not have or that are outside of its range. */
export function overrideProblems(overrides: unknown): Problem[] {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) return [];
  return Object.entries(overrides).flatMap(([name, change]) => {
    const alert = BY_NAME.get(name);
    return alert ? thresholdProblems(alert, change) : [unknownAlert(name)];
  });
}

function unknownAlert(name: string): Problem {
  const names = [...BY_NAME.keys()];
  return {
    path: pathText(["monitoring", "alerts", name]),
    message: `got ${show(name)}, which is no alert${didYouMean(name, names)}; use a name of docs/components/alerts.md`,
    code: "ALERT_UNKNOWN",
  };
}

function thresholdProblems({ name, threshold: known }: AlertDefinition, change: unknown): Problem[] {
  const got = (change as AlertOverrideArgs | undefined)?.threshold;
  if (typeof got !== "number") return [];
  const path = pathText(["monitoring", "alerts", name, "threshold"]);
  if (known === undefined) {
    const message = `got ${got}, but this alert compares with no figure; remove it, or change forSeconds or severity`;
    return [{ path, message, code: "ALERT_NO_THRESHOLD" }];
  }
  const fits = got >= known.min && got <= known.max && (!known.whole || Number.isInteger(got));
  if (fits) return [];
  const kind = known.whole ? "a whole number" : "a number";
  const message = `got ${got}; use ${kind} from ${known.min} to ${known.max} (${known.unit}): ${known.says}`;
  return [{ path, message, code: "ALERT_THRESHOLD" }];
}

/** The alerts of a cluster, with the user's changes. Naming an alert turns it on even when its set is off. */
export function plannedAlerts(
  parameters: AlertParameters,
  presets: readonly Preset[],
  overrides: Overrides = {},
): PlannedAlert[] {
  return ALERTS.filter((alert) => isOn(alert, parameters, presets, overrides[alert.name])).map((definition) => {
    const given = overrides[definition.name];
    const change = typeof given === "object" ? given : {};
    const own = change.severity as Severity | undefined;
    return {
      definition,
      forSeconds: change.forSeconds ?? definition.forSeconds(parameters),
      severity: own ?? definition.severity,
      replicatedSeverity: own ?? definition.replicatedSeverity,
      threshold: change.threshold ?? definition.threshold?.value(parameters) ?? Number.NaN,
    };
  });
}

function isOn(
  { preset, applies = () => true }: AlertDefinition,
  p: AlertParameters,
  presets: readonly Preset[],
  change: Override | undefined,
): boolean {
  const asked = change === undefined ? undefined : typeof change === "boolean" ? change : (change.enabled ?? true);
  return asked !== false && (asked || presets.includes(preset)) && applies(p);
}
