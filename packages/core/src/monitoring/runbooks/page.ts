import type { AlertDefinition, Scope, ThresholdDefinition } from "../types";
import { figureText, type RunbookFigures } from "./figures";
import { withoutTemplate } from "./inline";
import { silencedBy, silencesOf } from "./silences";

/** A section of a runbook. Lines are Markdown of one line: see `inlineOf`. */
export interface RunbookSection {
  readonly title: "Meaning" | "Impact" | "Diagnosis" | "Mitigation";
  readonly kind: "text" | "steps";
  readonly lines: readonly string[];
}

/** All that a runbook page says, in its order: Markdown, HTML and the terminal are made from this. */
export interface RunbookPage {
  readonly name: string;
  /** One line: what the alert says when it fires. */
  readonly says: string;
  /** One line: set, owner, for what it fires, dashboard. */
  readonly about: string;
  /** Table of figures; the first cell of a row is its name. */
  readonly figures: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly sections: readonly RunbookSection[];
  /** What keeps it quiet, and what it keeps quiet. */
  readonly silencedBy: readonly string[];
  readonly silences: readonly string[];
  readonly expressions: readonly { readonly title: string; readonly expr: string }[];
  readonly change: { readonly text: string; readonly example: string };
}

const EACH: Readonly<Record<Scope, string>> = {
  node: "for each node",
  host: "for each machine",
  validator: "for each validator",
  vault: "for each backup vault",
  group: "for each group of nodes",
  network: "once for the network",
  stack: "once for the stack",
};

/**
 * The runbook of an alert.
 *
 * @param columns Figures of the clusters that the page is about; without any, the table says what holds for all.
 * @param all Every alert: which of them keep this one quiet.
 */
export function runbookPage(
  alert: AlertDefinition,
  columns: readonly RunbookFigures[],
  all: readonly AlertDefinition[],
): RunbookPage {
  const { name, runbook, preset, owner, scope, dashboard, duringMaintenance } = alert;
  const maintenance = duringMaintenance === true ? " It is told during maintenance, too." : "";
  return {
    name,
    says: withoutTemplate(alert.summary),
    about: `Set \`${preset}\`, told to \`${owner}\`, ${EACH[scope]}; dashboard \`${dashboard}\`.${maintenance}`,
    figures: { head: ["Figure", ...columns.map((c) => c.title)], rows: figureRows(alert, columns) },
    sections: [
      { title: "Meaning", kind: "text", lines: [runbook.meaning] },
      { title: "Impact", kind: "text", lines: [runbook.impact] },
      { title: "Diagnosis", kind: "steps", lines: runbook.diagnosis },
      { title: "Mitigation", kind: "steps", lines: runbook.mitigation },
    ],
    silencedBy: silencedBy(alert, all),
    silences: silencesOf(alert),
    expressions: expressionsOf(columns),
    change: changeOf(alert, columns),
  };
}

/** Clusters with the same expression share it. */
function expressionsOf(columns: readonly RunbookFigures[]): RunbookPage["expressions"] {
  const titles = new Map<string, string[]>();
  for (const { title, alert } of columns) if (alert) titles.set(alert.expr, [...(titles.get(alert.expr) ?? []), title]);
  return [...titles].map(([expr, who]) => ({ title: who.join(" and "), expr }));
}

const NOT_HERE = "not made";

function figureRows(alert: AlertDefinition, columns: readonly RunbookFigures[]): string[][] {
  type Value = (figures: NonNullable<RunbookFigures["alert"]>) => string;
  const row = (name: string, value: Value): string[] => [
    name,
    ...columns.map((c) => (c.alert ? value(c.alert) : NOT_HERE)),
  ];
  const { threshold } = alert;
  const byRole = columns.some((c) => c.alert?.replicatedSeverity !== undefined);
  return [
    row(byRole ? "Severity of a validator, or of the only node of its role" : "Severity", (a) => a.severity),
    ...(byRole
      ? [row("Severity of a node that others can stand in for", (a) => a.replicatedSeverity ?? a.severity)]
      : []),
    row("Must hold for", (a) => figureText(a.forSeconds, "seconds")),
    ...(columns.some((c) => c.alert?.keepFiringSeconds !== undefined)
      ? [row("Stays visible after that for", (a) => figureText(a.keepFiringSeconds ?? 0, "seconds"))]
      : []),
    ...(threshold
      ? [
          row(`Threshold: ${threshold.says}`, (a) =>
            a.threshold === undefined ? "-" : figureText(a.threshold, threshold.unit),
          ),
        ]
      : []),
  ];
}

function changeOf(alert: AlertDefinition, columns: readonly RunbookFigures[]): RunbookPage["change"] {
  const { name, threshold } = alert;
  const known = columns.map((c) => c.alert).find((a) => a !== undefined);
  const figure = threshold ? `threshold: ${known?.threshold ?? threshold.min}, ` : "";
  const range = threshold ? ` The threshold is ${rangeText(threshold)}.` : " It compares with no figure.";
  return {
    text: `In \`monitoring.alerts\` of the cluster; \`false\` instead of the object leaves the alert out.${range}`,
    example: `monitoring: { alerts: { ${name}: { ${figure}forSeconds: ${known?.forSeconds ?? 60}, severity: "warning" } } }`,
  };
}

function rangeText({ min, max, unit, whole }: ThresholdDefinition): string {
  return `a ${whole ? "whole " : ""}number from ${min} to ${max} (${unit})`;
}
