import type { Series, Signal } from "../promtool";
import {
  always,
  type ClusterPlan,
  dies,
  ethereum,
  firesAt,
  freezes,
  gone,
  healthy,
  labelsOf,
  nodeDown,
  ofNode,
  quick,
  type Scenario,
  silentAt,
  slow,
  until,
  vanishes,
} from "../world";

const fine = healthy(quick);
const calm = healthy(slow);

const probeFailing = (share: string, limit = "50", seconds = 60) =>
  ofNode("RpcProbeFailing", ({ node, network, client, role }) => [
    `${node} of ${network} takes connections but gives no head`,
    `${share}% of the questions to ${node} (${client}, ${role}) in the last ${seconds} s brought no head, limit ${limit} %: its port is open, but its RPC hangs or answers nonsense.`,
  ]);
/** In each ten seconds so many without a head. */
const failing =
  (seconds: number): Signal =>
  (t) =>
    t % 10 < seconds ? 0 : 1;

const PROBES: Readonly<Record<string, Scenario>> = {
  "RpcProbeFailing fires for a frozen process within 45 seconds, and NodeDown does not": {
    plan: quick,
    nodes: { "val-0": freezes(60, fine) },
    checks: [
      ...silentAt(88, 98),
      firesAt(104, probeFailing("76.67")(quick, "val-0")),
      firesAt(600, probeFailing("100")(quick, "val-0")),
    ],
  },
  "RpcProbeFailing fires for a dead RPC behind an open port on a public network": {
    plan: slow,
    nodes: { "rpc-1": freezes(300, calm) },
    checks: [...silentAt(435, 495), firesAt(525, probeFailing("80", "50", 300)(slow, "rpc-1"))],
  },
  "RpcProbeFailing fires for one process of two": {
    plan: ethereum,
    nodes: { "rpc-0/lighthouse": freezes(300, { up: always(1), reachable: always(1), peers: always(50) }) },
    checks: [firesAt(900, probeFailing("100", "50", 300)(ethereum, "rpc-0", "lighthouse"))],
  },
  "RpcProbeFailing fires for answers that come and go, at the user's own limit": {
    plan: quick,
    monitoring: { alerts: { RpcProbeFailing: { threshold: 0.3 } } },
    nodes: { "rpc-0": { ...fine, up: failing(4) } },
    checks: [...silentAt(46), firesAt(120, probeFailing("40", "30")(quick, "rpc-0"))],
  },
  "RpcProbeFailing fires for a port that flickers": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, up: until(300, always(1), failing(6)), reachable: until(300, always(1), gone) } },
    checks: [...silentAt(340), firesAt(370, probeFailing("60")(quick, "rpc-0"))],
  },
  "RpcProbeFailing is silent when half of the answers come": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, up: (t) => (t % 4 < 2 ? 0 : 1) } },
    checks: silentAt(60, 120, 300, 600),
  },
  "RpcProbeFailing is silent where NodeDown fires, also when the process was frozen before": {
    plan: quick,
    nodes: {
      "rpc-0": dies(60, fine),
      "val-0": { ...freezes(60, fine), reachable: until(200, always(1), always(0)) },
    },
    checks: [
      firesAt(198, nodeDown(quick, "rpc-0"), probeFailing("100")(quick, "val-0")),
      firesAt(210, nodeDown(quick, "rpc-0")),
      firesAt(222, nodeDown(quick, "rpc-0"), nodeDown(quick, "val-0")),
      firesAt(400, nodeDown(quick, "rpc-0"), nodeDown(quick, "val-0")),
    ],
  },
  "RpcProbeFailing is silent after an outage, for a node that has just come, and for one that is gone": {
    plan: quick,
    nodes: {
      "rpc-0": {
        ...fine,
        up: until(60, always(1), until(300, always(0), always(1))),
        reachable: until(60, always(1), until(300, always(0), always(1))),
      },
      "rpc-1": {
        ...fine,
        up: until(300, gone, until(322, always(0), always(1))),
        reachable: until(300, gone, always(1)),
      },
      "val-1": vanishes(340, freezes(296, fine)),
    },
    checks: silentAt(346, 356, 380),
  },
};

/** Of so many questions, these shares were answered within 1 s and within 2.5 s. */
function answers(of: ClusterPlan, node: string, within: number, per = 1, client?: string): Series[] {
  const bucket = (le: string, share: number): Series => ({
    name: "chain_probe_rpc_duration_seconds_bucket",
    labels: { ...labelsOf(of, node, client), le },
    value: (t) => t * share * per,
  });
  return [bucket("1", within), bucket("2.5", 1), bucket("+Inf", 1)];
}
const latencyHigh = (seconds: string, limit: number) =>
  ofNode(
    "RpcLatencyHigh",
    ({ node, network, client, role }) => [
      `${node} of ${network} answers slowly`,
      `95 of 100 health questions to ${node} (${client}, ${role}) are answered within ${seconds} s only, limit ${limit} s.`,
    ],
    { severity: "warning" },
  );

const LATENCY: Readonly<Record<string, Scenario>> = {
  "RpcLatencyHigh fires for the process that is slow": {
    plan: ethereum,
    more: [...answers(ethereum, "rpc-0", 0.9, 1, "lighthouse"), ...answers(ethereum, "rpc-1", 0.97)],
    checks: [...silentAt(600), firesAt(630, latencyHigh("1.75", 1)(ethereum, "rpc-0", "lighthouse"))],
  },
  "RpcLatencyHigh fires at the limit that is promised, and at the user's own": {
    plan: slow,
    monitoring: { slo: { latencySeconds: 0.5 }, alerts: { RpcLatencyHigh: { forSeconds: 120 } } },
    more: answers(slow, "rpc-0", 1),
    checks: [...silentAt(120), firesAt(150, latencyHigh("0.95", 0.5)(slow, "rpc-0"))],
  },
  "RpcLatencyHigh fires by the client's own figure where the agent has none, and is silent at the limit": {
    plan: ethereum,
    more: [
      ["rpc-0", 1],
      ["rpc-1", 1.01],
    ].map(([node, seconds]) => ({
      name: "reth_rpc_server_calls_time_seconds",
      labels: { ...labelsOf(ethereum, String(node)), method: "eth_call", quantile: "0.95" },
      value: always(Number(seconds)),
    })),
    checks: [firesAt(630, latencyHigh("1.01", 1)(ethereum, "rpc-1"))],
  },
  "RpcLatencyHigh is silent at the limit, while a node syncs, and where nothing is asked": {
    plan: slow,
    nodes: { "rpc-1": { ...calm, syncing: always(1) } },
    more: [...answers(slow, "rpc-0", 0.95), ...answers(slow, "rpc-1", 0.5), ...answers(slow, "rpc-2", 0.5, 0)],
    checks: silentAt(630, 1200),
  },
};

export const RPC: Readonly<Record<string, Scenario>> = { ...PROBES, ...LATENCY };
