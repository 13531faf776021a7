import type * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import { FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as timeline from "@grafana/grafana-foundation-sdk/statetimeline";
import type * as table from "@grafana/grafana-foundation-sdk/table";
import type * as text from "@grafana/grafana-foundation-sdk/text";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { COLOURS, type LineOf } from "./lines";
import type { DataPanel } from "./model";

/** What a kind of panel looks like: options of the panel and of its fields. */
export interface Look {
  readonly options: object;
  readonly custom: object;
  readonly colour: FieldColorModeId;
  /** Colour on the good side of all lines. */
  readonly fine: string;
}

const LATEST: common.ReduceDataOptions = { calcs: ["lastNotNull"], fields: "", values: false };

const legend = (shown: boolean): common.VizLegendOptions => ({
  displayMode: common.LegendDisplayMode.List,
  placement: common.LegendPlacement.Bottom,
  showLegend: shown,
  calcs: [],
});

const TOOLTIP: common.VizTooltipOptions = {
  mode: common.TooltipDisplayMode.Multi,
  sort: common.SortOrder.Descending,
};

const hasLines = ({ limits = [] }: DataPanel, lineOf: LineOf) => limits.some((limit) => lineOf(limit) !== undefined);

export const LOOKS: Readonly<Record<DataPanel["kind"], (panel: DataPanel, lineOf: LineOf) => Look>> = {
  timeseries: (panel, lineOf) => {
    const { Dashed, Off } = common.GraphThresholdsStyleMode;
    const options: timeseries.Options = { legend: legend(true), tooltip: TOOLTIP };
    const custom: timeseries.FieldConfig = {
      drawStyle: common.GraphDrawStyle.Line,
      lineWidth: 1,
      fillOpacity: 0,
      showPoints: common.VisibilityMode.Never,
      // A gap is a time without an answer, and stays one.
      spanNulls: false,
      thresholdsStyle: { mode: hasLines(panel, lineOf) ? Dashed : Off },
    };
    // Grafana draws no line for a step that is transparent, and takes the colour of the step below it for what fires below.
    return { options, custom, colour: FieldColorModeId.PaletteClassicByName, fine: "transparent" };
  },
  stat: (panel, lineOf) => {
    const options: stat.Options = {
      reduceOptions: LATEST,
      graphMode: common.BigValueGraphMode.None,
      colorMode: common.BigValueColorMode.Value,
      justifyMode: common.BigValueJustifyMode.Auto,
      textMode: panel.names ? common.BigValueTextMode.Name : common.BigValueTextMode.Auto,
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: common.PercentChangeColorMode.Standard,
      orientation: common.VizOrientation.Auto,
    };
    return { options, custom: {}, colour: FieldColorModeId.Thresholds, fine: fineOf(panel, lineOf) };
  },
  "bar-gauge": (panel, lineOf) => {
    const options: bargauge.Options = {
      reduceOptions: LATEST,
      displayMode: common.BarGaugeDisplayMode.Basic,
      valueMode: common.BarGaugeValueMode.Color,
      namePlacement: common.BarGaugeNamePlacement.Auto,
      showUnfilled: true,
      sizing: common.BarGaugeSizing.Auto,
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
      legend: legend(false),
      orientation: common.VizOrientation.Horizontal,
    };
    return { options, custom: {}, colour: FieldColorModeId.Thresholds, fine: fineOf(panel, lineOf) };
  },
  "state-timeline": () => {
    const options: timeline.Options = {
      showValue: common.VisibilityMode.Auto,
      rowHeight: 0.9,
      mergeValues: true,
      alignValue: common.TimelineValueAlignment.Left,
      legend: legend(false),
      tooltip: TOOLTIP,
    };
    const custom: timeline.FieldConfig = { fillOpacity: 70, lineWidth: 0, spanNulls: false };
    return { options, custom, colour: FieldColorModeId.Thresholds, fine: COLOURS.neutral };
  },
  table: ({ sortBy }) => {
    const options: table.Options = {
      frameIndex: 0,
      showHeader: true,
      cellHeight: common.TableCellHeight.Sm,
      ...(sortBy === undefined ? {} : { sortBy: [{ displayName: sortBy.title, desc: sortBy.descending === true }] }),
    };
    const custom: table.FieldConfig = {
      align: common.FieldTextAlignment.Auto,
      inspect: false,
      cellOptions: { type: common.TableCellDisplayMode.Auto },
    };
    return { options, custom, colour: FieldColorModeId.Thresholds, fine: COLOURS.neutral };
  },
};

/** Green only where something is judged. */
const fineOf = (panel: DataPanel, lineOf: LineOf) => (hasLines(panel, lineOf) ? COLOURS.good : COLOURS.neutral);

export function textLook(content: string): text.Options {
  return { mode: "markdown" as text.TextMode, content };
}
