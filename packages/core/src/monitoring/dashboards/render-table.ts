import * as common from "@grafana/grafana-foundation-sdk/common";
import type * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { mappingsOf, textMappings } from "./figures";
import { COLOURS, type LineOf, stepsOf } from "./lines";
import type { DataPanel, Figure, LabelColumn } from "./model";
import { UNIT_IDS } from "./units";

type Override = Parameters<sdk.PanelBuilder["withOverride"]>[0];
type Property = Override["properties"][number];

/** Grafana's name of the field that holds a query's values. */
function valueField({ targets }: DataPanel, index: number): string {
  return targets.length === 1 ? "Value" : `Value #${String.fromCharCode("A".charCodeAt(0) + index)}`;
}

/** Rows of all queries with equal labels become one; then order, titles, and nothing that was not asked for. */
export function transformationsOf(panel: DataPanel): sdk.DataTransformerConfig[] {
  const { targets, labels = [] } = panel;
  const columns: [field: string, title: string][] = [
    ...labels.map(({ label, title }): [string, string] => [label, title]),
    ...targets.flatMap(({ column }, i): [string, string][] =>
      column === undefined ? [] : [[valueField(panel, i), column.title]],
    ),
  ];
  const dropped = targets.flatMap(({ column }, i) => (column === undefined ? [valueField(panel, i)] : []));
  return [
    ...(targets.length > 1 ? [{ id: "merge", options: {} }] : []),
    {
      id: "organize",
      options: {
        excludeByName: Object.fromEntries(["Time", ...dropped].map((field) => [field, true])),
        includeByName: {},
        indexByName: Object.fromEntries(columns.map(([field], i) => [field, i])),
        renameByName: Object.fromEntries(columns),
      },
    },
  ];
}

export function overridesOf({ targets, labels = [] }: DataPanel, lineOf: LineOf): Override[] {
  return [
    ...labels.flatMap((column) => named(column.title, labelProperties(column))),
    ...targets.flatMap(({ column }) =>
      column === undefined ? [] : named(column.title, valueProperties(column, lineOf)),
    ),
  ];
}

function named(title: string, properties: Property[]): Override[] {
  return properties.length === 0 ? [] : [{ matcher: { id: "byName", options: title }, properties }];
}

function labelProperties({ link, moods }: LabelColumn): Property[] {
  return [
    ...(link === undefined ? [] : [{ id: "links", value: [{ ...link, targetBlank: false }] }]),
    ...(moods === undefined ? [] : [{ id: "mappings", value: textMappings(moods) }, COLOURED]),
  ];
}

const COLOURED: Property = { id: "custom.cellOptions", value: { type: common.TableCellDisplayMode.ColorText } };

function valueProperties(figure: Figure, lineOf: LineOf): Property[] {
  const { unit, decimals, meanings = [], limits = [] } = figure;
  const lines = limits.flatMap((limit) => lineOf(limit) ?? []);
  return [
    { id: "unit", value: UNIT_IDS[unit] },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(meanings.length === 0 ? [] : [{ id: "mappings", value: mappingsOf(figure) }]),
    ...(lines.length === 0
      ? []
      : [{ id: "thresholds", value: { mode: "absolute", steps: stepsOf(lines, COLOURS.neutral) } }]),
    ...(lines.length + meanings.length === 0 ? [] : [COLOURED]),
  ];
}
