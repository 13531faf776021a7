import { distance } from "fastest-levenshtein";
import { type Matcher, parsePromql, type Selector } from "../promql";
import { either, type Labels, resultLabels, UNKNOWN } from "./result-labels";
import { type Clients, candidates, type Found, findSeries, isDropped } from "./series";
import type { LabelValues, Source } from "./sources";

/** One expression of ours: of a recording rule, an alert, a panel. */
export interface Asked {
  /** How it is called in a message. */
  readonly where: string;
  readonly expr: string;
  /** Name under which Prometheus keeps the answer. */
  readonly record?: string;
  /** Labels that the rule puts on. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Names that several programs have and that are meant of all of them. */
  readonly shared?: readonly string[];
  /** Labels that a source of the rule may be without. */
  readonly lacking?: readonly string[];
}

export interface Ground {
  readonly sources: readonly Source[];
  readonly clients: Clients;
  /** Labels of canonical series that a cluster need not have, by name. */
  readonly catalogue: ReadonlyMap<string, readonly string[]>;
}

/** What is known of canonical series after all rules have been read. */
export interface Canonical {
  readonly labels: Labels;
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads rules in their order and says everything that no program has. */
export class Contract {
  readonly problems: string[] = [];
  private readonly canonical = new Map<string, Canonical>();

  constructor(private readonly ground: Ground) {}

  get recorded(): ReadonlyMap<string, Canonical> {
    return this.canonical;
  }

  read(asked: Asked): Labels {
    const expr = parsePromql(asked.expr);
    const labels = resultLabels(expr, {
      labelsOf: (selector, client) => this.labelsOf(selector, client, asked),
      complain: (part, label, problem) => {
        if (asked.lacking?.includes(label) !== true) this.tell(asked, part.text, problem);
      },
    });
    if (asked.record !== undefined) {
      const sure = new Set([...labels.sure, ...(asked.lacking ?? []).filter((label) => labels.possible.has(label))]);
      this.keep(asked.record, { ...labels, sure }, asked.labels ?? {});
    }
    return labels;
  }

  private tell({ where }: Asked, text: string, problem: string): void {
    const line = `${where}: ${text}: ${problem}`;
    if (!this.problems.includes(line)) this.problems.push(line);
  }

  /** A series that several rules record has what all of them give. */
  private keep(record: string, inner: Labels, own: Readonly<Record<string, string>>): void {
    const names = Object.keys(own);
    const labels: Labels = {
      ...inner,
      sure: new Set([...inner.sure, ...names]),
      possible: new Set([...inner.possible, ...names]),
    };
    const before = this.canonical.get(record);
    const values = new Map([...(before?.values ?? [])].map(([label, of]) => [label, new Set(of)]));
    for (const [label, value] of Object.entries(own)) values.set(label, (values.get(label) ?? new Set()).add(value));
    this.canonical.set(record, { labels: before ? either(before.labels, labels) : labels, values });
  }

  private labelsOf(selector: Selector, client: string | undefined, asked: Asked): Labels {
    if (selector.name.startsWith("chain:") || selector.name.includes(":")) return this.canonicalLabels(selector, asked);
    const { sources, clients } = this.ground;
    const found = findSeries(selector, client, sources, clients);
    if (found.length === 0) {
      this.tell(asked, selector.text, this.notFound(selector.name, client));
      return UNKNOWN;
    }
    const programs = found.map((one) => one.source.program);
    const generic = client === undefined && found.length > 1 && asked.shared?.includes(selector.name) !== true;
    if (generic) this.tell(asked, selector.text, `is a name of ${programs.join(", ")}: say whose it is meant to be`);
    for (const matcher of selector.matchers) this.checkMatcher(matcher, selector, found, asked);
    const all = found.map(({ labels }) => new Set(labels.keys()));
    const [first = new Set<string>()] = all;
    return {
      sure: new Set([...first].filter((label) => all.every((labels) => labels.has(label)))),
      possible: new Set(all.flatMap((labels) => [...labels])),
    };
  }

