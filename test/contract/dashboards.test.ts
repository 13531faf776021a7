import { readFileSync } from "node:fs";
import * as path from "node:path";
import { CANONICAL, dashboardFiles, dashboards, LABELS, type RulesInput, rulesYaml } from "@chainkeep/core";
import { parse } from "yaml";
import { resultLabels } from "./dashboard-labels";
import { LINT } from "./dashboard-lint";
import { boardsOf, INPUTS, type JsonBoard, type JsonPanel, panelsOf, shownOf } from "./dashboard-world";
import { parsePromql, selectorsOf } from "./promql";

const CASES = Object.entries(INPUTS).map(([title, input]) => [title, input()] as const);
const PANELS = path.join(__dirname, "fixtures", "dashboard-panels.json");

/** Grafana's own variables, filled in; those in label values are strings like any other. */
const plain = (expr: string) => expr.replaceAll(/\$__\w+/g, "5m");
const parsed = (expr: string) => parsePromql(plain(expr));

/** Labels of what the rules of a cluster record, and of alerts. */
function recordedLabels(input: RulesInput): (series: string) => readonly string[] | undefined {
  const { groups } = parse(rulesYaml(input)) as {
    groups: { rules: { record?: string; labels?: Record<string, string> }[] }[];
  };
  const canonical = new Map(CANONICAL.map((c) => [c.name, [...LABELS[c.scope], ...(c.more ?? [])]]));
  const found = new Map<string, readonly string[]>([
    ["ALERTS", ["alertname", "alertstate", "severity", "owner", "network", "stack", "node", "vault", "validator"]],
  ]);
  for (const { record, labels = {} } of groups.flatMap((g) => g.rules)) {
    if (record !== undefined) found.set(record, canonical.get(record) ?? Object.keys(labels));
  }
  return (series) => found.get(series);
}

const everyTarget = (boards: readonly JsonBoard[]) =>
  boards.flatMap((board) =>
    shownOf(board).flatMap((panel) => (panel.targets ?? []).map((target) => ({ board, panel, target }))),
  );

describe.each(CASES)("the boards of %s", (_, input) => {
  const boards = boardsOf(input);
  const labelsOf = recordedLabels(input);

  it("are the same six, under the names that alerts link to", () => {
    expect(boards.map((b) => b.uid)).toEqual([
      "chainkeep-fleet",
      "chainkeep-node",
      "chainkeep-validator",
      "chainkeep-backups",
      "chainkeep-cost",
      "chainkeep-meta",
    ]);
  });

  it.each(LINT.flatMap(({ name, problems }) => (problems ? [[name, problems] as const] : [])))(
    "pass %s",
    (_name, problems) => {
      expect(boards.flatMap((board) => problems(board).map((p) => `${board.uid}: ${p}`))).toEqual([]);
    },
  );

  it("say of each panel in a sentence what it shows", () => {
    for (const board of boards) {
      for (const { title, type, description = "", options } of shownOf(board)) {
        const text = type === "text" ? (options?.content ?? "") : description;
        expect([title, text]).toEqual([title, expect.stringMatching(/^.{20,}\.$/s)]);
      }
    }
  });

  it("read only what is recorded for this cluster, and alerts", () => {
    const read = everyTarget(boards).flatMap(({ panel, target }) =>
      selectorsOf(parsed(target.expr)).map((s) => [panel.title, s.name] as const),
    );
    expect(read.length).toBeGreaterThan(20);
    expect(read.filter(([, name]) => labelsOf(name) === undefined)).toEqual([]);
  });

  it("narrow every series by everything that can be chosen and that the series has", () => {
    for (const { board, panel, target } of everyTarget(boards)) {
      const names = board.templating.list.filter((v) => v.type === "query").map((v) => v.name);
      for (const { name, matchers } of selectorsOf(parsed(target.expr))) {
        const chosen = matchers.filter((m) => m.value.startsWith("$"));
        const wrong = chosen.filter(
          (m) => m.op !== "=~" || m.value !== `$${m.label}` || !labelsOf(name)?.includes(m.label),
        );
        expect([panel.title, name, wrong]).toEqual([panel.title, name, []]);
        if (board.uid === "chainkeep-node" && /^chain:host/.test(name)) continue;
        // Of the labels that a board offers a series keeps all that it has; alerts of validators and vaults have further ones.
        const offered = names.filter(
          (label) => labelsOf(name)?.includes(label) && !(name === "ALERTS" && label === "vault"),
        );
        const kept = chosen.map((m) => m.label);
        expect([panel.title, name, offered.filter((label) => !kept.includes(label))]).toEqual([panel.title, name, []]);
      }
    }
  });

  it("name series and columns by labels that the answers have", () => {
    for (const { panel, target } of everyTarget(boards)) {
      const has = resultLabels(parsed(target.expr), labelsOf);
      const named = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? "");
      expect([panel.title, target.expr, named.filter((label) => !has.has(label))]).toEqual([
        panel.title,
        target.expr,
        [],
      ]);
    }
    for (const panel of dashboards(input).flatMap((b) => b.rows.flatMap((r) => r.panels))) {
      if (panel.kind !== "table") continue;
      const has = new Set(panel.targets.flatMap((t) => [...resultLabels(parsed(t.expr), labelsOf)]));
      // A table shows each label of its rows, so that two rows never look the same.
      const shown = new Set((panel.labels ?? []).map((l) => l.label));
      expect([panel.title, [...has].filter((label) => !shown.has(label) && label !== "stack")]).toEqual([
        panel.title,
        [],
      ]);
      expect([panel.title, [...shown].filter((label) => !has.has(label))]).toEqual([panel.title, []]);
    }
  });

  it("lie in the grid without covering each other", () => {
    for (const board of boards) {
      for (const group of [board.panels, ...board.panels.map((p) => p.panels ?? [])])
        expect(overlaps(group)).toEqual([]);
    }
  });

  it("are the same text for an equal plan", () => {
    const again = Object.entries(INPUTS).find(([title]) => title === _)?.[1]() as RulesInput;
    expect(dashboardFiles(again)).toEqual(dashboardFiles(input));
  });

  it("can be imported by hand: nothing is bound to one Grafana", () => {
    for (const text of Object.values(dashboardFiles(input))) {
      expect(text).not.toContain("__inputs");
      const uids = [...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid ?? "");
      expect(uids.filter((uid) => uid !== `\${datasource}` && !uid.startsWith("chainkeep-"))).toEqual([]);
    }
  });
});

