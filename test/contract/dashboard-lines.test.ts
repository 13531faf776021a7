import {
  ALERTS,
  type AlertOverrideArgs,
  alertParameters,
  clusterAlerts,
  type DashboardId,
  dashboards,
  dashboardUid,
  type RulesInput,
} from "@chainkeep/core";
import { panelId } from "../../packages/core/src/monitoring/dashboards/ids";
import type { DataPanel, Figure, Limit, Unit } from "../../packages/core/src/monitoring/dashboards/model";
import { boardsOf, INPUTS, type JsonPanel, panelsOf } from "./dashboard-world";

const inputs = Object.values(INPUTS).map((input) => input());
const everything = INPUTS["own chain, everything on"]!();
const BY_NAME = new Map(ALERTS.map((alert) => [alert.name, alert]));

/** A line of our model, with the panel of Grafana's JSON that it is drawn in. */
interface Drawn {
  readonly limit: Limit;
  readonly figure: Figure;
  /** Title of the table's column. */
  readonly column?: string;
  readonly json: JsonPanel;
}

function drawn(input: RulesInput): Drawn[] {
  const json = new Map(boardsOf(input).flatMap((b) => panelsOf(b).map((p) => [`${b.uid}/${p.id}`, p] as const)));
  const lines = (id: DashboardId, panel: DataPanel, figure: Figure, column?: string): Drawn[] =>
    (figure.limits ?? []).map((limit) => ({
      limit,
      figure,
      ...(column === undefined ? {} : { column }),
      json: json.get(`${dashboardUid(id)}/${panelId(id, panel.key)}`) as JsonPanel,
    }));
  return dashboards(input).flatMap(({ id, rows }) =>
    rows
      .flatMap((row) => row.panels)
      .flatMap((panel) => {
        if (panel.kind === "text") return [];
        const columns = panel.targets.flatMap(({ column }) =>
          column === undefined ? [] : lines(id, panel, column, column.title),
        );
        return [...lines(id, panel, panel), ...columns];
      }),
  );
}

type Steps = readonly { readonly value: number | null; readonly color: string }[];

function stepsOf({ json, column }: Drawn): Steps {
  if (column === undefined) return json.fieldConfig?.defaults.thresholds?.steps ?? [];
  const properties = json.fieldConfig?.overrides.find((o) => o.matcher.options === column)?.properties ?? [];
  return (properties.find((p) => p.id === "thresholds")?.value as { steps: Steps } | undefined)?.steps ?? [];
}

/** Colour of a value, as Grafana finds it. */
function colourAt(steps: Steps, value: number): string | undefined {
  return steps.filter((step) => step.value === null || value >= step.value).at(-1)?.color;
}

const COLOURS = { critical: "red", warning: "orange", info: "blue", none: "text" };

/** What units of alerts look like on panels. */
const UNITS: Readonly<Record<string, readonly Unit[]>> = {
  seconds: ["seconds"],
  bytes: ["bytes"],
  ratio: ["ratio"],
  times: ["times", "ratio"],
  blocks: ["blocks"],
  USD: ["USD"],
};

/** Alerts whose figure no panel holds against a line. */
const NOT_DRAWN: Readonly<Record<string, string>> = {
  ReorgRateHigh: "held against a multiple of the day before; the graph of reorganisations shows both",
  PeersDropped: "a share of what the same node had the day before; the graph of peers shows the fall",
  RpcBudgetBurnFast: "the promise itself, not a burn rate; its page tells the rate",
  RpcBudgetBurnSlow: "the promise itself, not a burn rate; its page tells the rate",
  RpcBudgetBurnLong: "the promise itself, not a burn rate; its page tells the rate",
  AttestationMissStreak: "counts only while no attestation comes in; misses and hits are drawn",
  BackupHeightStale: "a time by which the chain is shifted; the heights are drawn",
};

