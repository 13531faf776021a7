import { KINDS } from "../../../packages/core/src/chains/types";
import type { Selector } from "../promql";
import type { LabelValues, Metric, Source } from "./sources";

/** Labels that Prometheus puts on at a scrape, by whose series they are. */
const SCRAPED = ["network", "stack", "job", "instance"];
const OF_NODES = [...SCRAPED, "node", "client", "role"];

/** Names of client programs, beside which exporters and services are scraped. */
export interface Clients {
  readonly names: ReadonlySet<string>;
  /** Names that are dropped at the scrape of a client, as regular expressions. */
  readonly drops: (client: string) => readonly string[];
}

/** Where a series was found. */
export interface Found {
  readonly source: Source;
  readonly metric: Metric;
  /** Labels of its own and of the scrape. */
  readonly labels: ReadonlyMap<string, LabelValues>;
}

/** Programs whose series may be meant by a name: one client where the rule says whose it is, else all that is scraped. */
export function findSeries(
  { name }: Selector,
  client: string | undefined,
  sources: readonly Source[],
  clients: Clients,
): Found[] {
  return candidates(client, sources).flatMap((source) => {
    const metric = source.metrics.get(name);
    if (metric === undefined || isDropped(name, source.program, clients)) return [];
    return [{ source, metric, labels: new Map([...targetLabels(source, clients), ...metric.labels]) }];
  });
}

export function candidates(client: string | undefined, sources: readonly Source[]): Source[] {
  return sources.filter(({ program }) => client === undefined || program === client);
}

export function isDropped(name: string, program: string, { drops }: Clients): boolean {
  return drops(program).some((pattern) => new RegExp(`^(?:${pattern})$`).test(name));
}

function targetLabels({ program, kind }: Source, { names }: Clients): [string, LabelValues][] {
  const known: Readonly<Record<string, LabelValues>> = { role: new Set(KINDS), client: names };
  const labels =
    program === "agent" || program === "prometheus" || program === "alertmanager"
      ? SCRAPED
      : program === "node_exporter"
        ? [...SCRAPED, "host"]
        : kind === "prometheus"
          ? [...OF_NODES, "host"]
          : OF_NODES;
  return labels.map((label) => [label, known[label]]);
}
