import { dashboardUid, runbookUrl } from "../../links";
import type { DataPanel, LabelColumn, Meaning, Target, TextPanel, Unit } from "../model";
import type { Chosen } from "../select";
import type { BoardContext } from "./context";

/** Labels that make a node; figures of its processes are put together over them. */
export const BY_NODE = "stack, network, node";

export const DOWN_UP: readonly Meaning[] = [
  { value: 0, text: "down", mood: "bad" },
  { value: 1, text: "up", mood: "good" },
];

export const NO_YES: readonly Meaning[] = [
  { value: 0, text: "no", mood: "neutral" },
  { value: 1, text: "yes", mood: "good" },
];

/** None is good, any is not. */
export function noneIsGood(mood: "bad" | "warning" | "info", none = "none"): readonly Meaning[] {
  return [
    { value: 0, text: none, mood: "good" },
    { from: 1, mood },
  ];
}

type Rest = Omit<DataPanel, "kind" | "key" | "title" | "description" | "unit" | "targets" | "width" | "height">;

interface Size {
  readonly width?: number;
  readonly height?: number;
}

const make =
  (kind: DataPanel["kind"], width: number, height: number) =>
  (
    key: string,
    title: string,
    description: string,
    unit: Unit,
    targets: readonly Target[],
    rest: Rest & Size = {},
  ): DataPanel => ({ kind, key, title, description, unit, targets, width, height, ...rest });

export const graph = make("timeseries", 12, 8);
export const stat = make("stat", 4, 4);
export const table = make("table", 24, 8);
export const timeline = make("state-timeline", 24, 6);
export const bars = make("bar-gauge", 12, 6);

export function note(key: string, title: string, text: string, size: Size = {}): TextPanel {
  return { kind: "text", key, title, text, width: 24, height: 4, ...size };
}

export function target(expr: string, legend: string, column?: Target["column"]): Target {
  return { expr, legend, ...(column === undefined ? {} : { column }) };
}

const KEPT = `\${datasource:queryparam}&\${stack:queryparam}`;

/** Opens the board of the node whose row was clicked. */
export const NODE_COLUMN: LabelColumn = {
  label: "node",
  title: "Node",
  link: {
    title: "This node in detail",
    url: `/d/${dashboardUid("node")}?${KEPT}&var-network=\${__data.fields.network}&var-node=\${__data.fields.node}&\${__url_time_range}`,
  },
};

export const NETWORK_COLUMN: LabelColumn = { label: "network", title: "Network" };

/** Seconds until the disk is full when it goes on as in the last six hours; nothing while it does not fill. At most ten years. */
export function untilFull(chosen: Chosen): string {
  const free = chosen("chain:disk_avail_bytes");
  return `clamp_max(${free} / -(deriv(${free}[6h]) < 0), 315360000)`;
}

/** Blocks since the last one that each key of this stack signed, as its own node sees the chain. */
export function unsignedBlocks(chosen: Chosen): string {
  const process = "stack, network, node, client";
  const height = `max by (${process}) (${chosen("chain:height")})`;
  return `${height} - on (${process}) group_right () ${chosen("chain:validator_last_signed_height")}`;
}

/** Alerts that fire, worst first, each with the way to its page. */
export function alertTable(chosen: Chosen, { links }: BoardContext, key = "firing-alerts"): DataPanel {
  const firing = (severity: string) => chosen("ALERTS", `alertstate="firing",severity="${severity}"`);
  // The table keeps the order that Prometheus gives; by name, `info` would come before `warning`.
  const ranked = `3 * ${firing("critical")} or 2 * ${firing("warning")} or ${firing("info")}`;
  return table(
    key,
    "Firing alerts",
    "Every alert that fires now. The name leads to its page: what it means and what to do; the node leads to its board.",
    "text",
    [
      target(
        `sort_desc(max by (severity, alertname, network, node, vault, validator, owner) (${ranked}))`,
        "{{alertname}}",
      ),
    ],
    {
      empty: "while nothing fires",
      height: 7,
      labels: [
        { label: "severity", title: "Severity", moods: { critical: "bad", warning: "warning", info: "info" } },
        {
          label: "alertname",
          title: "Alert",
          link: { title: "What to do", url: runbookUrl(links, `\${__data.fields.alertname}`) },
        },
        NETWORK_COLUMN,
        NODE_COLUMN,
        { label: "vault", title: "Vault" },
        { label: "validator", title: "Validator" },
        { label: "owner", title: "Who acts" },
      ],
    },
  );
}

/** What fired when. */
export function alertTimeline(chosen: Chosen): DataPanel {
  const firing = chosen("ALERTS", 'alertstate="firing",alertname!="Watchdog"');
  return timeline(
    "alert-history",
    "Alerts over time",
    "When each alert fired, over all nodes that it fired for.",
    "number",
    [target(`max by (alertname, severity) (${firing})`, "{{alertname}} ({{severity}})")],
    { empty: "while nothing fired", meanings: [{ value: 1, text: "firing", mood: "bad" }] },
  );
}
