import type { AlertDefinition, AlertParameters } from "./types";

/** The alerts that every cluster starts with. Sources: facts on monitoring, part 2, numbers 1, 2, 7, 8 and 18. */
export const ALERTS: readonly AlertDefinition[] = [
  {
    name: "NodeDown",
    expr: () => "chain:up == 0",
    forSeconds: () => 180,
    keepFiringSeconds: (p) => Math.max(30, 4 * p.scrapeIntervalSeconds),
    severity: "critical",
    summary: "{{ $labels.node }} of {{ $labels.network }} does not answer",
    description: () =>
      "The agent asked {{ $labels.node }} ({{ $labels.client }}, {{ $labels.role }}) for its head and got no usable answer.",
  },
  {
    name: "NodeStalled",
    // A vanished series keeps its last samples in the window, and a new one has few: only a full window of a node that still
    // answers says something. Nodes that catch up are no proof that the network moves.
    expr: (p) =>
      `(changes(chain:height[${p.stallWindowSeconds}s]) == 0)` +
      ` and (count_over_time(chain:height[${p.stallWindowSeconds}s]) >= ${samples(p.stallWindowSeconds, p.scrapeIntervalSeconds)})` +
      " and chain:height" +
      ` and on (network, stack) (max by (network, stack) (changes(chain:height[${p.stallWindowSeconds}s]) unless on (network, stack, node) (chain:syncing == 1)) > 0)` +
      " unless on (network, stack, node) (chain:syncing == 1)",
    forSeconds: () => 120,
    severity: "critical",
    summary: "{{ $labels.node }} stands still while {{ $labels.network }} moves",
    description: (p) =>
      `The height of {{ $labels.node }} ({{ $labels.client }}) has not changed in ${p.stallWindowSeconds} s although other nodes made blocks (block time ${p.blockTimeSeconds} s).`,
  },
  {
    name: "NetworkHalted",
    // The best height counts: a node that catches up during a halt moves as well. Where the median node moves, it was the best
    // height that fell or stands: its node went away or lies, or the chain began anew. An idle network is halted only when
    // transactions wait.
    expr: (p) =>
      `(chain:network_height <= ${ago("chain:network_height", p.haltWindowSeconds, p)})` +
      " and on (network, stack) (count by (network, stack) ((chain:up == 1) unless on (network, stack, node) (chain:syncing == 1)) > 0)" +
      ` unless on (network, stack) (quantile by (network, stack) (0.5, changes(chain:height[${p.haltWindowSeconds}s])) > 0)` +
      (p.idle
        ? ` and on (network, stack) (max by (network, stack) (min_over_time(chain:mempool_pending[${p.haltWindowSeconds}s])) > 0)`
        : ""),
    forSeconds: (p) => Math.max(10, 2 * p.scrapeIntervalSeconds),
    severity: "critical",
    summary: "no node sees new blocks of {{ $labels.network }}",
    description: (p) =>
      `No node of {{ $labels.network }} has seen a new block in ${p.haltWindowSeconds} s (block time ${p.blockTimeSeconds} s): the network stands still, or this stack is cut off from it.`,
  },
  {
    name: "NoPeers",
    // A network of one has nobody to talk to: its limit is 0, and so is that of users who turned the question off.
    expr: () => "(chain:peers == 0) and on (network, stack) (chain:min_peers > 0)",
    forSeconds: () => 300,
    severity: "critical",
    summary: "{{ $labels.node }} of {{ $labels.network }} has no peers",
    description: () => "{{ $labels.node }} has {{ $value }} peers: it hears nothing of the network.",
  },
  {
    name: "NodeTargetMissing",
    expr: () => "chain:expected_node unless on (network, stack, node) chain:up",
    forSeconds: (p) => Math.max(60, 4 * p.scrapeIntervalSeconds),
    severity: "critical",
    summary: "nothing is known of {{ $labels.node }} of {{ $labels.network }}",
    description: () =>
      "{{ $labels.node }} is in the inventory, but no probe result arrives: the agent is down, or it lost the node.",
  },
];

/** A window says something only when most of its samples are there: right after a start, silence is no proof. */
function samples(windowSeconds: number, scrapeSeconds: number): number {
  return Math.max(2, Math.floor((windowSeconds / scrapeSeconds) * 0.8));
}

/**
 * What a series was so many seconds ago. `offset` alone would take samples up to five minutes older, e.g. those of another
 * chain before Prometheus was started again.
 */
function ago(series: string, seconds: number, { scrapeIntervalSeconds }: AlertParameters): string {
  return `max_over_time(${series}[${2 * scrapeIntervalSeconds}s] offset ${seconds}s)`;
}
