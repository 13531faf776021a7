import { ALERTS } from "../../packages/core/src/monitoring/alerts/catalogue";
import { plannedAlerts } from "../../packages/core/src/monitoring/overrides";
import { figureText } from "../../packages/core/src/monitoring/runbooks/figures";
import { withoutTemplate } from "../../packages/core/src/monitoring/runbooks/inline";
import { catalogueSeverity, runbookGroups } from "../../packages/core/src/monitoring/runbooks/markdown";
import { type AlertDefinition, type AlertParameters, PRESETS } from "../../packages/core/src/monitoring/types";
import { exampleClusters } from "./example-clusters";
import { code, table } from "./sections";

/** All alerts under their headings: what each says, to whom, and for how long its condition must hold. */
export function alertsSection(): string {
  const examples = exampleClusters();
  const head = ["Alert", "Severity", "Set", "Told to", "Says", ...examples.map((e) => `Holds for (${e.title})`)];
  const entries = ALERTS.map((alert) => ({ alert, severity: catalogueSeverity(alert) }));
  return runbookGroups(entries)
    .map(({ group, entries: rows }) => {
      const cells = rows.map(({ alert, severity }) => [
        pageLink(alert),
        severity,
        code(alert.preset),
        code(alert.owner),
        withoutTemplate(alert.summary),
        ...examples.map(({ parameters }) => holdsFor(alert, parameters)),
      ]);
      return `### ${group}\n\n${table(head, cells)}`;
    })
    .join("\n\n");
}

function pageLink({ name }: AlertDefinition): string {
  return `[${name}](../runbooks/${name}.md)`;
}

function holdsFor({ name }: AlertDefinition, parameters: AlertParameters): string {
  const planned = plannedAlerts(parameters, PRESETS).find((p) => p.definition.name === name);
  return planned ? `${planned.forSeconds} s` : "not made";
}

/** Thresholds that `monitoring.alerts` can change, with what is taken without a word. */
export function thresholdsSection(): string {
  const examples = exampleClusters();
  const rows = ALERTS.flatMap((alert) => {
    const { threshold } = alert;
    if (threshold === undefined) return [];
    const values = examples.map(({ parameters }) => {
      const planned = plannedAlerts(parameters, PRESETS).find((p) => p.definition.name === alert.name);
      return planned ? figureText(planned.threshold, threshold.unit) : "not made";
    });
    const range = `${threshold.min} to ${threshold.max}${threshold.whole ? ", whole" : ""}`;
    return [[pageLink(alert), threshold.says, ...values, range]];
  });
  return table(["Alert", "Threshold", ...examples.map((e) => e.title), "Allowed"], rows);
}

/** Figures that the expressions are written with. */
export function alertParametersSection(): string {
  const both = exampleClusters();
  const names: readonly (readonly [keyof AlertParameters, string])[] = [
    ["scrapeIntervalSeconds", "between two scrapes and two evaluations"],
    ["probeWindowSeconds", "over which askings of a node are averaged"],
    ["stallWindowSeconds", "a node that stands still for so long while others move is stalled"],
    ["haltWindowSeconds", "a best height that does not rise for so long means a halted network"],
    ["syncWindowSeconds", "within which a node that catches up must have made progress"],
  ];
  return table(
    ["Figure", ...both.map((e) => e.title), "Meaning"],
    names.map(([name, meaning]) => [code(name), ...both.map(({ parameters }) => `${parameters[name]} s`), meaning]),
  );
}
