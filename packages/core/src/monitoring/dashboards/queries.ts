import { scrapeSeconds } from "../parameters";
import type { RulesInput } from "../rules";
import type { DashboardId } from "../types";
import { dashboards } from "./boards";
import type { Panel, Variable } from "./model";

/** What the viewer would have chosen: regular expressions, as Grafana writes them. */
export type QueryValues = Readonly<Partial<Record<Variable, string>>> & {
  /** Seconds that Grafana would take rates over. */
  readonly rateSeconds?: number;
  /** Time range of the board, in seconds. */
  readonly rangeSeconds?: number;
};

export interface PanelQuery {
  readonly board: DashboardId;
  readonly panel: string;
  /** Key of the panel inside of its board. */
  readonly key: string;
  readonly legend: string;
  /** Without variables: can be asked at `/api/v1/query`. */
  readonly expr: string;
  /** Why it may rightly have no data. */
  readonly empty?: string;
  /** The row is closed until somebody opens it: many stacks have no data of it. */
  readonly collapsed: boolean;
}

/** Every query of every panel with the variables filled in: what Grafana would ask. */
export function panelQueries(input: RulesInput, values: QueryValues = {}): PanelQuery[] {
  const seconds = scrapeSeconds(input.plan, input.monitoring);
  const filled = (expr: string) => fillIn(expr, { rateSeconds: Math.max(60, 4 * seconds), ...values });
  return dashboards(input).flatMap(({ id, rows }) =>
    rows.flatMap(({ panels, collapsed = false }) =>
      panels.flatMap((panel) => targetsOf(panel).map((of) => ({ board: id, ...of, expr: filled(of.expr), collapsed }))),
    ),
  );
}

function targetsOf(panel: Panel) {
  if (panel.kind === "text") return [];
  const { key, title, targets } = panel;
  return targets.map(({ expr, legend, empty = panel.empty }) => {
    return { panel: title, key, legend, expr, ...(empty === undefined ? {} : { empty }) };
  });
}

/** Grafana's variables, as its data source for Prometheus fills them in. */
function fillIn(expr: string, { rateSeconds = 60, rangeSeconds = 3600, ...chosen }: QueryValues): string {
  const values: Readonly<Record<string, string | undefined>> = chosen;
  return expr
    .replaceAll("$__rate_interval", `${rateSeconds}s`)
    .replaceAll("$__range", `${rangeSeconds}s`)
    .replace(/\$(\w+)/g, (_, name: string) => values[name] ?? ".*");
}
