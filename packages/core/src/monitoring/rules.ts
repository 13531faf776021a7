import { stringify } from "yaml";
import type { MonitoringArgs } from "../cluster/args";
import type { ClusterPlan } from "../cluster/types";
import { plannedAlerts } from "./overrides";
import type { AlertParameters, PlannedAlert } from "./types";

/** Canonical series and the agent's series that feeds each. */
const CANONICAL: Readonly<Record<string, string>> = {
  "chain:up": "chain_probe_up",
  "chain:healthy": "chain_node_ready",
  "chain:height": "chain_probe_height",
  "chain:head_timestamp": "chain_probe_head_timestamp_seconds",
  "chain:finalized_height": "chain_probe_finalized_height",
  "chain:syncing": "chain_probe_syncing",
  "chain:peers": "chain_probe_peers",
  "chain:mempool_pending": "chain_probe_mempool_pending",
  "chain:lag_blocks": "chain_node_lag_blocks",
};

const NODE_LABELS = "network, node, client, role, stack";

export interface RulesInput {
  readonly plan: ClusterPlan;
  readonly stack: string;
  readonly monitoring?: MonitoringArgs;
}

/** Seconds between two scrapes: the user's word, else 2 on private networks and 15 on public ones. */
export function scrapeSeconds(plan: ClusterPlan, monitoring: MonitoringArgs = {}): number {
  return monitoring.scrapeIntervalSeconds ?? (plan.networkFacts.private ? 2 : 15);
}

/** Figures that the alerts of a cluster are written with; windows follow from the block time. */
export function alertParameters({ plan, stack, monitoring }: RulesInput): AlertParameters {
  const { blockTimeSeconds } = plan.networkFacts;
  const scrapeIntervalSeconds = scrapeSeconds(plan, monitoring);
  return {
    network: plan.network,
    stack,
    blockTimeSeconds,
    stallWindowSeconds: Math.ceil(Math.max(120, 20 * blockTimeSeconds, 5 * scrapeIntervalSeconds)),
    haltWindowSeconds: Math.ceil(Math.max(30, 15 * blockTimeSeconds, 5 * scrapeIntervalSeconds)),
    scrapeIntervalSeconds,
    idle: plan.networkFacts.idle === true,
  };
}

/** Prometheus rules file of a cluster: canonical layer, inventory as series, alerts. */
export function rulesYaml(input: RulesInput): string {
  const parameters = alertParameters(input);
  const alerts = plannedAlerts(parameters, input.monitoring?.alerts);
  const groups = [
    { name: "chainkeep-canonical", rules: canonicalRules() },
    { name: "chainkeep-inventory", rules: inventoryRules(input) },
    { name: "chainkeep-alerts", rules: alerts.map((alert) => alertRule(alert, parameters)) },
  ];
  return stringify({ groups }, { lineWidth: 0 });
}

function canonicalRules() {
  const perNode = Object.entries(CANONICAL).map(([record, source]) => ({
    record,
    expr: `max by (${NODE_LABELS}) (${source})`,
  }));
  return [...perNode, { record: "chain:network_height", expr: "max by (network, stack) (chain:height)" }];
}

/** The library knows what should be there; said as series, its absence can alert. */
function inventoryRules({ plan, stack }: RulesInput) {
  const { network } = plan;
  const nodes = plan.nodes.map((node) => ({
    record: "chain:expected_node",
    expr: "vector(1)",
    labels: { network, node: node.name, client: node.processes[0]?.client.name ?? "", role: node.kind, stack },
  }));
  const facts = { network, stack };
  return [
    ...nodes,
    { record: "chain:block_time_seconds", expr: `vector(${plan.networkFacts.blockTimeSeconds})`, labels: facts },
    { record: "chain:min_peers", expr: `vector(${plan.limits.minPeers})`, labels: facts },
  ];
}

function alertRule({ definition, forSeconds, severity }: PlannedAlert, parameters: AlertParameters) {
  const keep = definition.keepFiringSeconds?.(parameters);
  return {
    alert: definition.name,
    expr: definition.expr(parameters),
    for: `${forSeconds}s`,
    ...(keep === undefined ? {} : { keep_firing_for: `${keep}s` }),
    labels: { severity },
    annotations: { summary: definition.summary, description: definition.description(parameters) },
  };
}
