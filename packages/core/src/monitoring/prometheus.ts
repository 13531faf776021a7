import { stringify } from "yaml";
import type { ClusterPlan } from "../cluster/types";
import { type ParameterInput, scrapeSeconds } from "./parameters";

export interface PrometheusInput extends ParameterInput {
  /** host:port of the agent. */
  readonly agent: string;
  /** host:port of Alertmanager. */
  readonly alertmanager: string;
  /** host:port of Prometheus itself, as it sees itself. */
  readonly prometheus: string;
  /** Every node_exporter there is, host:port, with the name of its machine. */
  readonly nodeExporters?: readonly NodeExporter[];
  /** Rule files, as paths that Prometheus sees. */
  readonly ruleFiles: readonly string[];
}

export interface NodeExporter {
  readonly target: string;
  readonly host: string;
}

/** prometheus.yml: the agent first, then every client that has metrics of its own. */
export function prometheusYaml(input: PrometheusInput): string {
  const seconds = scrapeSeconds(input.plan, input.monitoring);
  const timeout = `${Math.max(1, Math.min(10, seconds))}s`;
  return stringify(
    {
      global: { scrape_interval: `${seconds}s`, scrape_timeout: timeout, evaluation_interval: `${seconds}s` },
      rule_files: input.ruleFiles,
      alerting: { alertmanagers: [{ static_configs: [{ targets: [input.alertmanager] }] }] },
      scrape_configs: [
        // The agent's series carry node labels of their own.
        {
          job_name: "chainkeep-agent",
          honor_labels: true,
          static_configs: [{ targets: [input.agent], labels: { stack: input.stack } }],
        },
        ...nodeJobs(input.plan, input.stack),
      ],
    },
    { lineWidth: 0 },
  );
}

interface Target {
  readonly path: string;
  readonly drop: readonly string[];
  readonly client: string;
  readonly config: { readonly targets: string[]; readonly labels: Record<string, string> };
}

/** One job per client: path and dropped series are the client's. */
function nodeJobs(plan: ClusterPlan, stack: string) {
  const byClient = new Map<string, Target[]>();
  for (const target of targetsOf(plan, stack)) {
    byClient.set(target.client, [...(byClient.get(target.client) ?? []), target]);
  }
  return [...byClient].map(([client, targets]) => {
    const drop = targets[0]?.drop ?? [];
    const regex = drop.map((d) => `(?:${d})`).join("|");
    return {
      job_name: `chain-node-${client}`,
      metrics_path: targets[0]?.path ?? "/metrics",
      static_configs: targets.map((t) => t.config),
      ...(regex === "" ? {} : { metric_relabel_configs: [{ source_labels: ["__name__"], regex, action: "drop" }] }),
    };
  });
}

function targetsOf(plan: ClusterPlan, stack: string): Target[] {
  return plan.nodes.flatMap((node) =>
    node.processes.flatMap((process) => {
      const { metrics } = process.client;
      if (!metrics) return [];
      const labels = { network: plan.network, node: node.name, client: process.client.name, role: node.kind, stack };
      const targets = [`${node.address.host}:${process.ports[metrics.port]}`];
      return [
        { path: metrics.path, drop: metrics.drop ?? [], client: process.client.name, config: { targets, labels } },
      ];
    }),
  );
}
