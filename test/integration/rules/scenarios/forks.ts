import type { Series, Signal } from "../promtool";
import {
  always,
  type ClusterPlan,
  ethereum,
  firesAt,
  gone,
  healthy,
  labelsOf,
  type NodeSignals,
  ofNode,
  ownProtocol,
  type Scenario,
  silentAt,
  slow,
  until,
  vanishes,
  wide,
} from "../world";

const calm = healthy(slow);

/** Hashes that differ in their last bit: a number in a float must still tell them apart. */
const [A, B, C] = [0xfffffffffffe, 0xffffffffffff, 0x5a5a5a5a5a5a];
const forkAt = (height: number, blocks = 5) =>
  ofNode(
    "ForkDetected",
    ({ node, network, client }) => [
      `${node} of ${network} is on another branch of the chain`,
      `The block of ${node} (${client}) at height ${height} is not the one that most of its siblings have (or there is no majority). Blocks are compared each ${blocks} blocks, well below usual reorganisations.`,
    ],
    { severity: "critical" },
  );
const fork = (blocks: number) => forkAt(992, blocks);
const at = (of: ClusterPlan, hash: number, height = 992): NodeSignals => ({
  ...healthy(of),
  checkpoint: always(height),
  hash: always(hash),
});
const consensus = (hash: number, slot = 992): NodeSignals => ({
  ...{ up: always(1), reachable: always(1), syncing: always(0), peers: always(50) },
  checkpoint: always(slot),
  hash: always(hash),
});
/** Of a height, so that equal heights have equal hashes. */
const hashOf = (height: number | undefined) => (height === undefined ? undefined : height * 7919);
const passing = (late: number, each = 60): NodeSignals => {
  const checkpoint: Signal = (t) => Math.floor(Math.max(0, t - late) / each) * 5 + 995;
  return { ...calm, checkpoint, hash: (t) => hashOf(checkpoint(t)) };
};

const FORK: Readonly<Record<string, Scenario>> = {
  "ForkDetected fires for the one that differs, and stays when it can be compared no longer": {
    plan: slow,
    others: at(slow, A),
    nodes: { "rpc-1": { ...at(slow, B), checkpoint: until(300, always(992), always(987)) } },
    checks: [
      ...silentAt(15),
      firesAt(30, fork(5)(slow, "rpc-1")),
      firesAt(285, fork(5)(slow, "rpc-1")),
      firesAt(3975, fork(5)(slow, "rpc-1")),
      ...silentAt(4035),
    ],
  },
  "ForkDetected fires for both of two that differ": {
    plan: ownProtocol,
    nodes: { "rpc-0": at(ownProtocol, A), "rpc-1": at(ownProtocol, C) },
    checks: [...silentAt(2), firesAt(4, fork(60)(ownProtocol, "rpc-0"), fork(60)(ownProtocol, "rpc-1"))],
  },
  "ForkDetected fires for all in an even split": {
    plan: wide,
    others: at(wide, A),
    nodes: { "rpc-0": at(wide, B), "rpc-1": at(wide, B), "mirror-0": at(wide, B) },
    checks: [firesAt(60, ...wide.nodes.map((n) => fork(5)(wide, n.name)))],
  },
  "ForkDetected fires for all where no block has a majority": {
    plan: slow,
    nodes: { "rpc-0": at(slow, A), "rpc-1": at(slow, B), "rpc-2": at(slow, C) },
    checks: [firesAt(60, ...slow.nodes.map((n) => fork(5)(slow, n.name)))],
  },
  "ForkDetected fires for a consensus client, which is compared with its own kind": {
    plan: ethereum,
    others: at(ethereum, A),
    nodes: {
      "rpc-0/lighthouse": consensus(C),
      "rpc-1/lighthouse": consensus(C),
      "rpc-2/lighthouse": consensus(B),
    },
    checks: [firesAt(60, fork(8)(ethereum, "rpc-2", "lighthouse"))],
  },
  "ForkDetected is silent for two layers whose blocks differ, and at other heights": {
    plan: ethereum,
    others: at(ethereum, A),
    nodes: {
      "rpc-2": at(ethereum, B, 984),
      "rpc-0/lighthouse": consensus(B, 7000),
      "rpc-1/lighthouse": consensus(B, 7000),
      "rpc-2/lighthouse": consensus(C, 6992),
    },
    checks: silentAt(60, 300),
  },
  "ForkDetected is silent for one that lags, and for those that tell no hash": {
    plan: slow,
    others: at(slow, A),
    nodes: { "rpc-1": at(slow, B, 987), "rpc-2": calm },
    checks: silentAt(60, 300, 900),
  },
  "ForkDetected is silent while nodes pass checkpoints one after another": {
    plan: slow,
    nodes: { "rpc-0": passing(0), "rpc-1": passing(20), "rpc-2": passing(45) },
    checks: silentAt(60, 75, 90, 105, 120, 300, 615, 630),
  },
  "ForkDetected fires although the nodes pass checkpoints all the time": {
    plan: slow,
    nodes: {
      "rpc-0": passing(0, 45),
      "rpc-1": { ...passing(20, 45), hash: (t) => 1 + (hashOf(passing(20, 45).checkpoint?.(t)) ?? 0) },
      "rpc-2": passing(10, 45),
    },
    // All three are at one checkpoint in one of three evaluations, for the last time at 570 s: five blocks in each 45 s.
    checks: [{ at: 600, firing: [forkAt(995 + 12 * 5)(slow, "rpc-1")] }],
  },
  "ForkDetected is silent for a single scrape in which a node differs": {
    plan: slow,
    others: at(slow, A),
    nodes: { "rpc-1": { ...at(slow, A), hash: (t) => (t === 300 ? B : A) } },
    checks: silentAt(300, 315, 330, 345),
  },
};

