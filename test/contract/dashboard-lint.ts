import * as units from "@grafana/grafana-foundation-sdk/units";
import type { JsonBoard, JsonPanel, JsonTarget } from "./dashboard-world";
import { panelsOf, shownOf } from "./dashboard-world";
import { everyPart, parsePromql } from "./promql";

/** A check of grafana/dashboard-linter, told again as one of ours: the program cannot be had from a registry. */
export interface LintRule {
  readonly name: string;
  /** Why it is not kept here. */
  readonly excluded?: string;
  readonly problems?: (board: JsonBoard) => string[];
}

const NO_SCRAPE_LABELS =
  "canonical series are about nodes and not about scrapes: stack, network and node take the places of job and instance";

const UNIT_IDS = new Set<string>(Object.values(units));
const DATASOURCE = new Set(["$datasource", `\${datasource}`]);

const each = (check: (panel: JsonPanel) => boolean, says: string) => (board: JsonBoard) =>
  shownOf(board)
    .filter((panel) => panel.type !== "text" && !check(panel))
    .map((panel) => `${panel.title}: ${says}`);

const eachTarget = (check: (target: JsonTarget) => boolean, says: string) => (board: JsonBoard) =>
  shownOf(board).flatMap(({ title, targets = [] }) =>
    targets.filter((target) => !check(target)).map(({ refId }) => `${title} ${refId}: ${says}`),
  );

/** Every function with the selectors that stand in it directly. */
function callsOf({ expr }: JsonTarget) {
  return [...everyPart(parsePromql(expr.replaceAll(/\$__\w+/g, "5m")))].flatMap((part) =>
    part.kind === "call" ? part.args.flatMap((arg) => (arg.kind === "selector" ? [{ name: part.name, arg }] : [])) : [],
  );
}

function parses(text: string): boolean {
  try {
    parsePromql(text.replaceAll(/\$__\w+/g, "5m"));
    return true;
  } catch {
    return false;
  }
}

/** Ranges as they were written: `$__rate_interval` is none that a rate may be without. */
const RATE = /\b(?:rate|irate)\(.*?\[([^\]]+)\]/g;

export const LINT: readonly LintRule[] = [
  {
    name: "template-datasource-rule",
    problems: ({ templating }) => {
      const found = templating.list.filter((v) => v.type === "datasource");
      const right = found.length === 1 && found[0]?.name === "datasource" && found[0].label === "Data source";
      return right && found[0]?.query === "prometheus" ? [] : ["one variable `datasource`, labelled `Data source`"];
    },
  },
  { name: "template-job-rule", excluded: NO_SCRAPE_LABELS },
  { name: "template-instance-rule", excluded: NO_SCRAPE_LABELS },
  {
    name: "template-label-promql-rule",
    problems: ({ templating }) =>
      templating.list
        .filter((v) => v.type === "query")
        .filter(({ query }) => !parses(/^label_values\((.+), \w+\)$/.exec(query)?.[1] ?? "no query"))
        .map((v) => `${v.name}: ${v.query}`),
  },
  {
    name: "template-on-time-change-reload-rule",
    problems: ({ templating }) =>
      templating.list.filter((v) => v.type === "query" && v.refresh !== 2).map((v) => v.name),
  },
  {
    name: "template-unused-rule",
    problems: (board) => {
      const exprs = shownOf(board).flatMap((panel) => (panel.targets ?? []).map((t) => t.expr));
      // A board that is off has a text only; its variables keep the choice for the next board.
      const off = exprs.length === 0;
      const used = (name: string) => exprs.some((expr) => new RegExp(`\\$${name}\\b`).test(expr));
      return board.templating.list.filter((v) => v.type === "query" && !off && !used(v.name)).map((v) => v.name);
    },
  },
  {
    name: "panel-datasource-rule",
    problems: each(({ datasource }) => DATASOURCE.has(datasource?.uid ?? ""), "not the chosen data source"),
  },
  {
    name: "panel-title-description-rule",
    problems: each(({ title, description = "" }) => title !== "" && description !== "", "no title or no description"),
  },
  {
    name: "panel-units-rule",
    problems: each(({ fieldConfig }) => UNIT_IDS.has(fieldConfig?.defaults.unit ?? ""), "no unit of Grafana's"),
  },
  { name: "panel-no-targets-rule", problems: each(({ targets = [] }) => targets.length > 0, "no query") },
  { name: "target-promql-rule", problems: eachTarget(({ expr }) => parses(expr), "does not parse") },
  {
    name: "target-rate-interval-rule",
    problems: eachTarget(
      ({ expr }) => [...expr.matchAll(RATE)].every(([, range]) => range === "$__rate_interval"),
      "a rate over a time of its own",
    ),
  },
  { name: "target-job-rule", excluded: NO_SCRAPE_LABELS },
  { name: "target-instance-rule", excluded: NO_SCRAPE_LABELS },
  {
    name: "target-counter-agg-rule",
    problems: eachTarget((target) => {
      const counted = new Set(
        callsOf(target)
          .filter(({ name }) => ["rate", "irate", "increase"].includes(name))
          .map(({ arg }) => arg.text),
      );
      const all = [...everyPart(parsePromql(target.expr.replaceAll(/\$__\w+/g, "5m")))];
      return all.every((part) => part.kind !== "selector" || !part.name.endsWith("_total") || counted.has(part.text));
    }, "a counter that is not counted by rate or increase"),
  },
  { name: "uneditable-dashboard", problems: ({ editable }) => (editable ? ["can be edited"] : []) },
  // Ours: what the excluded rules are there for.
  {
    name: "panel-id-unique",
    problems: (board) => {
      const ids = panelsOf(board).map((panel) => panel.id);
      return ids.filter((id, i) => ids.indexOf(id) !== i).map(String);
    },
  },
];
