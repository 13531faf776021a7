import type { ExpectedAlert, Signal } from "../promtool";
import {
  always,
  type ClusterPlan,
  ethereum,
  expected,
  firesAt,
  freeze,
  gone,
  healthy,
  idle,
  labelsOf,
  networkLabels,
  ofNode,
  quick,
  rising,
  type Scenario,
  silentAt,
  slow,
  until,
} from "../world";

const fine = healthy(quick);
const calm = healthy(slow);

const headOld = (age: number, limit: number) =>
  ofNode("HeadTimestampOld", ({ node, network, client }, of) => [
    `the newest block of ${node} of ${network} is old`,
    `The newest block of ${node} (${client}) is ${age} s old, limit ${limit} s (block time ${of.networkFacts.blockTimeSeconds} s).`,
  ]);

const HEADS: Readonly<Record<string, Scenario>> = {
  "HeadTimestampOld fires for a head that stays, whatever the height says": {
    plan: slow,
    nodes: { "rpc-1": { ...calm, headTime: until(600, calm.headTime ?? gone, always(588)) } },
    checks: [...silentAt(705, 1005), firesAt(1035, headOld(447, 120)(slow, "rpc-1"))],
  },
  "HeadTimestampOld fires at the user's own limit, as critical for a validator": {
    plan: quick,
    nodes: { "val-0": { ...fine, headTime: (t) => t - 9 } },
    monitoring: { alerts: { HeadTimestampOld: { threshold: 8 } } },
    checks: [...silentAt(58), firesAt(64, headOld(9, 8)(quick, "val-0"))],
  },
  "HeadTimestampOld is silent at the limit, while a node syncs, and for one that tells no time": {
    plan: slow,
    nodes: {
      "rpc-0": { ...calm, headTime: (t) => t - 120 },
      "rpc-1": { ...calm, headTime: always(0), syncing: always(1) },
      "rpc-2": { ...calm, headTime: gone },
    },
    checks: silentAt(300, 600, 1200),
  },
  "HeadTimestampOld is silent when the head is young again in time": {
    plan: slow,
    nodes: { "rpc-1": { ...calm, headTime: until(1005, always(588), calm.headTime) } },
    checks: silentAt(720, 1000, 1020, 1035, 1200),
  },
  "HeadTimestampOld is silent where blocks are made only when there is something to do": {
    plan: idle,
    others: { ...fine, headTime: always(0), mempool: always(0) },
    checks: silentAt(60, 300, 600),
  },
};

const syncLag = (lag: number, limit: number) =>
  ofNode("NodeSyncLag", ({ node, network, client }, of) => [
    `${node} lags behind the other nodes of ${network}`,
    `${node} (${client}) is ${lag} blocks behind its siblings, limit ${limit} blocks (block time ${of.networkFacts.blockTimeSeconds} s), and does not say that it is catching up.`,
  ]);
const lags = (lag: Signal, of = fine) => ({ ...of, lag });

const LAGS: Readonly<Record<string, Scenario>> = {
  "NodeSyncLag fires after its time, and stays for a while": {
    plan: quick,
    nodes: { "rpc-0": lags(until(60, always(0), until(300, always(4), always(0)))) },
    checks: [
      ...silentAt(118),
      firesAt(122, syncLag(4, 3)(quick, "rpc-0")),
      firesAt(356, syncLag(4, 3)(quick, "rpc-0")),
      ...silentAt(370),
    ],
  },
  "NodeSyncLag fires at the user's own limit and severity": {
    plan: quick,
    nodes: { "rpc-0": lags(always(6)), "rpc-1": lags(always(5)) },
    monitoring: { alerts: { NodeSyncLag: { threshold: 5, severity: "critical" } } },
    checks: [firesAt(64, { ...syncLag(6, 5)(quick, "rpc-0"), labels: critical(syncLag(6, 5)(quick, "rpc-0")) })],
  },
  "NodeSyncLag fires for nodes of two processes": {
    plan: ethereum,
    nodes: { "rpc-2": lags(always(6), healthy(ethereum)) },
    checks: [...silentAt(285), firesAt(315, syncLag(6, 5)(ethereum, "rpc-2"))],
  },
  "NodeSyncLag is silent at the limit, while a node syncs, and for one whose lag nobody knows": {
    plan: quick,
    nodes: { "rpc-0": lags(always(3)), "rpc-1": { ...lags(always(900)), syncing: always(1) }, "val-0": lags(gone) },
    checks: silentAt(60, 120, 600),
  },
  "NodeSyncLag is silent for a lag that goes and comes": {
    plan: quick,
    nodes: { "rpc-0": lags((t) => (t % 60 < 58 ? 9 : 0)) },
    checks: silentAt(56, 62, 116, 300),
  },
};

function critical(alert: ExpectedAlert): Record<string, string> {
  return { ...alert.labels, severity: "critical" };
}

