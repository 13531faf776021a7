import type * as common from "@grafana/grafana-foundation-sdk/common";
import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";
import { mappingsOf, thresholdsOf } from "./figures";
import type { LineOf } from "./lines";
import type { DataPanel, Panel, PanelKind, Target } from "./model";
import { overridesOf, transformationsOf } from "./render-table";
import { UNIT_IDS } from "./units";
import { LOOKS, textLook } from "./visualisations";

/** Whatever Prometheus the viewer has chosen. */
export const DATASOURCE: common.DataSourceRef = { type: "prometheus", uid: `\${datasource}` };

const TYPES: Readonly<Record<PanelKind, string>> = {
  timeseries: "timeseries",
  stat: "stat",
  table: "table",
  "state-timeline": "state-timeline",
  "bar-gauge": "bargauge",
  text: "text",
};

export function renderPanel(panel: Panel, lineOf: LineOf): sdk.PanelBuilder {
  const builder = new sdk.PanelBuilder().type(TYPES[panel.kind]).title(panel.title);
  if (panel.kind === "text") return builder.options(textLook(panel.text)).transparent(true);
  const look = LOOKS[panel.kind](panel, lineOf);
  builder
    .description(describe(panel, lineOf))
    .datasource(DATASOURCE)
    .targets(panel.targets.map((target, i) => ({ build: () => query(panel, target, i) })))
    .options(look.options)
    .custom(look.custom)
    .unit(UNIT_IDS[panel.unit])
    .colorScheme(new sdk.FieldColorBuilder().mode(look.colour))
    .mappings(mappingsOf(panel))
    .thresholds(thresholdsOf(panel, lineOf, look.fine));
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.empty !== undefined) builder.noValue("none");
  if (panel.kind === "table") {
    for (const step of transformationsOf(panel)) builder.withTransformation(step);
    builder.overrides(overridesOf(panel, lineOf));
  }
  return builder;
}

/** What the panel says, why it may be empty, and in words what its lines are. */
export function describe(panel: DataPanel, lineOf: LineOf): string {
  const limits = [panel, ...panel.targets.map((t) => t.column)].flatMap((figure) => figure?.limits ?? []);
  const lines = limits.flatMap((limit) => lineOf(limit)?.says ?? []);
  return [
    panel.description,
    ...(panel.empty === undefined ? [] : [`Empty ${panel.empty}.`]),
    ...(lines.length === 0 ? [] : [`Alerts: ${lines.join("; ")}.`]),
  ].join(" ");
}

/** A, B, ... : the name by which a table's columns know the query. */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function query({ kind }: DataPanel, { expr, legend }: Target, index: number): Dataquery {
  // Only graphs need the past; one value is enough to be read as one.
  const past = kind === "timeseries" || kind === "state-timeline";
  return {
    refId: refId(index),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    ...(past ? { range: true, instant: false } : { range: false, instant: true }),
    ...(kind === "table" ? { format: "table" as Dataquery["format"] } : {}),
    // The SDK's mark of a query; it does not reach the JSON.
    _implementsDataqueryVariant: () => undefined,
  };
}
