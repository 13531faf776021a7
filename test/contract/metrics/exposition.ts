/** Labels of one series. */
export type LabelSet = Readonly<Record<string, string>>;

export interface Sample {
  /** With `_bucket`, `_sum`, `_count` as it is written. */
  readonly name: string;
  readonly labels: LabelSet;
  readonly value: string;
}

export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";

/** What a program answers when its metrics are read. */
export interface Exposition {
  readonly types: ReadonlyMap<string, MetricType>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

/** Reads Prometheus's text format. Lines that are none are told with their number. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, MetricType>();
  const helps = new Map<string, string>();
  const samples: Sample[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const told = /^# (TYPE|HELP) (\S+) ?(.*)$/.exec(line);
    if (told) {
      const [, kind, name = "", rest = ""] = told;
      if (kind === "HELP") helps.set(name, rest);
      else types.set(name, rest.trim() as MetricType);
    } else if (line.trim() !== "" && !line.startsWith("#")) {
      samples.push(sample(line, index + 1));
    }
  }
  return { types, helps, samples };
}

const LINE = /^([a-zA-Z_:][\w:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy;

function sample(line: string, number: number): Sample {
  const [all, name = "", list = "", value = ""] = LINE.exec(line) ?? [];
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (const found of list.matchAll(LABEL)) {
    labels[found[1] ?? ""] = (found[2] ?? "").replace(/\\(.)/g, (_, sign: string) => (sign === "n" ? "\n" : sign));
    end = found.index + found[0].length;
  }
  if (all === undefined || end !== list.length) throw new Error(`line ${number} is no sample: ${line}`);
  return { name, labels, value };
}

/** Name under which the type of a series is told: that of histograms and summaries has no suffix. */
export function familyOf(name: string, types: ReadonlyMap<string, unknown>): string {
  if (types.has(name)) return name;
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return types.has(base) ? base : name;
}

export function seriesText({ name, labels }: { readonly name: string; readonly labels: LabelSet }): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}
