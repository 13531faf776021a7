import type { AlertDefinition } from "./types";

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
    expr: (p) => {
      const changes = `changes(chain:height[${p.stallWindowSeconds}s])`;
      return (
        `(${changes} == 0) and on (network) (max by (network) (${changes}) > 0)` +
        " unless on (network, node) chain:syncing == 1"
      );
    },
    forSeconds: () => 120,
    severity: "critical",
    summary: "{{ $labels.node }} stands still while {{ $labels.network }} moves",
    description: (p) =>
      `The height of {{ $labels.node }} has not changed in ${p.stallWindowSeconds} s although other nodes made blocks (block time ${p.blockTimeSeconds} s).`,
  },
  {
    name: "NetworkHalted",
    expr: (p) =>
      `(max by (network, stack) (changes(chain:height[${p.haltWindowSeconds}s])) == 0)` +
      " and on (network) (count by (network) (chain:up == 1) > 0)" +
      ` and on (network) (max by (network) (count_over_time(chain:height[${p.haltWindowSeconds}s])) >= ${samples(p.haltWindowSeconds, p.scrapeIntervalSeconds)})`,
    forSeconds: (p) => Math.max(10, 2 * p.scrapeIntervalSeconds),
    severity: "critical",
    summary: "{{ $labels.network }} makes no blocks",
    description: (p) =>
      `No node of {{ $labels.network }} has seen a new block in ${p.haltWindowSeconds} s (block time ${p.blockTimeSeconds} s).`,
  },
  {
    name: "NoPeers",
    expr: () => "chain:peers == 0",
    forSeconds: () => 300,
    severity: "critical",
    summary: "{{ $labels.node }} of {{ $labels.network }} has no peers",
    description: () => "{{ $labels.node }} has {{ $value }} peers: it hears nothing of the network.",
  },
  {
    name: "NodeTargetMissing",
    expr: () => "chain:expected_node unless on (network, node) chain:up",
    forSeconds: (p) => Math.max(60, 4 * p.scrapeIntervalSeconds),
    severity: "critical",
    summary: "nothing is known of {{ $labels.node }} of {{ $labels.network }}",
    description: () =>
      "{{ $labels.node }} is in the inventory, but no probe result arrives: the agent is down, or it lost the node.",
  },
];

/** A window says something only when most of its samples are there: right after a start, silence is not a halt. */
function samples(windowSeconds: number, scrapeSeconds: number): number {
  return Math.max(2, Math.floor((windowSeconds / scrapeSeconds) * 0.8));
}
