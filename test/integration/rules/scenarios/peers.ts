import type { Signal } from "../promtool";
import {
  alone,
  always,
  ethereum,
  firesAt,
  gone,
  healthy,
  noPeers,
  ofNode,
  quick,
  type Scenario,
  silentAt,
  slow,
  until,
} from "../world";

const fine = healthy(quick);
const calm = healthy(slow);
const warning = { severity: "warning" };

const NO_PEERS: Readonly<Record<string, Scenario>> = {
  "NoPeers fires after its time": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, peers: until(60, always(3), always(0)) } },
    checks: [...silentAt(120, 178), firesAt(182, noPeers(quick, "rpc-0"))],
  },
  "NoPeers fires after five minutes on a public network, and few peers are not told beside it": {
    plan: slow,
    nodes: { "rpc-0": { ...calm, peers: until(300, always(3), always(0)) } },
    checks: [...silentAt(585), firesAt(615, noPeers(slow, "rpc-0")), firesAt(1800, noPeers(slow, "rpc-0"))],
  },
  "NoPeers fires for one process of two": {
    plan: ethereum,
    nodes: {
      "rpc-1/lighthouse": { up: always(1), reachable: always(1), syncing: always(0), peers: always(0) },
    },
    checks: [firesAt(315, noPeers(ethereum, "rpc-1", "lighthouse"))],
  },
  "NoPeers is silent with one peer, for clients that have none of their own, and when a peer comes back in time": {
    plan: quick,
    nodes: {
      "rpc-0": { ...fine, peers: always(1) },
      "rpc-1": { ...fine, peers: gone },
      "val-0": { ...fine, peers: until(60, always(3), until(176, always(0), always(1))) },
    },
    checks: silentAt(174, 182, 300, 600),
  },
  "NoPeers is silent in a network of one": {
    plan: alone,
    others: { ...fine, peers: always(0) },
    checks: silentAt(300, 400, 900),
  },
};

const peersLow = (peers: number, limit: number) =>
  ofNode(
    "PeersLow",
    ({ node, network, client }) => [
      `${node} of ${network} has few peers`,
      `${node} (${client}) has ${peers} peers, fewer than ${limit}: blocks come late, and one more loss may cut it off.`,
    ],
    warning,
  );

const LOW: Readonly<Record<string, Scenario>> = {
  "PeersLow fires after its time, and stays for a while": {
    plan: slow,
    nodes: { "rpc-0": { ...calm, peers: until(1800, always(2), always(3)) } },
    checks: [
      ...silentAt(885),
      firesAt(915, peersLow(2, 3)(slow, "rpc-0")),
      firesAt(2070, peersLow(2, 3)(slow, "rpc-0")),
      ...silentAt(2115),
    ],
  },
  "PeersLow fires for each process of a node": {
    plan: ethereum,
    nodes: { "rpc-1": { ...healthy(ethereum), peers: always(9) } },
    checks: [firesAt(915, peersLow(9, 10)(ethereum, "rpc-1"), peersLow(9, 10)(ethereum, "rpc-1", "lighthouse"))],
  },
  "PeersLow fires at the user's own limit": {
    plan: slow,
    monitoring: { alerts: { PeersLow: { threshold: 4, forSeconds: 60 } } },
    nodes: { "rpc-0": { ...calm, peers: always(4) }, "rpc-1": { ...calm, peers: always(7) } },
    checks: [...silentAt(45), firesAt(75, peersLow(3, 4)(slow, "rpc-2"))],
  },
  "PeersLow is silent at the limit, without a figure, and when peers come back in time": {
    plan: slow,
    nodes: {
      "rpc-0": { ...calm, peers: always(3) },
      "rpc-1": { ...calm, peers: gone },
      "rpc-2": { ...calm, peers: (t) => (t % 900 < 885 ? 1 : 3) },
    },
    checks: silentAt(885, 900, 1770, 1785, 2700),
  },
};