const reference = { url: "https://reference.example.org" };
const told = (of: ClusterPlan, value: Signal) => [{ name: "chain_reference_height", labels: networkLabels(of), value }];
const fleetBehind = (lag: number, limit: number) =>
  expected("FleetBehindReference", { ...networkLabels(slow), severity: "critical", owner: "ops" }, [
    "the whole fleet is behind main",
    `The best node of this stack is ${lag} blocks behind the node outside that \`monitoring.reference\` names, limit ${limit} blocks (block time 12 s).`,
  ]);

const REFERENCE: Readonly<Record<string, Scenario>> = {
  "FleetBehindReference fires when the best node of the fleet is behind": {
    plan: slow,
    monitoring: { reference },
    nodes: { "rpc-1": { ...calm, height: rising(slow, 994) } },
    more: told(slow, until(600, rising(slow), rising(slow, 1006))),
    checks: [...silentAt(585, 885), firesAt(915, fleetBehind(6, 5)), firesAt(1200, fleetBehind(6, 5))],
  },
  "FleetBehindReference fires at the user's own limit": {
    plan: slow,
    monitoring: { reference, alerts: { FleetBehindReference: { threshold: 1 } } },
    more: told(slow, rising(slow, 1002)),
    checks: [firesAt(315, fleetBehind(2, 1))],
  },
  "FleetBehindReference is silent at the limit": {
    plan: slow,
    monitoring: { reference },
    more: told(slow, rising(slow, 1005)),
    checks: silentAt(300, 900),
  },
  "FleetBehindReference is silent while all nodes catch up, and without an answer from outside": {
    plan: slow,
    monitoring: { reference },
    others: { ...calm, syncing: until(900, always(1), always(0)) },
    more: told(slow, until(900, rising(slow, 5000))),
    checks: silentAt(300, 885, 1215, 1800),
  },
};

const syncStuck = (seconds: number) =>
  ofNode(
    "SyncNoProgress",
    ({ node, network, client }) => [
      `${node} of ${network} is stuck while it catches up`,
      `${client} of ${node} has said for ${seconds} s that it is catching up, and neither its height nor its progress has changed in that time.`,
    ],
    { severity: "warning" },
  );
const syncing = { ...fine, syncing: always(1), lag: gone };
const beacon = (node: string, head: Signal) => {
  const labels = labelsOf(ethereum, node, "lighthouse");
  return [
    { name: "slotclock_present_slot", labels, value: (t: number) => 9000 + Math.floor(t / 12) },
    { name: "beacon_head_slot", labels, value: head },
  ];
};
const catchingUp = { ...healthy(ethereum), syncing: always(1), height: always(500), lag: gone };

const SYNC: Readonly<Record<string, Scenario>> = {
  "SyncNoProgress fires when neither height nor progress moves, and NodeStalled does not": {
    plan: quick,
    nodes: { "rpc-0": { ...syncing, height: freeze(100, rising(quick)), syncProgress: freeze(100, (t) => t / 1000) } },
    checks: [...silentAt(300, 456), firesAt(462, syncStuck(300)(quick, "rpc-0"))],
  },
  "SyncNoProgress fires by the height alone where no progress is told": {
    plan: quick,
    nodes: { "rpc-0": { ...syncing, height: always(500) } },
    checks: [...silentAt(290), firesAt(304, syncStuck(300)(quick, "rpc-0"))],
  },
  "SyncNoProgress fires for both processes of a node that are stuck": {
    plan: ethereum,
    nodes: { "rpc-0": catchingUp },
    more: beacon("rpc-0", always(4000)),
    checks: [
      ...silentAt(1995),
      firesAt(2100, syncStuck(1800)(ethereum, "rpc-0"), syncStuck(1800)(ethereum, "rpc-0", "lighthouse")),
    ],
  },
  "SyncNoProgress is silent while the consensus client comes nearer": {
    plan: ethereum,
    nodes: { "rpc-0": catchingUp },
    more: beacon("rpc-0", (t) => 4000 + Math.floor(t / 6)),
    checks: silentAt(2100, 3000),
  },
  "SyncNoProgress is silent while progress or height moves, and for clients that show neither": {
    plan: quick,
    nodes: {
      "rpc-0": { ...syncing, height: always(500), syncProgress: (t) => Math.floor(t / 250) / 100 + 0.1 },
      "rpc-1": { ...syncing, height: (t) => 500 + Math.floor(t / 250) },
      "val-0": { ...syncing, height: always(0), syncProgress: gone },
      "val-1": { ...syncing, height: always(0), syncProgress: always(0) },
    },
    checks: silentAt(300, 400, 900),
  },
  "SyncNoProgress is silent for a node that has begun to catch up, and for one that stands and does not": {
    plan: quick,
    nodes: {
      "rpc-0": { ...syncing, syncing: until(500, always(0), always(1)), height: freeze(480, rising(quick)) },
    },
    checks: silentAt(560, 700, 850),
  },
};

export const BEHIND: Readonly<Record<string, Scenario>> = { ...HEADS, ...LAGS, ...REFERENCE, ...SYNC };
