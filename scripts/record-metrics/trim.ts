import {
  type Exposition,
  familyOf,
  type LabelSet,
  parseExposition,
  type Sample,
  seriesText,
} from "../../test/contract/metrics/exposition";

/** What a recording says of itself in its first lines. */
export interface Heading {
  readonly program: string;
  readonly version: string;
  /** ISO date. */
  readonly recorded: string;
  readonly how: string;
}

export interface TrimOptions {
  /** Parts of label values that differ from machine to machine, and what stands for them. */
  readonly replace?: readonly (readonly [RegExp, string])[];
  /** Series that say something about this machine only. */
  readonly leaveOut?: (name: string, labels: LabelSet) => boolean;
  /** Whether the explanations are ours to publish. */
  readonly keepHelp?: boolean;
}

/** Series of one name that a recording keeps, values of one label, buckets of one histogram. */
const SERIES_PER_NAME = 16;
const VALUES_PER_LABEL = 12;
const BUCKETS = 3;
const MAX_BYTES = 200 * 1024;

/** Places and addresses of the machine that records. */
const HERE: readonly (readonly [RegExp, string])[] = [
  [/(?:\/tmp|\/home|\/root|\/var\/tmp)\/[^\s,;"]*/g, "/data"],
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:1"],
];

/**
 * Scrapes as one small text that is the same at every recording of the same version: names, types and labels stay, every value
 * is 1, and of many label sets those stay that show a value for the first time.
 */
export function fixtureText(heading: Heading, scrapes: readonly string[], options: TrimOptions = {}): string {
  const told = merged(scrapes.map(parseExposition));
  const lines = families(told, options).flatMap(([family, samples]) => [
    ...(options.keepHelp ? [`# HELP ${family} ${told.helps.get(family) ?? ""}`] : []),
    `# TYPE ${family} ${told.types.get(family) ?? "untyped"}`,
    ...samples.map((one) => `${seriesText(one)} 1`),
  ]);
  const text = `${[...headingLines(heading), ...lines].join("\n")}\n`;
  if (text.length > MAX_BYTES) throw new Error(`${heading.program}: ${text.length} bytes are too many; leave more out`);
  return text;
}

function headingLines({ program, version, recorded, how }: Heading): string[] {
  return [
    `# program: ${program}`,
    `# version: ${version}`,
    `# recorded: ${recorded}`,
    `# by: npm run record:metrics ${program}`,
    `# how: ${how}`,
    "# Names, types and labels count: every value is 1, and label sets beyond a few per series are left out.",
  ];
}

function merged(all: readonly Exposition[]): Exposition {
  return {
    types: new Map(all.flatMap((one) => [...one.types])),
    helps: new Map(all.flatMap((one) => [...one.helps])),
    samples: all.flatMap((one) => one.samples),
  };
}

function families({ types, samples }: Exposition, { replace = [], leaveOut }: TrimOptions): [string, Sample[]][] {
  const byFamily = new Map<string, Sample[]>([...types.keys()].map((name) => [name, []]));
  for (const one of samples) {
    const labels = Object.fromEntries(
      Object.entries(one.labels).map(([label, value]) => [label, neutral(value, [...replace, ...HERE])]),
    );
    if (leaveOut?.(one.name, labels)) continue;
    const family = familyOf(one.name, types);
    byFamily.set(family, [...(byFamily.get(family) ?? []), { ...one, labels }]);
  }
  return [...byFamily]
    .filter(([family]) => !leaveOut?.(family, {}))
    .sort(([a], [b]) => order(a, b))
    .map(([family, found]) => [family, few(found)]);
}

function neutral(value: string, replace: readonly (readonly [RegExp, string])[]): string {
  return replace.reduce((text, [from, to]) => text.replace(from, to), value);
}

/** Of every name, the label sets that show something new. */
function few(samples: readonly Sample[]): Sample[] {
  const unique = new Map(samples.map((one) => [seriesText(one), one]));
  const sorted = [...unique].sort(([a], [b]) => order(a, b)).map(([, one]) => one);
  const seen = new Map<string, Set<string>>();
  const kept = new Map<string, number>();
  return sorted.filter(({ name, labels }) => {
    const count = kept.get(name) ?? 0;
    const news = Object.entries(labels).filter(([label, value]) => {
      const values = seen.get(`${name} ${label}`) ?? new Set();
      return !values.has(value) && (values.size < limitOf(label) || value === "+Inf");
    });
    if ((count > 0 && news.length === 0) || (count >= SERIES_PER_NAME && labels.le !== "+Inf")) return false;
    kept.set(name, count + 1);
    for (const [label, value] of news) {
      const key = `${name} ${label}`;
      seen.set(key, (seen.get(key) ?? new Set()).add(value));
    }
    return true;
  });
}

const limitOf = (label: string): number => (label === "le" ? BUCKETS : VALUES_PER_LABEL);

/** By code points: the same on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
