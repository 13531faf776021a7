import {
  always,
  dies,
  ethereum,
  firesAt,
  gone,
  healthy,
  labelsOf,
  nodeDown,
  quick,
  redundancyLost,
  type Scenario,
  seriesOf,
  silentAt,
  slow,
  targetMissing,
  until,
  vanishes,
  wide,
} from "../world";

const fine = healthy(quick);
const ALL = ["rpc-0", "rpc-1", "val-0", "val-1"];
const LEAST = "1 mirror, 2 full";
const notReady = (of: typeof quick) => ({ ...healthy(of), ready: always(0) });

const DOWN: Readonly<Record<string, Scenario>> = {
  "NodeDown fires after its time, alone, and stays for a while": {
    plan: quick,
    nodes: {
      "val-0": {
        ...fine,
        up: until(60, always(1), until(400, always(0), always(1))),
        reachable: until(60, always(1), until(400, always(0), always(1))),
      },
    },
    checks: [
      ...silentAt(58, 78),
      firesAt(82, nodeDown(quick, "val-0")),
      firesAt(426, nodeDown(quick, "val-0")),
      ...silentAt(440, 600),
    ],
  },
  "NodeDown fires after three minutes on a public network": {
    plan: slow,
    nodes: { "rpc-1": dies(300, healthy(slow)) },
    checks: [...silentAt(465), firesAt(495, nodeDown(slow, "rpc-1"))],
  },
  "NodeDown without its height is no stall, also when its samples leave the windows": {
    plan: quick,
    nodes: { "rpc-0": dies(60, fine) },
    checks: [...silentAt(78), firesAt(82, nodeDown(quick, "rpc-0")), firesAt(900, nodeDown(quick, "rpc-0"))],
  },
  "NodeDown fires where the agent cannot tell whether the port is open": {
    plan: quick,
    nodes: { "rpc-0": { ...dies(60, fine), reachable: gone } },
    checks: [...silentAt(78), firesAt(82, nodeDown(quick, "rpc-0"))],
  },
  "NodeDown fires for the one process of two that is gone": {
    plan: ethereum,
    nodes: { "rpc-1/lighthouse": dies(300, { up: always(1), reachable: always(1), peers: always(50) }) },
    checks: [...silentAt(465), firesAt(495, nodeDown(ethereum, "rpc-1", "lighthouse"))],
  },
  "NodeDown fires with the user's own time and severity": {
    plan: quick,
    nodes: { "val-0": dies(60, fine) },
    monitoring: { alerts: { NodeDown: { forSeconds: 120, severity: "info" } } },
    checks: [
      ...silentAt(178),
      firesAt(182, { ...nodeDown(quick, "val-0"), labels: { ...nodeDown(quick, "val-0").labels, severity: "info" } }),
    ],
  },
  "NodeDown is silent for a node that blinks": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, up: (t) => (t % 100 < 80 ? 1 : 0), reachable: gone } },
    checks: silentAt(190, 290, 390, 590, 990),
  },
  "everything down is NodeDown of each node and lost redundancy, and no halt": {
    plan: quick,
    others: dies(60, fine),
    checks: [
      ...silentAt(78),
      firesAt(82, ...ALL.map((n) => nodeDown(quick, n))),
      ...[130, 400].map((at) =>
        firesAt(at, ...ALL.map((n) => nodeDown(quick, n)), redundancyLost(quick, "full", 0, "1 full")),
      ),
    ],
  },
};

const MISSING: Readonly<Record<string, Scenario>> = {
  "NodeTargetMissing fires for all nodes when the agent is gone, and NodeDown does not": {
    plan: quick,
    others: vanishes(60, fine),
    checks: [
      ...silentAt(58, 118),
      ...[124, 900].map((at) =>
        firesAt(at, ...ALL.map((n) => targetMissing(quick, n)), redundancyLost(quick, "full", 0, "1 full")),
      ),
    ],
  },
  "NodeTargetMissing fires for the node that the agent lost": {
    plan: slow,
    nodes: { "rpc-2": vanishes(300, healthy(slow)) },
    checks: [...silentAt(405), firesAt(435, targetMissing(slow, "rpc-2"))],
  },
  "NodeTargetMissing fires although another stack has a node of that name": {
    plan: quick,
    nodes: { "rpc-0": vanishes(60, fine) },
    more: seriesOf({ ...labelsOf(quick, "rpc-0"), stack: "other" }, fine),
    checks: [...silentAt(118), firesAt(124, targetMissing(quick, "rpc-0"))],
  },
  "NodeTargetMissing is silent when the agent is away for less than its time": {
    plan: quick,
    others: {
      ...fine,
      up: until(60, always(1), until(118, gone, always(1))),
      ready: until(60, always(1), until(118, gone, always(1))),
    },
    checks: silentAt(62, 116, 122, 300),
  },
};

const REDUNDANCY: Readonly<Record<string, Scenario>> = {
  "RedundancyLost fires when fewer than half of a role are ready, and ends": {
    plan: wide,
    nodes: {
      "rpc-0": notReady(wide),
      "rpc-1": notReady(wide),
      "rpc-2": { ...healthy(wide), ready: until(600, always(1), until(1800, always(0), always(1))) },
    },
    checks: [...silentAt(585, 885), firesAt(915, redundancyLost(wide, "full", 1, LEAST)), ...silentAt(1830)],
  },
  "RedundancyLost fires when nothing is known of a role": {
    plan: wide,
    nodes: {
      ...Object.fromEntries(["mirror-0", "mirror-1"].map((n) => [n, vanishes(300, healthy(wide))])),
    },
    checks: [
      firesAt(
        660,
        redundancyLost(wide, "mirror", 0, LEAST),
        targetMissing(wide, "mirror-0"),
        targetMissing(wide, "mirror-1"),
      ),
    ],
  },
  "RedundancyLost fires for nodes that have fallen behind and say that they catch up": {
    plan: quick,
    nodes: Object.fromEntries(
      ["rpc-0", "rpc-1"].map((n) => [n, { ...fine, ready: always(0), syncing: always(1), headTime: always(-3600) }]),
    ),
    checks: [...silentAt(58), firesAt(70, redundancyLost(quick, "full", 0, "1 full"))],
  },
  "RedundancyLost is silent at the least number, and for a shorter time than its own": {
    plan: wide,
    nodes: {
      "rpc-0": notReady(wide),
      "rpc-1": notReady(wide),
      "rpc-2": { ...healthy(wide), ready: (t) => (t % 600 < 285 ? 0 : 1) },
      "mirror-0": notReady(wide),
    },
    checks: silentAt(285, 300, 885, 900, 1485, 1500),
  },
  "RedundancyLost is silent for a first sync, but not for the node that is lost beside it": {
    plan: ethereum,
    others: {
      ...healthy(ethereum),
      ready: always(0),
      syncing: always(1),
      height: always(0),
      headTime: always(-90_000),
    },
    nodes: { "rpc-2": dies(900, { ...healthy(ethereum), ready: always(0) }) },
    checks: silentAt(600, 885),
  },
};

export const AVAILABILITY: Readonly<Record<string, Scenario>> = { ...DOWN, ...MISSING, ...REDUNDANCY };
