import type { CanonicalSeries } from "../../chains/types";
import type { AlertParameters } from "../types";

/** Labels that nodes are matched by, and networks. */
export const BY_NODE = "on (network, stack, node)";
export const BY_NETWORK = "on (network, stack)";
/** Nodes may have several processes: what is said of one of them is matched by its client as well. */
export const BY_PROCESS = "on (network, stack, node, client)";

/** Leaves out nodes that say that they are catching up. */
export const UNLESS_SYNCING = `unless ${BY_NODE} (chain:syncing == 1)`;

/** Networks in which a node answers that does not say that it is catching up: it knows the present. */
export const SOMEBODY_KNOWS = `${BY_NETWORK} (count by (network, stack) ((chain:up == 1) ${UNLESS_SYNCING}) > 0)`;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

/** A window says something only when most of its samples are there: right after a start, silence is no proof. */
export function samples(windowSeconds: number, scrapeSeconds: number): number {
  return Math.max(2, Math.floor((windowSeconds / scrapeSeconds) * 0.8));
}

/**
 * What a series was so many seconds ago. `offset` alone would take samples up to five minutes older, e.g. those of another
 * chain before Prometheus was started again.
 */
export function ago(series: string, seconds: number, { scrapeIntervalSeconds }: AlertParameters): string {
  return `max_over_time(${series}[${2 * scrapeIntervalSeconds}s] offset ${seconds}s)`;
}

/** By how much a counter has risen: whole numbers, where `increase` would give what it takes the edges of the window for. */
export function risen(counter: string, seconds: number): string {
  return `(${counter} - min_over_time(${counter}[${seconds}s]))`;
}

/** Longer than two scrapes, and at least so long: shorter waits see single samples. */
export function atLeast(seconds: number, { scrapeIntervalSeconds }: AlertParameters): number {
  return Math.max(seconds, 4 * scrapeIntervalSeconds);
}

/** The same on a private network, where people are at their desks and blocks are quick, and on a public one. */
export function patience(p: AlertParameters, privately: number, publicly: number): number {
  return atLeast(p.private ? privately : publicly, p);
}

/** A number as Prometheus writes it back in a text. */
export const VALUE = '{{ $value | printf "%.0f" }}';
export const PERCENT = "{{ $value | humanizePercentage }}";
export const DURATION = "{{ $value | humanizeDuration }}";

/** Who an alert is about, in words. */
export const NODE = "{{ $labels.node }} ({{ $labels.client }}, {{ $labels.role }})";

/** A share as people write it, without what a computer adds at the end: 99.9. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** Whether a series that only clients and exporters tell can be there: an alert on one that cannot would never fire. */
export function fedBy(series: CanonicalSeries): (p: AlertParameters) => boolean {
  return ({ nativeSeries, hasExporters }) => nativeSeries.includes(series) || hasExporters;
}
