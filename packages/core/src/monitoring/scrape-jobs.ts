import type { ClusterPlan } from "../cluster/types";
import { clientTargets, type Discovery, type ProcessTarget } from "./discovery";
import type { ParameterInput } from "./parameters";
import type { ScrapeArgs } from "./prometheus-args";

export interface ScrapeInput extends ParameterInput {
  /** host:port of the agent. */
  readonly agent: string;
  /** host:port of Alertmanager. */
  readonly alertmanager: string;
  /** host:port of Prometheus itself, as it sees itself. */
  readonly prometheus: string;
  /** Every node_exporter there is, host:port, with the name of its machine. */
  readonly nodeExporters?: readonly NodeExporter[];
  /** How the nodes are found; by the plan's addresses unless the target says otherwise. */
  readonly discovery?: Discovery;
}

export interface NodeExporter {
  readonly target: string;
  readonly host: string;
}

/** Names of jobs that begin so are ours. */
export const OWN_JOBS = ["chainkeep-", "chain-"] as const;
export const JOBS = {
  agent: "chainkeep-agent",
  prometheus: "chainkeep-prometheus",
  alertmanager: "chainkeep-alertmanager",
  hosts: "chainkeep-hosts",
  client: (name: string) => `chain-node-${name}`,
} as const;

/** A program that makes ever new series must not take the memory of Prometheus: beyond this a scrape counts as failed. */
const LIMITS = { sample_limit: 50_000, label_limit: 40, label_value_length_limit: 2048 };

/** Some programs do not say in which form they tell their series; Prometheus 3 would not read them. */
const FORM = { fallback_scrape_protocol: "PrometheusText0.0.4" };

/** Series that no rule and no panel asks for, and that are many. Tests hold them against both. */
export const DROPPED = {
  /** How long the garbage collection of the agent's JavaScript took, by kind, and the parts of its heap. */
  agent: ["chain_agent_nodejs_gc_duration_seconds_bucket", "chain_agent_nodejs_heap_space_.*"],
  /** Histograms of the programs' own requests and of Go's runtime, which are most of what they tell. */
  own: ["(prometheus|alertmanager|net_conntrack|go)_.*_bucket", "go_(cpu|gc|godebug|sched|sync)_.*"],
  /** One series per peer and message type: without end on a public network. */
  label: "peer_id",
} as const;

/** Every job: the agent first, then each client that has metrics of its own, then what runs beside the nodes. */
export function scrapeJobs(input: ScrapeInput) {
  const { plan, stack, monitoring = {}, nodeExporters = [], discovery = { kind: "static" } } = input;
  const ours = { network: plan.network, stack };
  const one = (job_name: string, target: string, drop: readonly string[]) => ({
    job_name,
    static_configs: [{ targets: [target], labels: ours }],
    ...dropping(drop),
  });
  return [
    // The agent's series carry the labels of the node that they are about.
    { ...one(JOBS.agent, input.agent, DROPPED.agent), honor_labels: true },
    ...clientJobs(plan, stack, discovery),
    one(JOBS.prometheus, input.prometheus, DROPPED.own),
    one(JOBS.alertmanager, input.alertmanager, DROPPED.own),
    ...(nodeExporters.length === 0
      ? []
      : [
          {
            job_name: JOBS.hosts,
            static_configs: nodeExporters.map(({ target, host }) => ({ targets: [target], labels: { ...ours, host } })),
            ...LIMITS,
          },
        ]),
    ...Object.entries(monitoring.scrape ?? {}).map(([name, job]) => userJob(name, job, plan, ours)),
  ];
}

/** One job per client: path and dropped series are the client's. */
function clientJobs(plan: ClusterPlan, stack: string, discovery: Discovery) {
  const byClient = new Map<string, ProcessTarget[]>();
  for (const target of processTargets(plan)) {
    const { name } = target.process.client;
    byClient.set(name, [...(byClient.get(name) ?? []), target]);
  }
  return [...byClient].map(([client, targets]) => {
    const metrics = targets[0]?.process.client.metrics;
    return {
      job_name: JOBS.client(client),
      metrics_path: metrics?.path ?? "/metrics",
      ...clientTargets(client, targets, plan, stack, discovery),
      ...FORM,
      ...LIMITS,
      metric_relabel_configs: [
        ...(dropping(metrics?.drop ?? []).metric_relabel_configs ?? []),
        { source_labels: [DROPPED.label], regex: ".+", action: "drop" },
      ],
    };
  });
}

function processTargets({ nodes }: ClusterPlan): ProcessTarget[] {
  return nodes.flatMap((node) =>
    node.processes.flatMap((process) => {
      const portName = process.client.metrics?.port;
      const port = portName === undefined ? undefined : process.ports[portName];
      return portName === undefined || port === undefined ? [] : [{ node, process, port, portName }];
    }),
  );
}

/** A program of the user's beside the nodes, about one of them or about the network. */
function userJob(name: string, { targets, path, params, node, drop }: ScrapeArgs, plan: ClusterPlan, ours: object) {
  const found = plan.nodes.find((n) => n.name === node);
  const client = found?.processes[0]?.client.name;
  const about = found && client !== undefined ? { node: found.name, client, role: found.kind } : {};
  return {
    job_name: name,
    metrics_path: path ?? "/metrics",
    ...(params === undefined
      ? {}
      : { params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, [value]])) }),
    static_configs: [
      { targets, labels: { ...ours, ...about, ...(params?.target ? { instance: params.target } : {}) } },
    ],
    ...FORM,
    ...LIMITS,
    ...dropping(drop === undefined ? [] : [drop]),
  };
}

function dropping(names: readonly string[]) {
  if (names.length === 0) return {};
  const regex = names.map((name) => `(?:${name})`).join("|");
  return { metric_relabel_configs: [{ source_labels: ["__name__"], regex, action: "drop" }] };
}
