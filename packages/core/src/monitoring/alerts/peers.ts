import type { AlertDefinition } from "../types";
import { atLeast, BY_NETWORK, DAY, HOUR, MINUTE, patience, percent, UNLESS_SYNCING, VALUE } from "./expressions";

/** What a series usually is: the average of a day, without the last hour, which may already be the trouble. */
const usual = (series: string) => `avg_over_time(${series}[${DAY}s] offset ${HOUR}s)`;
const MEMPOOL_FACTOR = 2;

export const PEERS: readonly AlertDefinition[] = [
  {
    name: "NoPeers",
    preset: "core",
    group: "P2P and mempool",
    scope: "node",
    // A network of one has nobody to talk to: its limit is 0, and so is that of users who turned the question off.
    applies: (p) => p.minPeers > 0,
    expr: () => `(chain:peers == 0) and ${BY_NETWORK} (chain:min_peers > 0)`,
    current: () => "chain:peers",
    forSeconds: (p) => patience(p, 120, 300),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} has no peers",
    description: () => `{{ $labels.node }} ({{ $labels.client }}) has ${VALUE} peers: it hears nothing of the network.`,
    dashboard: "node",
    runbook: {
      meaning: "The process answers, and says that it is connected to nobody. It is not told where `minPeers` is 0.",
      impact: "The node sees no new blocks and passes on no transactions. It falls behind from now on.",
      diagnosis: [
        "Does the machine reach the network: firewall, name service, clock?",
        "On a private network: do the nodes that it dials run? `config/config.toml` lists them as `persistent_peers`.",
        "`npx chainkeep logs <process>` tells why dials fail: wrong chain, full peers, wrong key.",
      ],
      mitigation: [
        "Open the p2p port, or give peers that are known to live in `nodes.<group>.peers`.",
        "A node that was banned by its peers gets connections again when its clock and version are right.",
      ],
    },
  },
  {
    name: "PeersLow",
    preset: "core",
    group: "P2P and mempool",
    scope: "node",
    // Without any peer it is NoPeers.
    applies: (p) => p.minPeers > 1,
    expr: (_, threshold) => `(chain:peers < ${threshold}) > 0`,
    threshold: {
      value: (p) => p.minPeers,
      unit: "peers",
      says: "peers that a node should have at least",
      min: 1,
      max: 10_000,
      whole: true,
    },
    current: () => "chain:peers",
    forSeconds: (p) => patience(p, 120, 900),
    keepFiringSeconds: (p) => atLeast(p.private ? MINUTE : 5 * MINUTE, p),
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} has few peers",
    description: (_, threshold) =>
      `{{ $labels.node }} ({{ $labels.client }}) has ${VALUE} peers, fewer than ${threshold}: blocks come late, and one more loss may cut it off.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The process is connected to fewer peers than the network's figure in the catalogue, or your `health.minPeers` where that is higher.",
      impact:
        "Blocks and transactions come late and by few ways. A handful of peers can show the node a false picture.",
      diagnosis: [
        "Has it been so since the start, or since a change? The panel of peers tells.",
        "Can others reach it from outside: is the p2p port open for TCP and UDP, and does the node announce the right address?",
        "`npx chainkeep logs <process>`: peers that refuse it (wrong chain, old version) or leave at once.",
      ],
      mitigation: [
        "Open the p2p port in firewall and address translation.",
        "Give peers that are known to live in `nodes.<group>.peers`.",
        "On a small network the figure may be too high: set `threshold` of this alert.",
      ],
    },
  },
  {
    name: "PeersDropped",
    preset: "core",
    group: "P2P and mempool",
    scope: "node",
    slow: true,
    applies: (p) => p.minPeers > 0,
    // Below the limit PeersLow and NoPeers say it already.
    expr: (_, threshold) =>
      `(chain:peers < ${threshold} * ${usual("chain:peers")}) and (chain:peers > 0) and (chain:peers >= ${BY_NETWORK} group_left () chain:min_peers)`,
    threshold: {
      value: () => 0.3,
      unit: "ratio",
      says: "share of its usual peers that a node must have kept",
      min: 0.01,
      max: 0.99,
    },
    current: () => `chain:peers / ${usual("chain:peers")}`,
    forSeconds: (p) => patience(p, 300, 1800),
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} has lost most of its peers",
    description: (_, threshold) =>
      `{{ $labels.node }} ({{ $labels.client }}) has ${VALUE} peers left, less than ${percent(threshold)} of its average of the day before.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node has far fewer peers than it used to have, although not too few yet. How many are usual differs from network to network, so that each node is held against itself.",
      impact: "None yet. Something has changed, and in a day it may be too few.",
      diagnosis: [
        "What changed about then: firewall, address, router, version, a limit of connections?",
        "Only peers that come in, or also those that it dials itself? Only the first need an open port.",
        "All nodes at one place? Then it is the network there.",
      ],
      mitigation: [
        "Put the change back, or make the new address known: clients take it from their arguments.",
        "If the new number is right (a lower limit of peers), the alert ends by itself within a day.",
      ],
    },
  },
  {
    name: "MempoolGrowing",
    preset: "core",
    group: "P2P and mempool",
    scope: "node",
    slow: true,
    expr: (_, threshold) =>
      `(chain:mempool_pending > ${threshold}) and (chain:mempool_pending > ${MEMPOOL_FACTOR} * ${usual("chain:mempool_pending")}) ${UNLESS_SYNCING}`,
    threshold: {
      value: () => 1000,
      unit: "transactions",
      says: `waiting transactions that are nothing special, even where they are more than ${MEMPOOL_FACTOR} times the average of the last day`,
      min: 0,
      max: 10_000_000,
      whole: true,
    },
    current: () => "chain:mempool_pending",
    forSeconds: (p) => patience(p, 120, 900),
    severity: "warning",
    owner: "dev",
    summary: "transactions pile up on {{ $labels.node }} of {{ $labels.network }}",
    description: (_, threshold) =>
      `${VALUE} transactions wait on {{ $labels.node }} ({{ $labels.client }}): more than ${threshold}, and more than ${MEMPOOL_FACTOR} times the average of the day before.`,
    dashboard: "node",
    runbook: {
      meaning: "The node takes transactions in, and they do not get into blocks as fast as they come.",
      impact: "Users wait, fees rise, and the oldest transactions may be dropped when the pool is full.",
      diagnosis: [
        "One node or all? One alone does not pass on what it takes: look at its peers.",
        "All: is the network full, or are blocks empty? A block explorer shows how full they are.",
        "One sender: a gap in its sequence holds back all that comes after it.",
      ],
      mitigation: [
        "A busy network: higher fees get in first; nothing is broken.",
        "A flood: limit the sender in front of the proxy, and lower the client's pool in `options` of the group.",
        "A private network whose blocks are small: raise the limit of blocks, or make blocks more often.",
      ],
    },
  },
];
