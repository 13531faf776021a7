import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ROLES, SEVERITIES } from "../../../packages/core/src/monitoring/types";
import { familyOf, type MetricType, parseExposition } from "./exposition";

/** Values that a label has; undefined where they are not enumerated. */
export type LabelValues = ReadonlySet<string> | undefined;

export interface Metric {
  readonly type: MetricType;
  readonly labels: ReadonlyMap<string, LabelValues>;
}

/** What is known of the series of one program. */
export interface Source {
  readonly program: string;
  /** Recorded: the version that was run. Transcribed: the pinned version that the list is held to be right for. */
  readonly version: string;
  readonly kind: "recorded" | "transcribed" | "planned" | "prometheus";
  readonly metrics: ReadonlyMap<string, Metric>;
}

const FIXTURES = path.resolve(__dirname, "../../fixtures/metrics");

/** Fixtures of real scrapes, `<program>-<version>.prom`. */
export function recordedSources(): Source[] {
  const folder = path.join(FIXTURES, "recorded");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".prom"))
    .map((file) => recordedSource(readFileSync(path.join(folder, file), "utf8"), file));
}

export function recordedSource(text: string, file: string): Source {
  const [, program = "", version = ""] = /^# program: (\S+)\n# version: (\S+)\n/.exec(text) ?? [];
  if (file !== `${program}-${version}.prom`) throw new Error(`${file}: its heading says ${program} ${version}`);
  const { types, samples } = parseExposition(text);
  const metrics = new Map<string, { type: MetricType; labels: Map<string, Set<string>> }>();
  for (const { name, labels } of samples) {
    const metric = metrics.get(name) ?? { type: types.get(familyOf(name, types)) ?? "untyped", labels: new Map() };
    for (const [label, value] of Object.entries(labels)) {
      metric.labels.set(label, (metric.labels.get(label) ?? new Set()).add(value));
    }
    metrics.set(name, metric);
  }
  return { program, version, kind: "recorded", metrics };
}

interface Transcript {
  readonly program: string;
  readonly for: string;
  readonly read: readonly string[];
  /** Recorded program whose series this one has as well. */
  readonly like?: string;
  readonly metrics: Readonly<
    Record<string, { readonly type: MetricType; readonly labels?: Readonly<Record<string, "*" | string[]>> }>
  >;
}

/** Lists that were read in sources, `<program>.yaml`. */
export function transcribedSources(): Source[] {
  const folder = path.join(FIXTURES, "transcribed");
  return readdirSync(folder).map((file) => {
    const { program, for: version, like, metrics } = parse(readFileSync(path.join(folder, file), "utf8")) as Transcript;
    if (file !== `${program}.yaml`) throw new Error(`${file}: it says that it is about ${program}`);
    const shared = like === undefined ? [] : (recordedSources().find((s) => s.program === like)?.metrics ?? []);
    const own = Object.entries(metrics).map(transcribed);
    return { program, version, kind: "transcribed", metrics: new Map([...shared, ...own]) };
  });
}

function transcribed([name, { type, labels = {} }]: [string, Transcript["metrics"][string]]): [string, Metric] {
  const values = Object.entries(labels).map(([label, of]) => [label, of === "*" ? undefined : new Set(of)] as const);
  return [name, { type, labels: new Map(values) }];
}

/** Series that rules read already and no program writes yet. A test sees to it that an entry goes when its program is there. */
const PLANNED: Readonly<Record<string, readonly [MetricType, readonly string[]]>> = {
  chain_cost_hourly_usd: ["gauge", ["stack"]],
  chain_cost_month_to_date_usd: ["gauge", ["stack"]],
};

/** Series that Prometheus makes of every scrape. */
const SCRAPES = ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling"];

/** Beside those of a node: what else alerts are about. */
const ALERT_LABELS = new Map<string, LabelValues>([
  ["alertname", undefined],
  ["alertstate", new Set(["firing", "pending"])],
  ["severity", new Set([...SEVERITIES, "none"])],
  ["owner", new Set(ROLES)],
  ...["group", "validator", "vault"].map((label): [string, LabelValues] => [label, undefined]),
]);

export function otherSources(): Source[] {
  const planned = Object.entries(PLANNED).map(([name, [type, labels]]): [string, Metric] => [
    name,
    { type, labels: new Map(labels.map((label) => [label, undefined])) },
  ]);
  const alerts: [string, Metric] = ["ALERTS", { type: "gauge", labels: ALERT_LABELS }];
  const scrapes = SCRAPES.map((name): [string, Metric] => [name, { type: "gauge", labels: new Map() }]);
  return [
    { program: "chainkeep (planned)", version: "", kind: "planned", metrics: new Map(planned) },
    { program: "every scrape", version: "", kind: "prometheus", metrics: new Map(scrapes) },
    { program: "every alert", version: "", kind: "prometheus", metrics: new Map([alerts]) },
  ];
}

export function allSources(): Source[] {
  return [...recordedSources(), ...transcribedSources(), ...otherSources()];
}
