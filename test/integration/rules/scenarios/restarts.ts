import type { Series, Signal } from "../promtool";
import {
  always,
  expected,
  firesAt,
  freezes,
  gone,
  healthy,
  labelsOf,
  ofNode,
  ownProtocol,
  quick,
  rising,
  type Scenario,
  STACK,
  silentAt,
  targetMissing,
  until,
  vanishes,
} from "../world";

const fine = healthy(quick);

const START = 1_700_000_000;
const starts = (client: Record<string, string>, value: Signal): Series => ({
  name: "toy_start_time_seconds",
  labels: client,
  value,
});
/** Starts anew each so many seconds, until a second. */
const restarting =
  (every: number, last: number): Signal =>
  (t) =>
    START + Math.floor(Math.min(t, last) / every) * every;

const restartLoop = (times: number, limit = 3) =>
  ofNode(
    "NodeRestartLoop",
    ({ client, node, role }) => [
      `${client} of ${node} starts again and again`,
      `${client} of ${node} (${role}) has started ${times} times in 60 min; up to ${limit} times are usual.`,
    ],
    { severity: "warning" },
  );
const host = { network: "private", stack: STACK, host: "metal-1" };
const oomKilled = (count: number, limit = 0) =>
  expected("NodeOomKilled", { ...host, severity: "warning", owner: "ops" }, [
    "the kernel of metal-1 has killed a process for want of memory",
    `The kernel of metal-1 has killed ${count} processes for want of memory in 10 min (limit ${limit}).`,
  ]);
const oomKills = (value: Signal): Series[] => [{ name: "node_vmstat_oom_kill", labels: host, value }];

const LOOPS: Readonly<Record<string, Scenario>> = {
  "NodeRestartLoop fires at the fourth start within an hour, by the time that the client tells": {
    plan: ownProtocol,
    more: [starts(labelsOf(ownProtocol, "rpc-0"), restarting(100, 400))],
    checks: [...silentAt(398), firesAt(402, restartLoop(4)(ownProtocol, "rpc-0")), ...silentAt(3902)],
  },
  "NodeRestartLoop fires for a port that closes and opens": {
    plan: quick,
    nodes: { "rpc-1": { ...fine, up: (t) => (t % 60 < 50 ? 1 : 0), reachable: (t) => (t % 60 < 50 ? 1 : 0) } },
    checks: [...silentAt(178, 238), firesAt(242, restartLoop(4)(quick, "rpc-1"))],
  },
  "NodeRestartLoop fires at the user's own limit": {
    plan: ownProtocol,
    more: [starts(labelsOf(ownProtocol, "rpc-0"), restarting(100, 200))],
    monitoring: { alerts: { NodeRestartLoop: { threshold: 1 } } },
    checks: [...silentAt(198), firesAt(202, restartLoop(2, 1)(ownProtocol, "rpc-0"))],
  },
  "NodeRestartLoop is silent at three starts, and for a port that has opened once": {
    plan: ownProtocol,
    nodes: {
      "rpc-1": {
        ...healthy(ownProtocol),
        up: until(20, always(0), always(1)),
        reachable: until(20, always(0), always(1)),
      },
    },
    more: [starts(labelsOf(ownProtocol, "rpc-0"), restarting(100, 300))],
    checks: silentAt(98, 302, 700),
  },
  "NodeRestartLoop is silent for a process that is no longer there": {
    plan: ownProtocol,
    nodes: { "rpc-0": vanishes(380, healthy(ownProtocol)) },
    more: [starts(labelsOf(ownProtocol, "rpc-0"), until(420, restarting(100, 400)))],
    checks: [firesAt(500, targetMissing(ownProtocol, "rpc-0"))],
  },

  "NodeOomKilled fires at the first process, and ends after its window": {
    plan: quick,
    more: oomKills(until(100, always(7), always(8))),
    checks: [...silentAt(98), firesAt(102, oomKilled(1)), firesAt(690, oomKilled(1)), ...silentAt(710)],
  },
  "NodeOomKilled fires above the user's own limit": {
    plan: quick,
    more: oomKills((t) => Math.min(3, Math.floor(t / 100))),
    monitoring: { alerts: { NodeOomKilled: { threshold: 2 } } },
    checks: [...silentAt(202, 298), firesAt(302, oomKilled(3, 2))],
  },
  "NodeOomKilled is silent for kills of long ago, also when the machine starts anew": {
    plan: quick,
    more: oomKills(until(100, always(7), until(120, gone, always(0)))),
    checks: silentAt(98, 130, 400),
  },
};

const measures = (name: string, labels: Record<string, string>, value: Signal): Series => ({ name, labels, value });
const scraped = (node: string, height: Signal): Series[] => {
  const labels = labelsOf(ownProtocol, node);
  return [measures("up", { ...labels, job: "chain-node-toyd" }, always(1)), measures("toy_height", labels, height)];
};
const contractBroken = (limit: number) =>
  ofNode(
    "MetricsContractBroken",
    ({ node, client }) => [
      `metrics of ${node} cannot be trusted`,
      `${client} of ${node} serves metrics, but its height is missing in them or more than ${limit} blocks away from what the node answers: a new version has renamed or broken it.`,
    ],
    { severity: "warning", owner: "dev" },
  );

const CONTRACT: Readonly<Record<string, Scenario>> = {
  "MetricsContractBroken fires when the height is gone from the metrics": {
    plan: ownProtocol,
    more: [...scraped("rpc-0", until(100, rising(ownProtocol))), ...scraped("rpc-1", rising(ownProtocol))],
    checks: [...silentAt(98, 218), firesAt(222, contractBroken(22)(ownProtocol, "rpc-0"))],
  },
  "MetricsContractBroken fires for a gauge that has frozen": {
    plan: ownProtocol,
    more: scraped("rpc-0", until(100, rising(ownProtocol), always(1100))),
    checks: [...silentAt(270), firesAt(330, contractBroken(22)(ownProtocol, "rpc-0"))],
  },
  "MetricsContractBroken fires at the user's own limit": {
    plan: ownProtocol,
    more: scraped("rpc-0", rising(ownProtocol, 1008)),
    monitoring: { alerts: { MetricsContractBroken: { threshold: 7 } } },
    checks: [...silentAt(120), firesAt(200, contractBroken(7)(ownProtocol, "rpc-0"))],
  },
  "MetricsContractBroken is silent at the limit, while a node syncs, and for a node that has just come": {
    plan: ownProtocol,
    nodes: { "rpc-1": { ...healthy(ownProtocol), syncing: always(1) } },
    more: [...scraped("rpc-0", rising(ownProtocol, 1022)), ...scraped("rpc-1", always(3))],
    checks: silentAt(60, 240, 900),
  },
  "MetricsContractBroken is silent for a gauge that nobody has set since a restart": {
    plan: ownProtocol,
    more: scraped("rpc-0", until(100, rising(ownProtocol), always(0))),
    checks: silentAt(98, 300, 900),
  },
  "MetricsContractBroken is silent for metrics that cannot be scraped at all": {
    plan: ownProtocol,
    nodes: { "rpc-0": freezes(2000, healthy(ownProtocol)) },
    more: [measures("up", { ...labelsOf(ownProtocol, "rpc-0"), job: "chain-node-toyd" }, always(0))],
    checks: silentAt(300, 900),
  },
};

export const RESTARTS: Readonly<Record<string, Scenario>> = { ...LOOPS, ...CONTRACT };
