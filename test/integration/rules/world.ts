import { type ClusterPlan, clusterAlerts, type MonitoringArgs, rulesYaml, scrapeSeconds } from "@chainkeep/core";
import type { Check, ExpectedAlert, ExpectedValue, RulesTest, Series } from "./promtool";
import { healthy, labelsOf, type NodeSignals, ofProcess, STACK, seriesOf } from "./signals";

export type { ClusterPlan } from "@chainkeep/core";
export * from "./plans";
export * from "./signals";

export const LINKS = { agentUrl: "http://127.0.0.1:26680" };

export interface Scenario {
  readonly plan: ClusterPlan;
  /** Nodes that differ from a healthy one; single processes of a node as `<node>/<client>`. */
  readonly nodes?: Readonly<Record<string, NodeSignals>>;
  /** How every other node is. */
  readonly others?: NodeSignals;
  readonly more?: readonly Series[];
  /** Settings of monitoring: overrides, sets of alerts, promises. */
  readonly monitoring?: MonitoringArgs;
  readonly monthlyBudgetUsd?: number;
  readonly checks: readonly Check[];
  /** What expressions give, for series that no alert is about. */
  readonly values?: readonly ExpectedValue[];
}

export function rulesTest(scenario: Scenario): RulesTest {
  const { plan, nodes = {}, others, more = [], monitoring = {}, monthlyBudgetUsd, checks, values = [] } = scenario;
  const budget = monthlyBudgetUsd === undefined ? {} : { monthlyBudgetUsd };
  const input = { plan, stack: STACK, links: LINKS, monitoring, ...budget };
  const firing = checks.flatMap((c) => c.firing.map((a) => a.name));
  // It always fires: only scenarios about it ask for it.
  const names = clusterAlerts(input)
    .alerts.map((a) => a.definition.name)
    .filter((name) => name !== "Watchdog" || firing.includes(name));
  const unknown = firing.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${unknown} is expected, but this cluster does not have it`);
  const series = plan.nodes.flatMap((node) => {
    const signals = nodes[node.name] ?? others ?? healthy(plan);
    return node.processes.flatMap(({ client }, index) => {
      const own = nodes[`${node.name}/${client.name}`] ?? (index === 0 ? signals : ofProcess(signals));
      return seriesOf(labelsOf(plan, node.name, client.name), own);
    });
  });
  return {
    rules: rulesYaml(input),
    scrapeSeconds: scrapeSeconds(plan, monitoring),
    names,
    series: [...series, ...more],
    checks,
    values,
  };
}

/** Silent at each of these seconds. */
export const silentAt = (...seconds: number[]): Check[] => seconds.map((at) => ({ at, firing: [] }));
export const firesAt = (at: number, ...firing: ExpectedAlert[]): Check => ({ at, firing });

export type Texts = readonly [summary: string, description: string];
type OfNode = (of: ClusterPlan, node: string, client?: string) => ExpectedAlert;

/** An alert with all its labels and annotations. Texts are written out, not taken from the catalogue: one that changes must be read again. */
export function expected(name: string, labels: Readonly<Record<string, string>>, texts: Texts): ExpectedAlert {
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

/** Labels of the network as a whole. */
export const networkLabels = (of: ClusterPlan) => ({ network: of.network, stack: STACK });

/** Validators and single nodes are critical; full nodes of a group of several are a warning. */
const severityOf = (of: ClusterPlan, node: string) => {
  const kind = of.nodes.find((n) => n.name === node)?.kind;
  const alike = of.nodes.filter((n) => n.kind === kind).length;
  return kind === "validator" || alike === 1 ? "critical" : "warning";
};

/** An alert of a node, with the severity of its role unless there is one for all. */
export const ofNode =
  (
    name: string,
    texts: (labels: Record<string, string>, of: ClusterPlan) => Texts,
    { severity, owner = "ops" }: { severity?: string; owner?: string } = {},
  ): OfNode =>
  (of, node, client) => {
    const labels = labelsOf(of, node, client);
    return expected(name, { ...labels, severity: severity ?? severityOf(of, node), owner }, texts(labels, of));
  };

export const nodeDown = ofNode("NodeDown", ({ node, network, client, role }) => [
  `${node} of ${network} is down`,
  `Nothing answers where ${node} (${client}, ${role}) should: the process has ended, or its machine is not to be reached.`,
]);
export const targetMissing = ofNode("NodeTargetMissing", ({ node, network }) => [
  `nothing is known of ${node} of ${network}`,
  `${node} is in the inventory, but no probe result arrives: the agent is down, or it lost the node.`,
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

/** Of so many nodes of a role that are ready, and the least that there must be. */
export function redundancyLost(of: ClusterPlan, role: string, ready: number, least: string): ExpectedAlert {
  const labels = { ...networkLabels(of), role, severity: "critical", owner: "ops" };
  return expected("RedundancyLost", labels, [
    `too few ${role} nodes of ${of.network} are ready`,
    `${ready} ${role} nodes of ${of.network} are known to be ready; at least there must be: ${least}.`,
  ]);
}

export function networkHalted(of: ClusterPlan): ExpectedAlert {
  const [window, block] = of.network === "private" ? [30, 1] : [180, 12];
  return expected("NetworkHalted", { ...networkLabels(of), severity: "critical", owner: "ops" }, [
    `no node sees new blocks of ${of.network}`,
    `No node of ${of.network} has seen a new block in ${window} s (block time ${block} s): the network stands still, or this stack is cut off from it.`,
  ]);
}
