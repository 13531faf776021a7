import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboardUid } from "../links";
import { panelId } from "./ids";
import { layOut, type PlacedRow } from "./layout";
import { COLOURS, type LineOf } from "./lines";
import type { Board, Variable } from "./model";
import { DATASOURCE, renderPanel } from "./render-panel";
import { chosenBy, variableQuery } from "./select";

export interface RenderOptions {
  readonly lineOf: LineOf;
  /** Seconds between two looks at Prometheus. */
  readonly refreshSeconds: number;
  /** Address below which the pages of the alerts lie. */
  readonly runbooks: string;
}

const TAG = "chainkeep";

/**
 * Grafana's JSON of a board. The SDK's module is loaded with this file and takes a while, so nothing but `files.ts` asks for it,
 * and only when boards are written. Of the SDK's builders only those of the dashboard itself are used: those of single
 * visualisations load all three schemas that Grafana has, and their options are plain data with types.
 */
export function renderBoard(board: Board, options: RenderOptions): string {
  const builder = new sdk.DashboardBuilder(board.title)
    .uid(dashboardUid(board.id))
    .description(board.description)
    .tags([TAG, `${TAG}-${board.id}`])
    .timezone("browser")
    // Files are the truth: what is changed in the browser would be lost at the next deployment.
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: `now-${board.range}`, to: "now" })
    .refresh(`${options.refreshSeconds}s`)
    .links(navigation(board, options))
    .withVariable(new sdk.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"));
  for (const [i, name] of board.variables.entries()) {
    builder.withVariable(variable(name, board.variables.slice(0, i)));
  }
  builder.annotation(firing(board));
  for (const placed of layOut(board.rows)) addRow(builder, board, placed, options.lineOf);
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function variable(name: Variable, before: readonly Variable[]) {
  return new sdk.QueryVariableBuilder(name)
    .label(name.charAt(0).toUpperCase() + name.slice(1))
    .datasource(DATASOURCE)
    .query(variableQuery(name, before))
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

/** What fired, across all graphs. */
function firing({ variables }: Board) {
  return new sdk.AnnotationQueryBuilder()
    .name("Alerts")
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(COLOURS.bad)
    .expr(chosenBy(variables)("ALERTS", 'alertstate="firing",alertname!="Watchdog"'))
    .titleFormat("{{alertname}}")
    .textFormat("{{severity}} {{node}}{{vault}}{{validator}}")
    .tagKeys("severity,network,node")
    .useValueForTime(false);
}

/** To the other boards, keeping what was chosen, and to the pages of the alerts. */
function navigation(board: Board, { runbooks }: RenderOptions) {
  const others = new sdk.DashboardLinkBuilder("Boards")
    .type(sdk.DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
  const pages = new sdk.DashboardLinkBuilder("Runbooks")
    .type(sdk.DashboardLinkType.Link)
    .icon("doc")
    .tooltip(`What each alert means and what to do (from ${board.title})`)
    .url(runbooks)
    .targetBlank(true);
  return [others, pages];
}

function addRow(builder: sdk.DashboardBuilder, board: Board, { row, at, panels }: PlacedRow, lineOf: LineOf): void {
  const head = new sdk.RowBuilder(row.title).id(panelId(board.id, `row/${row.key}`)).gridPos({ ...at });
  const built = panels.map(([panel, place]) =>
    renderPanel(panel, lineOf)
      .id(panelId(board.id, panel.key))
      .gridPos({ ...place }),
  );
  if (row.collapsed) for (const panel of built) head.withPanel(panel);
  builder.withRow(head.collapsed(row.collapsed === true));
  if (!row.collapsed) for (const panel of built) builder.withPanel(panel);
}
