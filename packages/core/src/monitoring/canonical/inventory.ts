import type { ClusterPlan } from "../../cluster/types";
import { criticalNodes } from "../parameters";
import type { AlertParameters, Preset } from "../types";
import type { RecordingRule } from "./rules";

/** What the library knows before anything runs. Said as series, its absence can alert and no limit is guessed. */
export const INVENTORY_SERIES: Readonly<Record<string, string>> = {
  "chain:expected_node": "1 for every node that should be there",
  "chain:expected_process": "1 for every process of every node",
  "chain:critical_node": "1 for validators and for the only node of a role: nobody makes up for them",
  "chain:remote_signer": "1 for nodes whose key lies in a remote signer",
  "chain:block_time_seconds": "usual time between two blocks",
  "chain:min_peers": "peers below this are worth a warning",
  "chain:min_healthy": "nodes of a role that must be ready",
  "chain:quorum_size": "validators that must be up for blocks to be made",
  "chain:expected_vault": "1 for the vault that the cluster's recovery points go to",
  "chain:rpo_seconds": "how old the newest recovery point may be",
  "chain:rto_seconds": "how long a restore may take",
  "chain:slo_availability": "share of requests that must be answered well",
  "chain:cost_monthly_budget_usd": "what the stack may cost per month",
};

export function inventoryRules(plan: ClusterPlan, p: AlertParameters, presets: readonly Preset[]): RecordingRule[] {
  const { network, stack } = p;
  const facts = { network, stack };
  const fact = (record: string, value: number | undefined, labels: Readonly<Record<string, string>> = facts) =>
    value === undefined ? [] : [{ record, expr: `vector(${value})`, labels }];
  const critical = criticalNodes(plan);
  const perNode = plan.nodes.flatMap((node) => {
    const name = { network, node: node.name, role: node.kind, stack };
    const processes = node.processes.map((process) => process.client.name);
    const remote = node.processes.some((process) => process.context.options.privValidatorLaddr !== undefined);
    return [
      ...fact("chain:expected_node", 1, { ...name, client: processes[0] ?? "" }),
      ...processes.flatMap((client) => fact("chain:expected_process", 1, { ...name, client })),
      ...(critical.has(node.name) ? fact("chain:critical_node", 1, name) : []),
      ...(remote ? fact("chain:remote_signer", 1, name) : []),
    ];
  });
  return [
    ...perNode,
    ...fact("chain:block_time_seconds", p.blockTimeSeconds),
    ...fact("chain:min_peers", p.minPeers),
    ...Object.entries(p.minHealthy).flatMap(([role, least]) => fact("chain:min_healthy", least, { ...facts, role })),
    ...fact("chain:quorum_size", p.quorum),
    ...(p.vault === undefined ? [] : fact("chain:expected_vault", 1, { ...facts, vault: p.vault })),
    ...(presets.includes("backup")
      ? [...fact("chain:rpo_seconds", p.rpoSeconds), ...fact("chain:rto_seconds", p.rtoSeconds)]
      : []),
    ...(p.servingGroups.length > 0 ? fact("chain:slo_availability", p.sloAvailability) : []),
    ...fact("chain:cost_monthly_budget_usd", p.monthlyBudgetUsd, { stack }),
  ];
}
