import {
  alone,
  always,
  dies,
  firesAt,
  freeze,
  gone,
  healthy,
  idle,
  labelsOf,
  networkHalted,
  nodeDown,
  nodeStalled,
  quick,
  rising,
  type Scenario,
  seriesOf,
  silentAt,
  slow,
  slowAlone,
  targetMissing,
  until,
  vanishes,
} from "../world";

const fine = healthy(quick);
const stands = (from: number, of = quick) => ({ ...healthy(of), height: freeze(from, rising(of)) });

export const PROGRESS: Readonly<Record<string, Scenario>> = {
  "NodeStalled fires for a node that stands while others move": {
    plan: quick,
    nodes: { "rpc-0": stands(60) },
    checks: [...silentAt(100, 200, 290), firesAt(310, nodeStalled(quick, "rpc-0"))],
  },
  "NodeStalled fires when clients do not tell whether they sync": {
    plan: quick,
    others: { ...fine, syncing: gone },
    nodes: { "rpc-0": { ...stands(60), syncing: gone } },
    checks: [...silentAt(290), firesAt(310, nodeStalled(quick, "rpc-0"))],
  },
  "NodeStalled fires for three of four": {
    plan: quick,
    others: stands(60),
    nodes: { "val-1": fine },
    checks: [
      ...silentAt(290),
      firesAt(310, nodeStalled(quick, "rpc-0"), nodeStalled(quick, "rpc-1"), nodeStalled(quick, "val-0")),
    ],
  },
  "NodeStalled fires on a slow network": {
    plan: slow,
    nodes: { "rpc-1": stands(600, slow) },
    checks: [...silentAt(600, 930), firesAt(990, nodeStalled(slow, "rpc-1"))],
  },
  "NodeStalled fires for a node that claims an impossible height, and the network is not halted": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, height: until(60, rising(quick), always(9_000_000_000)) } },
    checks: [...silentAt(100, 290), firesAt(310, nodeStalled(quick, "rpc-0"))],
  },
  "NodeStalled is silent while the node syncs, and not longer": {
    plan: quick,
    nodes: { "rpc-0": { ...fine, height: always(0), syncing: until(900, always(1), always(0)) } },
    checks: [...silentAt(300, 898, 1010), firesAt(1030, nodeStalled(quick, "rpc-0"))],
  },
  "NodeStalled is silent for a node that has just come": {
    plan: quick,
    nodes: {
      "rpc-1": {
        up: until(300, gone, always(1)),
        height: until(300, gone, until(500, always(5), rising(quick))),
        peers: until(300, gone, always(3)),
      },
    },
    checks: [
      firesAt(298, targetMissing(quick, "rpc-1")),
      // A full window from 396 on, and 120 s more would be 516.
      ...silentAt(310, 420, 514, 620, 800),
    ],
  },
  "NodeStalled is silent when a standing node is taken away": {
    plan: quick,
    nodes: { "rpc-0": vanishes(250, stands(100)) },
    checks: [
      ...silentAt(248, 290),
      firesAt(320, targetMissing(quick, "rpc-0")),
      firesAt(360, targetMissing(quick, "rpc-0")),
      firesAt(600, targetMissing(quick, "rpc-0")),
    ],
  },
  "NodeStalled is silent when a node goes on under another client or role": {
    plan: quick,
    nodes: { "rpc-0": vanishes(250, stands(100)) },
    more: seriesOf(
      { ...labelsOf(quick, "rpc-0"), client: "other", role: "archive" },
      { up: until(250, gone, always(1)), height: until(250, gone, rising(quick)) },
    ),
    checks: silentAt(248, 300, 400, 600),
  },
  "NodeStalled is silent for the only node of a network: that is a halt": {
    plan: alone,
    nodes: { "val-0": { ...stands(100), peers: always(0) } },
    checks: [...silentAt(60, 130), firesAt(160, networkHalted(alone)), firesAt(600, networkHalted(alone))],
  },

  "NetworkHalted fires when nobody moves, and ends with the first block": {
    plan: quick,
    others: { ...fine, height: until(300, freeze(100, rising(quick)), rising(quick)) },
    checks: [...silentAt(98, 128, 138), firesAt(148, networkHalted(quick)), firesAt(298, networkHalted(quick))].concat(
      silentAt(306, 400, 600),
    ),
  },
  "NetworkHalted fires alone, however long it lasts": {
    plan: quick,
    others: stands(100),
    checks: [
      firesAt(148, networkHalted(quick)),
      firesAt(400, networkHalted(quick)),
      firesAt(900, networkHalted(quick)),
    ],
  },
  "NetworkHalted fires on a slow network": {
    plan: slow,
    others: stands(900, slow),
    checks: [...silentAt(900, 1065), firesAt(1140, networkHalted(slow)), firesAt(1800, networkHalted(slow))],
  },
  "NetworkHalted fires when one node is dead as well": {
    plan: quick,
    others: stands(100),
    nodes: { "val-1": dies(90, fine) },
    checks: [
      ...silentAt(108),
      firesAt(112, nodeDown(quick, "val-1")),
      ...[148, 290, 600].map((at) => firesAt(at, networkHalted(quick), nodeDown(quick, "val-1"))),
    ],
  },
  "NetworkHalted goes on when the node with the best height dies in it": {
    plan: quick,
    others: stands(100),
    nodes: { "val-1": dies(200, { ...fine, height: freeze(102, rising(quick)) }) },
    checks: [
      ...[198, 204, 218].map((at) => firesAt(at, networkHalted(quick))),
      ...[222, 300, 420].map((at) => firesAt(at, networkHalted(quick), nodeDown(quick, "val-1"))),
    ],
  },
  "NetworkHalted goes on while a node catches up in it, and after that": {
    plan: quick,
    others: stands(200),
    nodes: {
      "rpc-1": {
        ...fine,
        height: until(300, freeze(200, rising(quick)), (t) => Math.min((t - 300) * 4, 1199)),
        syncing: until(300, always(0), until(600, always(1), always(0))),
      },
    },
    checks: [298, 306, 330, 400, 500, 596, 602, 610, 640, 700].map((at) => firesAt(at, networkHalted(quick))),
  },
  "NetworkHalted fires for this stack while another one of the same name moves": {
    plan: quick,
    others: stands(100),
    more: ["a", "b", "c", "d", "e"].flatMap((node) =>
      seriesOf({ ...labelsOf(quick, "val-0"), node, stack: "other" }, fine),
    ),
    checks: [...silentAt(128), firesAt(148, networkHalted(quick)), firesAt(600, networkHalted(quick))],
  },
  "NetworkHalted is silent at the threshold": {
    plan: quick,
    others: { ...fine, height: (t) => Math.floor(t / 28) },
    checks: silentAt(60, 111, 223, 335, 447, 600),
  },
  "NetworkHalted is silent for a run of missed slots": {
    plan: slow,
    others: { ...healthy(slow), height: until(780, freeze(600, rising(slow)), rising(slow)) },
    checks: silentAt(600, 690, 780, 795, 900),
  },
  "NetworkHalted is silent right after the start, whatever is seen": {
    plan: quick,
    others: { ...fine, height: until(25, always(0), rising(quick)) },
    checks: silentAt(2, 10, 20, 30, 40, 60),
  },
  "NetworkHalted needs its window of history after a restart of Prometheus": {
    plan: quick,
    others: { ...fine, height: always(500) },
    checks: [...silentAt(10, 28, 38), firesAt(50, networkHalted(quick)), firesAt(400, networkHalted(quick))],
  },
  "NetworkHalted is silent when the chain begins anew": {
    plan: quick,
    others: {
      ...fine,
      up: until(300, always(1), until(310, gone, always(1))),
      height: until(
        300,
        rising(quick, 50_000),
        until(310, gone, (t) => t - 310),
      ),
    },
    checks: silentAt(298, 312, 320, 330, 340, 350, 400, 600),
  },
  "NetworkHalted is silent when the best node dies and the others are far behind": {
    plan: quick,
    others: { ...fine, height: rising(quick, 10), syncing: gone },
    nodes: { "val-1": dies(200, fine) },
    checks: [...silentAt(198, 212), ...[222, 232, 240, 300, 400].map((at) => firesAt(at, nodeDown(quick, "val-1")))],
  },
  "NetworkHalted is silent while the only node syncs without a height": {
    plan: slowAlone,
    others: { ...healthy(slowAlone), height: always(0), syncing: always(1) },
    checks: silentAt(300, 900, 3600),
  },
  "NetworkHalted is silent on an idle network with nothing to do": {
    plan: idle,
    others: { ...stands(100), mempool: always(0) },
    checks: silentAt(148, 400, 900),
  },
  "NetworkHalted fires on an idle network when transactions wait": {
    plan: idle,
    others: { ...stands(100), mempool: until(200, always(0), always(7)) },
    checks: [...silentAt(148, 220), firesAt(250, networkHalted(idle)), firesAt(600, networkHalted(idle))],
  },
};
