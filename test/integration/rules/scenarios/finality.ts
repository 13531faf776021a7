import type { Series, Signal } from "../promtool";
import {
  always,
  ethereum,
  firesAt,
  gone,
  healthy,
  labelsOf,
  type NodeSignals,
  nodeDown,
  ofNode,
  rising,
  type Scenario,
  silentAt,
  slow,
  substrate,
  until,
} from "../world";

const calm = healthy(slow);

const finalityLag = (lag: number, limit: number) =>
  ofNode(
    "FinalityLag",
    ({ node, network, client }, of) => [
      `blocks of ${network} are not becoming final on ${node}`,
      `${node} (${client}) is ${lag} blocks ahead of its last final block, limit ${limit} blocks (block time ${of.networkFacts.blockTimeSeconds} s).`,
    ],
    { severity: "warning" },
  );
const final = (behind: number): NodeSignals => ({ ...healthy(ethereum), finalized: rising(ethereum, 1000 - behind) });

const FINALITY: Readonly<Record<string, Scenario>> = {
  "FinalityLag fires for the node whose final block stays behind": {
    plan: ethereum,
    others: final(70),
    nodes: { "rpc-1": final(129) },
    checks: [...silentAt(885), firesAt(915, finalityLag(129, 128)(ethereum, "rpc-1"))],
  },
  "FinalityLag fires at the user's own limit": {
    plan: ethereum,
    others: final(70),
    nodes: { "rpc-1": final(97) },
    monitoring: { alerts: { FinalityLag: { threshold: 96 } } },
    checks: [firesAt(915, finalityLag(97, 96)(ethereum, "rpc-1"))],
  },
  "FinalityLag fires by the client's own final height where the agent has none": {
    plan: substrate,
    more: ["rpc-0", "rpc-1"].map((node, index) => ({
      name: "substrate_block_height",
      labels: { ...labelsOf(substrate, node), status: "finalized" },
      value: rising(substrate, 1000 - 10 - index),
    })),
    checks: [...silentAt(885), firesAt(915, finalityLag(11, 10)(substrate, "rpc-1"))],
  },
  "FinalityLag is silent at the limit, while a node syncs, and without a final height": {
    plan: ethereum,
    others: { ...healthy(ethereum), finalized: gone },
    nodes: { "rpc-0": final(128), "rpc-1": { ...final(900), syncing: always(1) } },
    checks: silentAt(300, 915, 1800),
  },
  "FinalityLag is silent on a network without finality of its own": {
    plan: slow,
    others: { ...calm, finalized: always(3) },
    checks: silentAt(915),
  },
};

const engineBroken = ofNode("EngineLinkBroken", ({ node, network, client }) => [
  `the two halves of ${node} of ${network} do not talk`,
  `${client} of ${node} cannot reach its execution client, although both answer the agent: no new block can be checked.`,
]);
const offline = (node: string, value: Signal): Series => ({
  name: "chain_probe_fault",
  labels: { ...labelsOf(ethereum, node, "lighthouse"), code: "EXECUTION_OFFLINE" },
  value,
});

const ENGINE: Readonly<Record<string, Scenario>> = {
  "EngineLinkBroken fires for the consensus client that has lost its other half": {
    plan: ethereum,
    more: [offline("rpc-0", until(300, always(0), always(1))), offline("rpc-1", always(0))],
    checks: [...silentAt(285, 405), firesAt(435, engineBroken(ethereum, "rpc-0", "lighthouse"))],
  },
  "EngineLinkBroken is silent when the other half is down: NodeDown says that": {
    plan: ethereum,
    nodes: {
      "rpc-0": { up: always(0), reachable: always(0), ready: always(0) },
      "rpc-0/lighthouse": { up: always(1), reachable: always(1), syncing: always(0), peers: always(50) },
    },
    more: [offline("rpc-0", always(1))],
    checks: [...silentAt(165), firesAt(195, nodeDown(ethereum, "rpc-0")), firesAt(900, nodeDown(ethereum, "rpc-0"))],
  },
  "EngineLinkBroken is silent for a short time of silence, and where nothing is told of it": {
    plan: ethereum,
    more: [offline("rpc-0", (t) => (t % 300 < 120 ? 1 : 0))],
    checks: silentAt(105, 120, 405, 420, 900),
  },
};

/** What the consensus of a network of two layers says. */
export const FINALITY_AND_ENGINE: Readonly<Record<string, Scenario>> = { ...FINALITY, ...ENGINE };
