import type { DashboardId } from "../types";

/** How a panel shows its figures. */
export const PANEL_KINDS = ["timeseries", "stat", "table", "state-timeline", "bar-gauge", "text"] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

/** What figures are counted in; the renderer has Grafana's word for each. */
export type Unit =
  | "blocks"
  | "number"
  | "count"
  | "seconds"
  | "days"
  | "bytes"
  | "ratio"
  | "times"
  | "USD"
  | "perSecond"
  | "requestsPerSecond"
  | "perMinute"
  | "hash"
  | "text";

/** Good or bad, never told by colour alone: every mood comes with words. */
export type Mood = "good" | "neutral" | "info" | "warning" | "bad";

/** What a value, or all values from one on, mean in words. */
export interface Meaning {
  readonly value?: number;
  /** Instead of `value`: this and everything above; the value itself stays to be read. */
  readonly from?: number;
  readonly text?: string;
  readonly mood: Mood;
}

/** A line at the threshold of an alert. An alert that is off has none. */
export interface Limit {
  readonly alert: string;
  /** On which side of the line the alert fires. */
  readonly when: "above" | "below";
}

/** How figures are written, and what they mean. */
export interface Figure {
  readonly unit: Unit;
  readonly decimals?: number;
  readonly meanings?: readonly Meaning[];
  readonly limits?: readonly Limit[];
}

export interface Target {
  /** PromQL on canonical series, inventory series and `ALERTS`. */
  readonly expr: string;
  /** Name of each series, with its labels in double braces. */
  readonly legend: string;
  /** In a table: the column that holds the values. Without one, only the labels are shown. */
  readonly column?: Figure & { readonly title: string };
  /** Why this query may rightly have no data although others of its panel have. */
  readonly empty?: string;
}

/** A column of a table that shows a label. */
export interface LabelColumn {
  readonly label: string;
  readonly title: string;
  readonly link?: PanelLink;
  /** Moods of texts, e.g. of severities. */
  readonly moods?: Readonly<Record<string, Mood>>;
}

export interface PanelLink {
  readonly title: string;
  /** Grafana's variables are filled in: `${__data.fields.node}`, `${__url_time_range}`. */
  readonly url: string;
}

interface Place {
  /** Identity inside the board. The panel's number follows from it, so it is never changed. */
  readonly key: string;
  readonly title: string;
  /** Columns of 24. */
  readonly width: number;
  /** Steps of 30 pixels. */
  readonly height: number;
}

export interface TextPanel extends Place {
  readonly kind: "text";
  /** Markdown. */
  readonly text: string;
}

export interface DataPanel extends Place, Figure {
  readonly kind: Exclude<PanelKind, "text">;
  /** What the figures are, whole sentences. The lines of alerts are explained by the renderer. */
  readonly description: string;
  readonly targets: readonly Target[];
  /** Why it may rightly have no data; told in the description. */
  readonly empty?: string;
  readonly min?: number;
  readonly max?: number;
  readonly labels?: readonly LabelColumn[];
  /** Title of the column that a table is sorted by. */
  readonly sortBy?: { readonly title: string; readonly descending?: boolean };
  /** A stat that shows the names of its series instead of their values. */
  readonly names?: boolean;
}

export type Panel = TextPanel | DataPanel;

export interface Row {
  readonly key: string;
  readonly title: string;
  /** Closed until somebody opens it: for what many stacks have no data of. */
  readonly collapsed?: boolean;
  readonly panels: readonly Panel[];
}

/** Labels that a board can be narrowed by, in the order in which they depend on each other. */
export const VARIABLES = ["stack", "network", "role", "client", "node", "vault"] as const;
export type Variable = (typeof VARIABLES)[number];

export interface Board {
  readonly id: DashboardId;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  /** Time range at first sight, e.g. "6h". */
  readonly range: string;
  readonly rows: readonly Row[];
}
