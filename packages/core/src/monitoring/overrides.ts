import type { AlertOverrideArgs } from "../cluster/args";
import { type Problem, show } from "../errors/errors";
import { pathText } from "../errors/from-zod";
import { didYouMean } from "../errors/suggest";
import { ALERTS } from "./alerts";
import type { AlertParameters, PlannedAlert, Severity } from "./types";

type Overrides = Readonly<Record<string, AlertOverrideArgs>>;

export function unknownAlertProblems(overrides: unknown): Problem[] {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) return [];
  const names = ALERTS.map((a) => a.name);
  return Object.keys(overrides)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: pathText(["monitoring", "alerts", name]),
      message: `got ${show(name)}, which is no alert${didYouMean(name, names)}; use one of ${names.join(", ")}`,
      code: "ALERT_UNKNOWN",
    }));
}

/** The catalogue with the user's changes. */
export function plannedAlerts(parameters: AlertParameters, overrides: Overrides = {}): PlannedAlert[] {
  return ALERTS.filter((a) => overrides[a.name]?.enabled !== false).map((definition) => {
    const change = overrides[definition.name];
    return {
      definition,
      forSeconds: change?.forSeconds ?? definition.forSeconds(parameters),
      severity: (change?.severity as Severity | undefined) ?? definition.severity,
    };
  });
}