/** A day and a bit more than an hour, in steps of five minutes. */
const DAY = 86_400;
const LATE = DAY + 3600;
const rarely = { scrapeIntervalSeconds: 300 };
const later = (before: number, after: Signal) => until(LATE, always(before), after);

const peersDropped = (peers: number, share: string) =>
  ofNode(
    "PeersDropped",
    ({ node, network, client }) => [
      `${node} of ${network} has lost most of its peers`,
      `${node} (${client}) has ${peers} peers left, less than ${share} % of its average of the day before.`,
    ],
    warning,
  );

const DROPPED: Readonly<Record<string, Scenario>> = {
  "PeersDropped fires for the node that has lost most of them, at its own limit": {
    plan: slow,
    monitoring: rarely,
    nodes: { "rpc-0": { ...calm, peers: later(50, always(14)) }, "rpc-1": { ...calm, peers: later(50, always(16)) } },
    checks: [...silentAt(LATE - 300, LATE + 1500), firesAt(LATE + 1800, peersDropped(14, "30")(slow, "rpc-0"))],
  },
  "PeersDropped fires at the user's own limit": {
    plan: slow,
    monitoring: { ...rarely, alerts: { PeersDropped: { threshold: 0.5 } } },
    nodes: { "rpc-1": { ...calm, peers: later(50, always(24)) } },
    checks: [firesAt(LATE + 1800, peersDropped(24, "50")(slow, "rpc-1"))],
  },
  "PeersDropped is silent at the limit, where PeersLow speaks, and for a short time": {
    plan: slow,
    monitoring: rarely,
    nodes: {
      "rpc-0": { ...calm, peers: later(50, always(15)) },
      "rpc-1": { ...calm, peers: later(50, always(2)) },
      "rpc-2": { ...calm, peers: later(50, (t) => (t % 1800 < 1500 ? 5 : 50)) },
    },
    checks: [...silentAt(LATE + 900), firesAt(LATE + 3300, peersLow(2, 3)(slow, "rpc-1"))],
  },
};

const mempool = (count: number, limit = 1000) =>
  ofNode(
    "MempoolGrowing",
    ({ node, network, client }) => [
      `transactions pile up on ${node} of ${network}`,
      `${count} transactions wait on ${node} (${client}): more than ${limit}, and more than 2 times the average of the day before.`,
    ],
    { severity: "warning", owner: "dev" },
  );

const MEMPOOL: Readonly<Record<string, Scenario>> = {
  "MempoolGrowing fires for many more than usual": {
    plan: slow,
    monitoring: rarely,
    nodes: { "rpc-0": { ...calm, mempool: later(400, always(1500)) } },
    checks: [...silentAt(LATE - 300, LATE + 900), firesAt(LATE + 1200, mempool(1500)(slow, "rpc-0"))],
  },
  "MempoolGrowing fires at the user's own limit": {
    plan: slow,
    monitoring: { ...rarely, alerts: { MempoolGrowing: { threshold: 20 } } },
    nodes: { "rpc-0": { ...calm, mempool: later(4, always(21)) } },
    checks: [firesAt(LATE + 1200, mempool(21, 20)(slow, "rpc-0"))],
  },
  "MempoolGrowing is silent at the limit, at twice the usual, while a node syncs, and in its first hour": {
    plan: slow,
    monitoring: rarely,
    nodes: {
      "rpc-0": { ...calm, mempool: later(400, always(1000)) },
      "rpc-1": { ...calm, mempool: later(6000, always(12_000)) },
      "rpc-2": { ...calm, mempool: later(400, always(9000)), syncing: always(1) },
    },
    checks: silentAt(3300, LATE + 1200, LATE + 3300),
  },
  "MempoolGrowing is silent right after a start, whatever waits": {
    plan: slow,
    others: { ...calm, mempool: (t) => 5000 + t },
    checks: silentAt(900, 1800),
  },
};

export const PEERS: Readonly<Record<string, Scenario>> = { ...NO_PEERS, ...LOW, ...DROPPED, ...MEMPOOL };