  private checkMatcher(matcher: Matcher, selector: Selector, found: readonly Found[], asked: Asked): void {
    const problems = found.map(({ labels, source }) => {
      const problem = matcherProblem(matcher, labels);
      return problem && `${problem} in ${nameOf(source)}`;
    });
    if (problems.every((problem) => problem !== undefined)) this.tell(asked, selector.text, problems.join("; "));
  }

  private canonicalLabels(selector: Selector, asked: Asked): Labels {
    const known = this.canonical.get(selector.name) ?? this.fromCatalogue(selector.name);
    if (known === undefined) {
      const near = nearest(selector.name, [...this.canonical.keys()]);
      this.tell(asked, selector.text, `no rule before it records ${selector.name}${near ? `; nearest: ${near}` : ""}`);
      return UNKNOWN;
    }
    const { clients } = this.ground;
    const values = new Map<string, LabelValues>([...known.labels.possible].map((label) => [label, undefined]));
    if (values.has("client")) values.set("client", clients.names);
    for (const [label, of] of known.values) if (label !== "network" && label !== "stack") values.set(label, of);
    for (const matcher of known.labels.unknown === true ? [] : selector.matchers) {
      const problem = matcherProblem(matcher, values);
      if (problem !== undefined) this.tell(asked, selector.text, `${problem} in ${selector.name}`);
    }
    return known.labels;
  }

  private fromCatalogue(series: string): Canonical | undefined {
    const labels = this.ground.catalogue.get(series);
    if (labels === undefined) return undefined;
    return { labels: { sure: new Set(labels), possible: new Set(labels) }, values: new Map() };
  }

  private notFound(name: string, client: string | undefined): string {
    const { sources, clients } = this.ground;
    const looked = candidates(client, sources);
    const dropped = looked.find((s) => s.metrics.has(name) && isDropped(name, s.program, clients));
    if (dropped) return `${name} is dropped at the scrape of ${dropped.program}`;
    const near = nearest(
      name,
      looked.flatMap((s) => [...s.metrics.keys()]),
    );
    const others = sources.filter((s) => s.metrics.has(name)).map((s) => s.program);
    const where =
      client === undefined
        ? "any program that is scraped"
        : looked.map(nameOf).join(", ") || `${client}, of which nothing is kept`;
    const hints = [near && `nearest: ${near}`, others.length > 0 && `it is a series of ${others.join(", ")}`].filter(
      Boolean,
    );
    return [`no ${name} in ${where}`, ...hints].join("; ");
  }
}

function nameOf({ program, version, kind }: Source): string {
  return `${program} ${version} (${kind})`.replace(" ()", "");
}

function matcherProblem({ label, op, value }: Matcher, labels: ReadonlyMap<string, LabelValues>): string | undefined {
  if (label === "__name__") return undefined;
  if (!labels.has(label)) {
    const near = nearest(label, [...labels.keys()]);
    return `no label "${label}"${near ? `; nearest: ${near}` : ""}`;
  }
  const values = labels.get(label);
  if (values === undefined || op === "!=" || op === "!~") return undefined;
  // An empty value means that the label is absent.
  const fits = op === "=" ? (one: string) => one === value : (one: string) => new RegExp(`^(?:${value})$`).test(one);
  if ([...values].some(fits)) return undefined;
  const near = nearest(value, [...values]);
  return `${label} is never ${op === "=~" ? "like " : ""}"${value}"${near ? `; nearest: ${near}` : `; there are ${[...values].slice(0, 8).join(", ")}`}`;
}

/** The known word that is most like another one, if it is not quite another word. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, edits: distance(word, one) }))
    .sort((a, b) => a.edits - b.edits || (a.one < b.one ? -1 : 1));
  return best !== undefined && best.edits <= Math.max(2, word.length / 3) ? best.one : undefined;
}