/** Pairs of panels that share a cell, and panels outside of the grid. */
function overlaps(panels: readonly JsonPanel[]): string[] {
  return panels.flatMap((a, i) => {
    const { x, y, w, h } = a.gridPos;
    const out = x < 0 || x + w > 24 ? [`${a.title} is outside`] : [];
    const meets = (b: JsonPanel["gridPos"]) => x < b.x + b.w && b.x < x + w && y < b.y + b.h && b.y < y + h;
    return [
      ...out,
      ...panels
        .slice(i + 1)
        .filter((b) => meets(b.gridPos))
        .map((b) => `${a.title} and ${b.title}`),
    ];
  });
}

describe("numbers of panels", () => {
  it("stay as they are, because bookmarks and links have them: change the fixture only on purpose", () => {
    const found = Object.fromEntries(
      CASES.flatMap(([, input]) =>
        boardsOf(input).flatMap((board) => panelsOf(board).map((p) => [`${board.uid}/${p.id}`, p.title] as const)),
      ).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect(found).toEqual(JSON.parse(readFileSync(PANELS, "utf8")));
  });
});

describe("the rules themselves", () => {
  const board = boardsOf(CASES[0]![1])[0] as JsonBoard;
  const first = shownOf(board).find((p) => p.type === "timeseries") as JsonPanel;
  const broken = (change: Partial<JsonPanel>) => ({ ...board, panels: [{ ...first, ...change }] });
  const target = (expr: string) => ({ targets: [{ ...first.targets![0]!, expr }] });

  it.each<[string, JsonBoard]>([
    ["template-datasource-rule", { ...board, templating: { list: [] } }],
    [
      "template-label-promql-rule",
      { ...board, templating: { list: [{ name: "x", type: "query", query: "label_values(up{, x)" }] } },
    ],
    [
      "template-on-time-change-reload-rule",
      { ...board, templating: { list: [{ name: "x", type: "query", query: "", refresh: 1 }] } },
    ],
    ["template-unused-rule", { ...board, templating: { list: [{ name: "x", type: "query", query: "" }] } }],
    ["panel-datasource-rule", broken({ datasource: { uid: "prometheus" } })],
    ["panel-title-description-rule", broken({ description: "" })],
    ["panel-units-rule", broken({ fieldConfig: { defaults: { unit: "blocks" }, overrides: [] } })],
    ["panel-no-targets-rule", broken({ targets: [] })],
    ["target-promql-rule", broken(target("sum(up"))],
    ["target-rate-interval-rule", broken(target("sum(rate(chain:tx_total[5m]))"))],
    ["target-counter-agg-rule", broken(target("sum(chain:tx_total)"))],
    ["uneditable-dashboard", { ...board, editable: true }],
    ["panel-id-unique", { ...board, panels: [first, first] }],
  ])("%s finds what is wrong", (name, wrong) => {
    expect(LINT.find((rule) => rule.name === name)?.problems?.(wrong)).toHaveLength(1);
  });

  it("either hold or have a reason", () => {
    expect(LINT.filter((rule) => (rule.problems === undefined) !== (rule.excluded !== undefined))).toEqual([]);
  });

  it("find panels that cover each other or leave the grid", () => {
    const at = (x: number, y: number, w: number, h: number) => ({ ...first, gridPos: { x, y, w, h } });
    expect(overlaps([at(0, 0, 12, 8), at(12, 0, 12, 8), at(0, 8, 24, 1)])).toEqual([]);
    expect(overlaps([at(0, 0, 12, 8), at(11, 7, 12, 8), at(13, 0, 12, 4)])).toHaveLength(2);
  });
});
