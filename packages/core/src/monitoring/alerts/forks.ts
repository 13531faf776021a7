import type { AlertDefinition } from "../types";
import { BY_PROCESS, DAY, HOUR, MINUTE, patience, risen, UNLESS_SYNCING, VALUE } from "./expressions";

const DEEP_SECONDS = 15 * MINUTE;
/** So many times the average of a day are many. */
const RATE_FACTOR = 5;
const HOURS_PER_DAY = DAY / HOUR;

/** The agent's count where it has one, else the client's. */
const reorgsIn = (seconds: number) =>
  `(${risen("chain:reorgs_total", seconds)} or ${risen("chain:native_reorgs_total", seconds)})`;
const usualReorgs = `(increase(chain:reorgs_total[${DAY}s]) or increase(chain:native_reorgs_total[${DAY}s])) / ${HOURS_PER_DAY}`;

const DIFFERS = "chain:checkpoint_differs";
/** Nodes pass checkpoints one after another, and are not compared meanwhile: so many of the last evaluations count instead of a wait. */
const DIFFERENCES = 3;
const EVALUATIONS = 10;

export const FORKS: readonly AlertDefinition[] = [
  {
    name: "FinalityLag",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    applies: (p) => p.finalityLagBlocks !== undefined,
    expr: (_, threshold) => `(chain:height - chain:finalized_height > ${threshold}) ${UNLESS_SYNCING}`,
    threshold: {
      value: (p) => p.finalityLagBlocks ?? 0,
      unit: "blocks",
      says: "blocks between a node's head and the last block that it calls final",
      min: 1,
      max: 1_000_000,
      whole: true,
    },
    current: () => "chain:height - chain:finalized_height",
    forSeconds: (p) => patience(p, 120, 900),
    severity: "warning",
    owner: "ops",
    summary: "blocks of {{ $labels.network }} are not becoming final on {{ $labels.node }}",
    description: (p, threshold) =>
      `{{ $labels.node }} ({{ $labels.client }}) is ${VALUE} blocks ahead of its last final block, limit ${threshold} blocks (block time ${p.blockTimeSeconds} s).`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node gets new blocks, but the last one that it calls final lies further back than usual. On one node alone it is that node; on all of them the network itself has lost finality.",
      impact:
        "Blocks that are not final may be taken back. Exchanges, bridges and payments that wait for finality stand still; databases of the clients grow while they keep every branch.",
      diagnosis: [
        "All nodes or one? `npx chainkeep alerts` shows for whom this alert fires.",
        "All: read the network's own announcements; more than a third of the voting power is away or disagrees.",
        "One: its consensus client or its finality votes. `npx chainkeep logs <process>`, and its peers.",
      ],
      mitigation: [
        "One node: stop and start it; if it stays, restore it from a recovery point.",
        "The network: keep your validators running and on the version that is recommended, and do not change sides in haste: votes for two branches are slashed.",
        "Tell those who act on final blocks that they must wait.",
      ],
    },
  },
  {
    name: "ForkDetected",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    expr: (p) => {
      const window = `[${EVALUATIONS * p.scrapeIntervalSeconds}s]`;
      return `last_over_time(${DIFFERS}${window}) and (count_over_time(${DIFFERS}${window}) >= ${DIFFERENCES})`;
    },
    current: () => DIFFERS,
    forSeconds: () => 0,
    // Branches drift apart, until nobody is at the other's height any more.
    keepFiringSeconds: (p) => patience(p, 180, HOUR),
    severity: "critical",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} is on another branch of the chain",
    description: (p) =>
      `The block of {{ $labels.node }} ({{ $labels.client }}) at height ${VALUE} is not the one that most of its siblings have (or there is no majority). Blocks are compared each ${p.checkpointBlocks} blocks, well below usual reorganisations.`,
    dashboard: "fleet",
    runbook: {
      meaning:
        "Nodes of one network have different blocks at the same old height. Two branches of the chain exist, and the nodes follow different ones. With two nodes, or halves of equal size, nobody can say which is right: then all of them are told.",
      impact:
        "Answers depend on the node that is asked. Payments that one branch has may not exist on the other. A validator on the wrong branch loses its votes, and one that changes sides in haste may be slashed.",
      diagnosis: [
        "Ask a third source, e.g. a block explorer, for the hash at the height of this alert: which of the nodes has it?",
        "Compare the versions: `npx chainkeep status --json`. A missed hard fork splits off the older ones; a defect of one client splits off that client.",
        "On a private network: do all nodes have one genesis, and may two halves have lost sight of each other?",
      ],
      mitigation: [
        "Take the nodes of the wrong branch out of service: set `servesRpc: false` for their group, or stop them. They look ready.",
        "Put the right version in place, then restore the node from a recovery point below the split, or sync it anew.",
        "Validators last, and only after their signing state was kept as it is: never restore it from a copy.",
      ],
    },
    duringMaintenance: true,
  },
  {
    name: "ReorgDeep",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    // Gauges of depth keep their value for ever: only the counter tells that it is news.
    expr: (_, threshold) => `(chain:reorg_depth > ${threshold}) and ${BY_PROCESS} (${reorgsIn(DEEP_SECONDS)} > 0)`,
    threshold: {
      value: (p) => p.reorgBlocks,
      unit: "blocks",
      says: "deepest reorganisation that is usual on this network",
      min: 0,
      max: 1_000_000,
      whole: true,
    },
    current: () => "chain:reorg_depth",
    forSeconds: () => 0,
    severity: "warning",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} has taken back blocks",
    description: (_, threshold) =>
      `{{ $labels.client }} of {{ $labels.node }} has taken back ${VALUE} blocks in the last ${DEEP_SECONDS / MINUTE} min; up to ${threshold} blocks are usual.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node has replaced more blocks by others than is usual on this network. It stays for a quarter of an hour, so that somebody finds it.",
      impact:
        "Payments that were in the old blocks may be gone or stand elsewhere. Whoever acted on them at once may have acted on nothing.",
      diagnosis: [
        "All nodes or one? If all, the network had two branches for a while. If one, it had been on a branch of its own: look at its peers and clock.",
        "Compare depth and time with a block explorer.",
        "On networks whose blocks are final at once this must not happen at all: another chain, or data that was put back by hand.",
      ],
      mitigation: [
        "Let those who act on new blocks wait for more confirmations than the depth that was seen.",
        "One node alone: better peers, a right clock, and a version that the network runs.",
      ],
    },
  },
  {
    name: "ReorgRateHigh",
    preset: "core",
    group: "Chain progress",
    scope: "node",
    slow: true,
    expr: (_, threshold) => `${reorgsIn(HOUR)} > ${RATE_FACTOR} * (${usualReorgs}) + ${threshold}`,
    threshold: {
      value: () => 3,
      unit: "reorganisations",
      says: `reorganisations in an hour that are nothing special, beside ${RATE_FACTOR} times the average of the last day`,
      min: 0,
      max: 100_000,
      whole: true,
    },
    current: () => reorgsIn(HOUR),
    forSeconds: (p) => patience(p, 60, 900),
    severity: "info",
    owner: "ops",
    summary: "{{ $labels.node }} of {{ $labels.network }} changes its newest blocks often",
    description: (_, threshold) =>
      `{{ $labels.client }} of {{ $labels.node }} has had ${VALUE} reorganisations in ${HOUR / MINUTE} min; usual are ${RATE_FACTOR} times the average of the last day, and ${threshold} more.`,
    dashboard: "node",
    runbook: {
      meaning:
        "The node's newest blocks were replaced far more often in the last hour than over the day. Each single time may be usual.",
      impact:
        "Newest blocks are less to be relied on. Most often it is the first sign of poor peers or of a wrong clock.",
      diagnosis: [
        "The clock of its machine: `timedatectl`.",
        "Its peers: few, or all in one place?",
        "Do other nodes of the network see the same? Then it is the network.",
      ],
      mitigation: ["Give the node more and nearer peers.", "Mend the clock: a time service must run."],
    },
  },
];
