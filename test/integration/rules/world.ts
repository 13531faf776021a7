import {
  type ClusterArgs,
  type ClusterPlan,
  clusterAlerts,
  planCluster,
  rulesYaml,
  scrapeSeconds,
} from "@chainkeep/core";
import { podLayout, toy } from "../../../packages/core/src/testing/toy-protocol.fixture";
import type { Check, ExpectedAlert, RulesTest, Series, Signal } from "./promtool";

export const STACK = "dev";
export const LINKS = { agentUrl: "http://127.0.0.1:26680" };

/** Blocks each second, scraped each 2 s. */
export const quick = plan("private", { rpc: { kind: "full", count: 2 }, val: { kind: "validator", count: 2 } });
/** Blocks each 12 s, scraped each 15 s. */
export const slow = plan("main", { rpc: { kind: "full", count: 3 } });
export const alone = plan("private", { val: { kind: "validator" } });
export const slowAlone = plan("main", { rpc: { kind: "full" } });
/** Makes blocks only when there is something to do. */
export const idle: ClusterPlan = { ...quick, networkFacts: { ...quick.networkFacts, idle: true } };

function plan(network: string, nodes: ClusterArgs["nodes"]): ClusterPlan {
  return planCluster(
    "toy",
    { chain: { definition: toy, network }, nodes, monitoring: { receivers: "none" } },
    podLayout,
  );
}

/** What the agent says of one node; a signal that is left out is a series that the agent does not have. */
export interface NodeSignals {
  readonly up?: Signal;
  readonly height?: Signal;
  readonly syncing?: Signal;
  readonly peers?: Signal;
  readonly mempool?: Signal;
  readonly labels?: Readonly<Record<string, string>>;
}

const NAMES: Readonly<Record<keyof Omit<NodeSignals, "labels">, string>> = {
  up: "chain_probe_up",
  height: "chain_probe_height",
  syncing: "chain_probe_syncing",
  peers: "chain_probe_peers",
  mempool: "chain_probe_mempool_pending",
};

export const always =
  (value: number): Signal =>
  () =>
    value;
/** One signal until a second, another one from then on. */
export const until =
  (second: number, before: Signal, after: Signal = () => undefined): Signal =>
  (t) =>
    t < second ? before(t) : after(t);
export const gone: Signal = () => undefined;
/** Goes on with the last value that a signal had before a second. */
export const freeze = (second: number, signal: Signal): Signal => until(second, signal, () => signal(second - 1));

/** A height that rises with the blocks of the plan. */
export const rising =
  (of: ClusterPlan, from = 1000): Signal =>
  (t) =>
    from + Math.floor(t / of.networkFacts.blockTimeSeconds);

export function healthy(of: ClusterPlan): NodeSignals {
  return { up: always(1), height: rising(of), syncing: always(0), peers: always(3) };
}

/** The agent cannot read the node's head from a second on. */
export function dies(second: number, was: NodeSignals): NodeSignals {
  const ends = (signal: Signal | undefined) => until(second, signal ?? gone);
  return { ...was, up: until(second, was.up ?? gone, always(0)), height: ends(was.height), peers: ends(was.peers) };
}

/** Nothing is known of the node from a second on: no series at all. */
export function vanishes(second: number, was: NodeSignals): NodeSignals {
  const ends = (signal: Signal | undefined) => until(second, signal ?? gone);
  return { up: ends(was.up), height: ends(was.height), syncing: ends(was.syncing), peers: ends(was.peers) };
}

export interface Scenario {
  readonly plan: ClusterPlan;
  /** Nodes that differ from a healthy one. */
  readonly nodes?: Readonly<Record<string, NodeSignals>>;
  /** How every other node is. */
  readonly others?: NodeSignals;
  readonly more?: readonly Series[];
  readonly checks: readonly Check[];
}