describe("lines of alerts", () => {
  it("are there for every alert that compares with a figure, or have a reason not to be", () => {
    const found = new Set(inputs.flatMap(drawn).map(({ limit }) => limit.alert));
    const figures = ALERTS.filter((alert) => alert.threshold !== undefined).map((alert) => alert.name);
    expect(figures.filter((name) => !found.has(name)).sort()).toEqual(Object.keys(NOT_DRAWN).sort());
  });

  it("are of alerts that there are, on the side on which these fire", () => {
    const p = alertParameters(everything);
    for (const { limit, json } of inputs.flatMap(drawn)) {
      const alert = BY_NAME.get(limit.alert);
      // A figure that is in no expression by itself, to be found again.
      const sign = /([<>]=?)\s*(?:on \([^)]*\) )?(?:\(|bool )?12345\.5\b/.exec(alert?.expr(p, 12_345.5) ?? "")?.[1];
      const side = { ">": "above", ">=": "above", "<": "below", "<=": "below" }[sign ?? ""];
      expect([json.title, limit.alert, limit.when]).toEqual([json.title, limit.alert, side]);
    }
  });

  it("are drawn in the unit of the alert", () => {
    for (const { limit, figure, json } of inputs.flatMap(drawn)) {
      const unit = BY_NAME.get(limit.alert)?.threshold?.unit ?? "";
      const fits = UNITS[unit] ?? (["number", "count"] as const);
      expect([json.title, limit.alert, fits]).toEqual([json.title, limit.alert, expect.arrayContaining([figure.unit])]);
    }
  });

  it.each(inputs.map((input, i) => [Object.keys(INPUTS)[i]!, input] as const))(
    "lie at the alert's own figure, in the colour of its severity, and are told in words: %s",
    (_, input) => {
      const { alerts, parameters } = clusterAlerts(input);
      const planned = new Map(alerts.map((alert) => [alert.definition.name, alert]));
      const critical = parameters.hasCriticalNodes || !parameters.hasReplicas;
      for (const line of drawn(input)) {
        const { limit, json } = line;
        const alert = planned.get(limit.alert);
        if (alert === undefined) {
          expect(stepsOf(line).filter((step) => step.value !== null)).toEqual([]);
          expect(json.description).not.toContain(limit.alert);
          continue;
        }
        const { threshold, severity, replicatedSeverity = severity } = alert;
        const colour = COLOURS[critical ? severity : replicatedSeverity];
        const beyond = limit.when === "above" ? threshold : threshold - Math.abs(threshold) / 1e6 - 1e-9;
        expect([json.title, colourAt(stepsOf(line), beyond)]).toEqual([json.title, colour]);
        expect(json.description).toContain(`${limit.alert} (`);
        expect(json.description).toContain(String(threshold));
        if (json.type === "timeseries") expect(json.fieldConfig?.defaults.custom?.thresholdsStyle?.mode).toBe("dashed");
      }
    },
  );

  const withAlerts = (alerts: Record<string, AlertOverrideArgs | boolean>): RulesInput => ({
    ...everything,
    monitoring: { ...everything.monitoring, alerts },
  });
  const linesOf = (input: RulesInput, alert: string) => drawn(input).filter(({ limit }) => limit.alert === alert);

  it("move when the user moves the alert", () => {
    const moved = linesOf(withAlerts({ NodeSyncLag: { threshold: 77, severity: "info" } }), "NodeSyncLag");
    expect(moved.length).toBeGreaterThan(2);
    for (const line of moved) {
      expect(stepsOf(line).slice(1)).toEqual([{ value: 77, color: "blue" }]);
      expect(line.json.description).toContain("NodeSyncLag (info) above 77 blocks");
    }
  });

  it("are gone when the user turns the alert off", () => {
    const before = linesOf(everything, "NodeSyncLag");
    const after = linesOf(withAlerts({ NodeSyncLag: false }), "NodeSyncLag");
    expect(after).toHaveLength(before.length);
    for (const line of before) expect(stepsOf(line).length).toBe(2);
    for (const line of after) expect(stepsOf(line).filter((step) => step.value !== null)).toEqual([]);
  });
});

describe("boards of sets that are off", () => {
  const off = INPUTS["own chain, one node, nothing on but the core"]!();

  it.each(["validator", "backups", "cost"] as const)(
    "%s says what turns it on, and the fleet says that it is off",
    (id) => {
      const boards = new Map(boardsOf(off).map((board) => [board.uid, board]));
      const shown = panelsOf(boards.get(dashboardUid(id))!).filter((panel) => panel.type !== "row");
      expect(shown.map((panel) => panel.type)).toEqual(["text"]);
      expect(shown[0]?.options?.content).toContain("monitoring.presets");
      const fleet = panelsOf(boards.get("chainkeep-fleet")!).find((panel) => panel.title === "Not watched here");
      expect(fleet?.options?.content).toContain(id === "backups" ? "backup" : id);
    },
  );

  it("are filled when they are on", () => {
    for (const { uid, panels } of boardsOf(everything)) {
      expect([uid, panels.some((panel) => panel.title === "Turned off")]).toEqual([uid, false]);
    }
  });
});

describe("links", () => {
  const boards = boardsOf(everything);
  const urls = boards.flatMap((board) =>
    panelsOf(board).flatMap((panel) =>
      (panel.fieldConfig?.overrides ?? []).flatMap((o) =>
        o.properties.flatMap((p) => (p.id === "links" ? (p.value as { url: string }[]).map((l) => l.url) : [])),
      ),
    ),
  );

  it("lead from tables to the board of the node, with its network and what was chosen", () => {
    const toNode = urls.filter((url) => url.startsWith("/d/"));
    expect(toNode.length).toBeGreaterThan(2);
    for (const url of toNode) {
      expect(url).toMatch(/^\/d\/chainkeep-node\?/);
      expect(url).toContain(`var-node=\${__data.fields.node}`);
      expect(url).toContain(`var-network=\${__data.fields.network}`);
    }
  });

  it("lead from alerts to their pages, at the user's own address where there is one", () => {
    expect(urls).toContain(`http://127.0.0.1:26680/runbooks/\${__data.fields.alertname}`);
    const own = { ...everything, links: { ...everything.links, runbookUrl: "https://wiki.example.org/alerts/" } };
    const text = JSON.stringify(boardsOf(own));
    expect(text).toContain(`https://wiki.example.org/alerts/\${__data.fields.alertname}`);
    expect(text).not.toContain("26680");
  });

  it("lead from every board to all others", () => {
    for (const board of boards) {
      expect(board.tags).toContain("chainkeep");
      expect(board.links).toContainEqual(expect.objectContaining({ type: "dashboards", tags: ["chainkeep"] }));
    }
  });

  it("mark firing alerts in all graphs", () => {
    for (const { annotations } of boards) {
      expect(annotations.list).toEqual([
        expect.objectContaining({ name: "Alerts", expr: expect.stringContaining('alertstate="firing"') }),
      ]);
    }
  });
});
