import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { ALERTS } from "../../packages/core/src/monitoring/alerts/catalogue";
import { plannedAlerts } from "../../packages/core/src/monitoring/overrides";
import { plannedFigures, type RunbookFigures } from "../../packages/core/src/monitoring/runbooks/figures";
import {
  catalogueSeverity,
  fileLinks,
  runbookIndexMarkdown,
  runbookMarkdown,
} from "../../packages/core/src/monitoring/runbooks/markdown";
import { runbookPage } from "../../packages/core/src/monitoring/runbooks/page";
import {
  type AlertDefinition,
  type AlertParameters,
  type PlannedAlert,
  PRESETS,
  SEVERITIES,
} from "../../packages/core/src/monitoring/types";
import { type ExampleCluster, exampleClusters, unusualClusters } from "./example-clusters";
import { code, difference } from "./sections";
import { ROOT } from "./source-files";

export const RUNBOOKS = "docs/runbooks";

const MADE = "<!-- Made by `npm run docs` from packages/core/src/monitoring/alerts: change it there. -->";

/** Every page of docs/runbooks with its text. */
export function runbookFiles(alerts: readonly AlertDefinition[] = ALERTS): ReadonlyMap<string, string> {
  const links = fileLinks(alerts);
  const pages = alerts.map((alert): [string, string] => {
    const text = runbookMarkdown(runbookPage(alert, columnsOf(alert), alerts), links);
    return [`${RUNBOOKS}/${alert.name}.md`, `${MADE}\n\n${text}`];
  });
  return new Map([...pages, [`${RUNBOOKS}/README.md`, `${MADE}\n\n${indexText(alerts)}`]]);
}

/** Figures of the usual clusters; of unusual ones where no usual one has the alert. */
function columnsOf(alert: AlertDefinition): RunbookFigures[] {
  const usual = exampleClusters().map((c) => columnOf(alert, c));
  if (usual.some((c) => c.alert !== undefined)) return usual;
  return unusualClusters()
    .map((c) => columnOf(alert, c))
    .filter((c) => c.alert !== undefined);
}

function columnOf({ name }: AlertDefinition, example: ExampleCluster): RunbookFigures {
  const { title, parameters } = example;
  const planned = plannedOf(example).get(name);
  return planned ? { title, alert: plannedFigures(planned, parameters) } : { title };
}

const plannedBefore = new Map<AlertParameters, ReadonlyMap<string, PlannedAlert>>();

/** Alerts of an example by name, worked out once. */
function plannedOf({ parameters }: ExampleCluster): ReadonlyMap<string, PlannedAlert> {
  const planned =
    plannedBefore.get(parameters) ??
    new Map(plannedAlerts(parameters, PRESETS).map((alert) => [alert.definition.name, alert]));
  plannedBefore.set(parameters, planned);
  return planned;
}

function indexText(alerts: readonly AlertDefinition[]): string {
  const links = fileLinks(alerts);
  const list = (those: readonly AlertDefinition[]) =>
    those.map((a) => `[${code(a.name)}](${a.name}.md)`).join(", ") || "none";
  const severities = [...SEVERITIES, "none"] as const;
  return `${[
    "# Runbooks",
    "What to do when an alert fires: a page for each of them, with what it means, what it does to you, how to find the cause and how to mend it. " +
      "The link in an alert leads to the same page at the agent of your cluster, there with your cluster's figures and with what fires now; " +
      "`npx chainkeep explain NodeDown` prints it. Here, figures are those of a private network of 1 s blocks with four validators, and of a public one of 12 s with four nodes.",
    "Where two severities are given, the second one is for nodes that others of their role can stand in for.",
    runbookIndexMarkdown(
      alerts.map((alert) => ({ alert, severity: catalogueSeverity(alert) })),
      links,
    ),
    "## By severity",
    ...severities.map((severity) => `**${severity}**: ${list(alerts.filter((a) => a.severity === severity))}`),
    "## By set",
    "`monitoring.presets` turns sets on as a whole; an alert that is named in `monitoring.alerts` is on without its set.",
    ...PRESETS.map((preset) => `${code(preset)}: ${list(alerts.filter((a) => a.preset === preset))}`),
  ].join("\n\n")}\n`;
}

/** Pages that are not as their alerts say, are missing, or belong to no alert. */
export function runbookDrift(
  files: ReadonlyMap<string, string>,
  there: readonly string[],
  read: (file: string) => string,
): string[] {
  const drift = [...files].flatMap(([file, text]) => {
    if (!there.includes(file)) return [`${file}: missing; run npm run docs`];
    const found = difference(read(file), text);
    return found === undefined ? [] : [`${file}: is not as its alert says; run npm run docs\n${found}`];
  });
  const stale = there.filter((file) => !files.has(file));
  return [...drift, ...stale.map((file) => `${file}: belongs to no alert; run npm run docs, or remove it`)];
}

export function filesThere(): string[] {
  const folder = path.join(ROOT, RUNBOOKS);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => `${RUNBOOKS}/${name}`);
}

export function runbookProblems(): string[] {
  return runbookDrift(runbookFiles(), filesThere(), (file) => readFileSync(path.join(ROOT, file), "utf8"));
}

/** Writes all pages and removes those of alerts that are gone; tells the files that changed. */
export function writeRunbooks(): string[] {
  const files = runbookFiles();
  mkdirSync(path.join(ROOT, RUNBOOKS), { recursive: true });
  const stale = filesThere().filter((file) => !files.has(file));
  for (const file of stale) rmSync(path.join(ROOT, file));
  const written = [...files].filter(([file, text]) => {
    const full = path.join(ROOT, file);
    if (existsSync(full) && readFileSync(full, "utf8") === text) return false;
    writeFileSync(full, text);
    return true;
  });
  return [...written.map(([file]) => file), ...stale];
}