export function rulesTest({ plan: of, nodes = {}, others, more = [], checks }: Scenario): RulesTest {
  const input = { plan: of, stack: STACK, links: LINKS };
  const series = of.nodes.flatMap((node) =>
    seriesOf(labelsOf(of, node.name), nodes[node.name] ?? others ?? healthy(of)),
  );
  return {
    rules: rulesYaml(input),
    scrapeSeconds: scrapeSeconds(of),
    names: clusterAlerts(input)
      .alerts.map((a) => a.definition.name)
      .filter((name) => name !== "Watchdog"),
    series: [...series, ...more],
    checks,
  };
}

export function seriesOf(labels: Readonly<Record<string, string>>, signals: NodeSignals): Series[] {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((key) => {
    const value = signals[key];
    return value ? [{ name: NAMES[key], labels: { ...labels, ...signals.labels }, value }] : [];
  });
}

export function labelsOf(of: ClusterPlan, name: string): Record<string, string> {
  const node = of.nodes.find((n) => n.name === name);
  if (!node) throw new Error(`no node ${name}`);
  const client = node.processes[0]?.client.name ?? "";
  return { network: of.network, node: name, client, role: node.kind, stack: STACK };
}

/** Silent at each of these seconds. */
export const silentAt = (...seconds: number[]): Check[] => seconds.map((at) => ({ at, firing: [] }));
export const firesAt = (at: number, ...firing: ExpectedAlert[]): Check => ({ at, firing });

type OfNode = (of: ClusterPlan, node: string) => ExpectedAlert;

/** An alert with all its labels and annotations. Texts are written out, not taken from the catalogue: one that changes must be read again. */
export function expected(
  name: string,
  labels: Readonly<Record<string, string>>,
  texts: readonly [summary: string, description: string],
): ExpectedAlert {
  const [summary, description] = texts;
  const anchor = labels.node === undefined ? "" : `#${labels.node}`;
  return {
    name,
    labels,
    annotations: {
      summary,
      description,
      runbook_url: `${LINKS.agentUrl}/runbooks/${name}`,
      dashboard_url: `${LINKS.agentUrl}/${anchor}`,
    },
  };
}

/** Validators and single nodes are critical; full nodes of a group of several are a warning. */
const severityOf = (of: ClusterPlan, node: string) => {
  const kind = of.nodes.find((n) => n.name === node)?.kind;
  const alike = of.nodes.filter((n) => n.kind === kind).length;
  return kind === "validator" || alike === 1 ? "critical" : "warning";
};

const ofNode =
  (name: string, texts: (labels: Record<string, string>, of: ClusterPlan) => [string, string]): OfNode =>
  (of, node) => {
    const labels = labelsOf(of, node);
    return expected(name, { ...labels, severity: severityOf(of, node), owner: "ops" }, texts(labels, of));
  };

export const nodeDown = ofNode("NodeDown", ({ node, network, client, role }) => [
  `${node} of ${network} is down`,
  `Nothing answers where ${node} (${client}, ${role}) should: the process has ended, or its machine is not to be reached.`,
]);
export const nodeStalled = ofNode("NodeStalled", ({ node, network, client }, of) => [
  `${node} stands still while ${network} moves`,
  of.network === "private"
    ? `The height of ${node} (${client}) has not changed in 120 s although other nodes made blocks (block time 1 s).`
    : `The height of ${node} (${client}) has not changed in 240 s although other nodes made blocks (block time 12 s).`,
]);
export const noPeers = ofNode("NoPeers", ({ node, network, client }) => [
  `${node} of ${network} has no peers`,
  `${node} (${client}) has 0 peers: it hears nothing of the network.`,
]);
export const targetMissing = ofNode("NodeTargetMissing", ({ node, network }) => [
  `nothing is known of ${node} of ${network}`,
  `${node} is in the inventory, but no probe result arrives: the agent is down, or it lost the node.`,
]);

export function networkHalted(of: ClusterPlan): ExpectedAlert {
  const [window, block] = of.network === "private" ? [30, 1] : [180, 12];
  const labels = { network: of.network, stack: STACK, severity: "critical", owner: "ops" };
  return expected("NetworkHalted", labels, [
    `no node sees new blocks of ${of.network}`,
    `No node of ${of.network} has seen a new block in ${window} s (block time ${block} s): the network stands still, or this stack is cut off from it.`,
  ]);
}
