import type { AlertDefinition } from "../types";
import { atLeast, BY_NETWORK, BY_NODE, patience, SOMEBODY_KNOWS, samples, UNLESS_SYNCING, VALUE } from "./expressions";

export const BEHIND: readonly AlertDefinition[] = [
  {
    name: "HeadTimestampOld",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    // Where blocks are made only when there is something to do, an old head is nothing bad.
    applies: (p) => !p.idle,
    expr: (_, threshold) => `(time() - chain:head_timestamp > ${threshold}) ${UNLESS_SYNCING}`,
    threshold: {
      value: (p) => p.maxHeadAgeSeconds,
      unit: "seconds",
      says: "age of the newest block that a node has",
      min: 1,
      max: 31_536_000,
    },
    current: () => "time() - chain:head_timestamp",
    forSeconds: (p) => patience(p, 60, 300),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "the newest block of {{ $labels.node }} of {{ $labels.network }} is old",
    description: (p, threshold) =>
      `The newest block of {{ $labels.node }} ({{ $labels.client }}) is ${VALUE} s old, limit ${threshold} s (block time ${p.blockTimeSeconds} s).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The time in the node's newest block lies further back than the limit, and the node does not say that it is catching up. It is the one alert that needs no other node to compare with, so that it also works for a node that is alone.",
      impact:
        "Whoever asks this node gets an old state. The agent has taken it out of rotation at the same limit; a validator that does not know the present signs nothing of use.",
      diagnosis: [
        "`npx chainkeep status`: has it peers, and do other nodes of the network have newer blocks?",
        "`npx chainkeep logs <process>`: blocks that it refuses, or none that arrive.",
        "The clock of this machine: `timedatectl` must say that it is synchronised. A clock that runs ahead makes every block look old.",
      ],
      mitigation: [
        "No peers: open the p2p port, or give peers that live in `nodes.<group>.peers`.",
        "Blocks are refused: run the version that the network runs now; look for a hard fork that was missed.",
        "Ethereum: the execution client waits for its consensus client. `EngineLinkBroken` tells when they have lost each other.",
      ],
    },
  },
  {
    name: "NodeSyncLag",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    // The agent measures against the height that several nodes bear out: one that claims an impossible height makes nobody late.
    expr: (_, threshold) => `(chain:lag_blocks > ${threshold}) ${UNLESS_SYNCING}`,
    threshold: {
      value: (p) => p.maxLagBlocks,
      unit: "blocks",
      says: "blocks that a node may be behind the highest of its siblings",
      min: 1,
      max: 1_000_000,
      whole: true,
    },
    current: () => "chain:lag_blocks",
    forSeconds: (p) => patience(p, 60, 300),
    keepFiringSeconds: (p) => atLeast(60, p),
    severity: "critical",
    replicatedSeverity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} lags behind the other nodes of {{ $labels.network }}",
    description: (p, threshold) =>
      `{{ $labels.node }} ({{ $labels.client }}) is ${VALUE} blocks behind its siblings, limit ${threshold} blocks (block time ${p.blockTimeSeconds} s), and does not say that it is catching up.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node answers and moves, but other nodes of this stack know later blocks, and it does not say that it is catching up.",
      impact:
        "It serves an old state as long as it is in rotation; the agent takes it out at the limit of `health.maxLagBlocks`. A validator that lags signs too late or not at all.",
      diagnosis: [
        "Does the lag grow, stay, or shrink? The panel of the node's lag tells. One that stays at a few blocks is slow rather than ill.",
        "Disk and processor of its machine: a disk that waits, or another program that takes its time.",
        "Its peers, in `npx chainkeep status`: few or far ones bring blocks late.",
      ],
      mitigation: [
        "Give the node a faster disk or more memory, or move what competes with it.",
        "Stop and start the process if it hangs at one block: `npx chainkeep attach`.",
        "If your network has short block times, a higher limit may be right: `health.maxLagBlocks`, which this alert follows.",
      ],
    },
  },
  {
    name: "FleetBehindReference",
    preset: "core",
    group: "Chain progress",
    scope: "network",
    applies: (p) => p.hasReference,
    expr: (_, threshold) =>
      `(chain:reference_height - ${BY_NETWORK} chain:network_height > ${threshold}) and ${SOMEBODY_KNOWS}`,
    threshold: {
      value: (p) => p.maxLagBlocks,
      unit: "blocks",
      says: "blocks that the best node of the fleet may be behind the node outside",
      min: 1,
      max: 1_000_000,
      whole: true,
    },
    current: () => `chain:reference_height - ${BY_NETWORK} chain:network_height`,
    forSeconds: (p) => patience(p, 60, 300),
    severity: "critical",
    owner: "ops",
    summary: "the whole fleet is behind {{ $labels.network }}",
    description: (p, threshold) =>
      `The best node of this stack is ${VALUE} blocks behind the node outside that \`monitoring.reference\` names, limit ${threshold} blocks (block time ${p.blockTimeSeconds} s).`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "A node outside of this fleet knows blocks that no node of the fleet has, although one of them at least does not say that it is catching up. Compared with each other, all of them look well.",
      impact:
        "Everything that this stack serves is old, or belongs to a part of the network that the rest has left. Nodes stay in rotation, because none of them is behind its siblings.",
      diagnosis: [
        "Ask a third source, e.g. a block explorer: is it the fleet that is wrong, or the reference?",
        "`NetworkHalted` beside this alert: the fleet stands still while the world moves on. Is this stack cut off, or does its client refuse a block?",
        "Do all nodes run one client and one version? Then one defect stops all of them: `npx chainkeep status --json` has the versions.",
      ],
      mitigation: [
        "A missed hard fork: run the version that the network demands, one node first.",
        "A defect of the client: move one node to another client, or to the version that the client's makers name.",
        "A reference that is wrong itself: give another `monitoring.reference`.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "SyncNoProgress",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    // Some clients show height 0 and no share for hours of their first sync: what tells nothing is no proof of standing still.
    expr: ({ syncWindowSeconds: w, scrapeIntervalSeconds }) =>
      `(min_over_time(chain:syncing[${w}s]) == 1)` +
      ` and (count_over_time(chain:syncing[${w}s]) >= ${samples(w, scrapeIntervalSeconds)})` +
      " and chain:syncing" +
      ` and ${BY_NODE} ((chain:sync_progress > 0) or (chain:height > 0))` +
      ` unless ${BY_NODE} (changes(chain:sync_progress[${w}s]) > 0)` +
      ` unless ${BY_NODE} (changes(chain:height[${w}s]) > 0)` +
      ` unless ${BY_NODE} (delta(chain:slots_behind[${w}s]) < 0)`,
    current: () => "chain:sync_progress",
    forSeconds: (p) => patience(p, 60, 600),
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} is stuck while it catches up",
    description: (p) =>
      `{{ $labels.client }} of {{ $labels.node }} has said for ${p.syncWindowSeconds} s that it is catching up, and neither its height nor its progress has changed in that time.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node says that it is catching up, but gets no further. Alerts that compare it with others are silent meanwhile, because a node that catches up is expected to be behind. It is not told for clients that show nothing at all until their first sync is through.",
      impact:
        "The node never becomes ready by itself. A backup that waits for it, or a second replica, will not be there.",
      diagnosis: [
        "`npx chainkeep logs <process>`: which stage, and what does it wait for? Peers that serve old blocks or states are rare on some networks.",
        "Room on its disk: clients stop importing when there is little left.",
        "Ethereum: does the consensus client run and follow the chain? Without it the execution client has no target.",
      ],
      mitigation: [
        "Stop and start the process once: `npx chainkeep attach`. Many stages begin anew where they were.",
        "Give it peers that are known to live in `nodes.<group>.peers`.",
        "Restore a recovery point of another node instead of syncing from the network.",
      ],
    },
  },
];
