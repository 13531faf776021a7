import type { AlertDefinition } from "../types";
import { ago, BY_NETWORK, patience, SOMEBODY_KNOWS, samples, UNLESS_SYNCING } from "./expressions";

export const PROGRESS: readonly AlertDefinition[] = [
  {
    name: "NodeStalled",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    // A vanished series keeps its last samples in the window, and a new one has few: only a full window of a node that still
    // answers says something. Nodes that catch up are no proof that the network moves.
    expr: (p) =>
      `(changes(chain:height[${p.stallWindowSeconds}s]) == 0)` +
      ` and (count_over_time(chain:height[${p.stallWindowSeconds}s]) >= ${samples(p.stallWindowSeconds, p.scrapeIntervalSeconds)})` +
      " and chain:height" +
      ` and ${BY_NETWORK} (max by (network, stack) (changes(chain:height[${p.stallWindowSeconds}s]) ${UNLESS_SYNCING}) > 0)` +
      ` ${UNLESS_SYNCING}`,
    current: () => "chain:height",
    forSeconds: (p) => patience(p, 120, 120),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} stands still while {{ $labels.network }} moves",
    description: (p) =>
      `The height of {{ $labels.node }} ({{ $labels.client }}) has not changed in ${p.stallWindowSeconds} s although other nodes made blocks (block time ${p.blockTimeSeconds} s).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node answers, but its height stands still while others of the same network move, and it does not say that it is catching up.",
      impact:
        "Whoever asks this node gets an old state. The agent takes it out of rotation once it lags; a validator that stands still signs nothing.",
      diagnosis: [
        "Its peers in `npx chainkeep status`: a node without peers hears of no blocks.",
        "`npx chainkeep logs <process>`: a database error, or a block that it refuses (wrong version at a hard fork, damaged state).",
      ],
      mitigation: [
        "Stop and start the process with the supervisor: `npx chainkeep attach`.",
        "If it stands still at the same height again, its data is most likely damaged: restore it from a recovery point, or sync anew.",
        "If it refuses a block that others take, compare versions before you do anything: it may be the others that are wrong.",
      ],
    },
    inhibits: [{ alerts: ["NodeSyncLag", "HeadTimestampOld", "FinalityLag"], equal: ["network", "stack", "node"] }],
  },
  {
    name: "NetworkHalted",
    preset: "core",
    group: "Chain progress",
    scope: "network",
    // The best height counts: a node that catches up during a halt moves as well. Where the median node moves, it was the best
    // height that fell or stands: its node went away or lies, or the chain began anew. An idle network is halted only when
    // transactions wait.
    expr: (p) =>
      `(chain:network_height <= ${ago("chain:network_height", p.haltWindowSeconds, p)})` +
      ` and ${SOMEBODY_KNOWS}` +
      ` unless ${BY_NETWORK} (quantile by (network, stack) (0.5, changes(chain:height[${p.haltWindowSeconds}s])) > 0)` +
      (p.idle
        ? ` and ${BY_NETWORK} (max by (network, stack) (min_over_time(chain:mempool_pending[${p.haltWindowSeconds}s])) > 0)`
        : ""),
    current: () => "chain:network_height",
    forSeconds: (p) => Math.max(10, 3 * p.scrapeIntervalSeconds),
    severity: "critical",
    owner: "ops",
    summary: "no node sees new blocks of {{ $labels.network }}",
    description: (p) =>
      `No node of {{ $labels.network }} has seen a new block in ${p.haltWindowSeconds} s (block time ${p.blockTimeSeconds} s): the network stands still, or this stack is cut off from it.`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "No node has seen a new block for the window of this alert. Either the network stands still, or this whole stack is cut off from it.",
      impact:
        "No transaction gets into a block. Nodes stay in service and answer from the last state: taking all of them out would help nobody. Alerts that follow from it are silent meanwhile.",
      diagnosis: [
        "On a private network: do more than two thirds of the voting power run? `npx chainkeep status` shows the validators; with four of them, two that are down stop the chain.",
        "On a public network: compare with a block explorer. If the world moves on, it is your connection.",
        "`npx chainkeep logs <process>` of a validator: an application hash that differs, or rounds that never end.",
      ],
      mitigation: [
        "Bring validators back one at a time, and see blocks flow before the next.",
        "Never restore a validator's signing state from a copy, and never start its key in a second place: a chain that stands still heals, a double signature does not.",
        "At a halt by an application hash, wait for the chain's own word on the version to run.",
      ],
    },
    inhibits: [
      {
        alerts: ["NodeStalled", "NodeSyncLag", "HeadTimestampOld", "SyncNoProgress", "FinalityLag", "MempoolGrowing"],
        equal: ["network", "stack"],
      },
    ],
    duringMaintenance: true,
  },
];