const reorgDeep = (depth: number, limit: number) =>
  ofNode(
    "ReorgDeep",
    ({ node, network, client }) => [
      `${node} of ${network} has taken back blocks`,
      `${client} of ${node} has taken back ${depth} blocks in the last 15 min; up to ${limit} blocks are usual.`,
    ],
    { severity: "warning" },
  );
const reorgRate = (count: number, limit = 3) =>
  ofNode(
    "ReorgRateHigh",
    ({ node, network, client }) => [
      `${node} of ${network} changes its newest blocks often`,
      `${client} of ${node} has had ${count} reorganisations in 60 min; usual are 5 times the average of the last day, and ${limit} more.`,
    ],
    { severity: "info" },
  );
const reorgs = (of: ClusterPlan, count: Signal, depth: Signal): NodeSignals => ({
  ...healthy(of),
  reorgs: count,
  reorgDepth: depth,
});
const native = (count: Signal, depth: Signal): Series[] => {
  const labels = labelsOf(ownProtocol, "rpc-0");
  return [
    { name: "toy_reorgs_total", labels, value: count },
    { name: "toy_reorg_depth", labels, value: depth },
  ];
};
const CALMLY = { scrapeIntervalSeconds: 15 };
const RARELY = { scrapeIntervalSeconds: 300 };

const REORGS: Readonly<Record<string, Scenario>> = {
  "ReorgDeep fires at once, and ends although the gauge keeps its value": {
    plan: ethereum,
    nodes: { "rpc-0": reorgs(ethereum, until(600, always(7), always(8)), until(600, always(1), always(4))) },
    checks: [...silentAt(585), firesAt(600, reorgDeep(4, 3)(ethereum, "rpc-0"))].concat(
      firesAt(1470, reorgDeep(4, 3)(ethereum, "rpc-0")),
      silentAt(1515, 1800),
    ),
  },
  "ReorgDeep fires by the client's own count where the agent has none, and at the user's limit": {
    plan: ownProtocol,
    monitoring: { ...CALMLY, alerts: { ReorgDeep: { threshold: 5 } } },
    more: native(until(600, always(7), always(8)), until(600, always(5), always(6))),
    checks: [...silentAt(585), firesAt(600, reorgDeep(6, 5)(ownProtocol, "rpc-0"))],
  },
  "ReorgDeep is silent at the limit, and for a gauge that only keeps its value": {
    plan: ethereum,
    nodes: {
      "rpc-0": reorgs(ethereum, until(600, always(0), always(1)), until(600, gone, always(3))),
      "rpc-1": reorgs(ethereum, always(12), always(40)),
    },
    checks: silentAt(600, 615, 1200),
  },
  "ReorgDeep is silent when the client's count takes the place of the agent's, and when the count begins anew": {
    plan: ownProtocol,
    monitoring: CALMLY,
    nodes: {
      "rpc-0": vanishes(600, reorgs(ownProtocol, always(3), always(9))),
      "rpc-1": reorgs(ownProtocol, until(600, always(3), always(0)), always(9)),
    },
    more: native(always(500), always(9)),
    checks: silentAt(585, 600, 615, 645),
  },
  "ReorgRateHigh fires for many in an hour": {
    plan: ethereum,
    monitoring: RARELY,
    nodes: { "rpc-0": reorgs(ethereum, (t) => 7 + Math.min(5, Math.max(0, Math.floor((t - 6000) / 300))), always(1)) },
    checks: [...silentAt(7200, 7500), firesAt(8700, reorgRate(5)(ethereum, "rpc-0")), ...silentAt(11_700)],
  },
  "ReorgRateHigh fires at the user's own limit": {
    plan: ethereum,
    monitoring: { ...RARELY, alerts: { ReorgRateHigh: { threshold: 0 } } },
    nodes: { "rpc-0": reorgs(ethereum, until(6000, always(7), always(9)), always(1)) },
    checks: [firesAt(7500, reorgRate(2, 0)(ethereum, "rpc-0"))],
  },
  "ReorgRateHigh is silent for few in an hour, and where many are usual": {
    plan: ethereum,
    monitoring: RARELY,
    nodes: {
      "rpc-0": reorgs(ethereum, until(80_100, always(7), always(10)), always(1)),
      "rpc-1": reorgs(ethereum, (t) => Math.floor(t / 300), always(1)),
    },
    checks: silentAt(60_000, 80_400, 82_500, 90_000),
  },
};

export const FORKS: Readonly<Record<string, Scenario>> = { ...FORK, ...REORGS };
