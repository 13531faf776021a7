import type { Canonical } from "./series";

const network = "sum by (network, stack, group)";

/** Requests and probe events over a window: each asking of a group counts as one request, so that a quiet service is measured too. */
function service(window: string): Canonical[] {
  const users = `${network} (rate(chain_proxy_requests_total[${window}]))`;
  const probes = `${network} (rate(chain_rpc_events_total[${window}]))`;
  const badUsers = `${network} (rate(chain_proxy_requests_total{code=~"5.."}[${window}]))`;
  const badProbes = `${network} (rate(chain_rpc_events_total{outcome="bad"}[${window}]))`;
  const sum = (a: string, b: string) => `((${a} or 0 * ${b}) + (${b} or 0 * ${a}))`;
  return [
    {
      name: `chain:rpc_requests:rate${window}`,
      scope: "group",
      unit: "per second",
      says: `requests of users, and one event per asking, over ${window}`,
      derived: `${sum(users, probes)} or ${users} or ${probes}`,
    },
    {
      name: `chain:rpc_error_ratio:rate${window}`,
      scope: "group",
      unit: "ratio",
      says: `share of them that was answered with an error, or found no node that could answer, over ${window}`,
      derived: `(${badUsers} + ${badProbes} or ${badUsers} or ${badProbes} or 0 * chain:rpc_requests:rate${window}) / (chain:rpc_requests:rate${window} > 0)`,
    },
  ];
}

/** Windows of the burn rates, shortest first. */
export const SLO_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;

const HOURS = "[30d:1h]";

/** The RPC service as its users see it: any node that answers will do. */
export const SERVICE_SERIES: readonly Canonical[] = [
  ...SLO_WINDOWS.flatMap(service),
  {
    name: "chain:rpc_error_budget_left:30d",
    scope: "group",
    unit: "ratio",
    says: "share of the errors that the promise allows in 30 days which is left, over the whole hours that Prometheus still has; below 0 the promise is broken",
    derived:
      `1 - (sum_over_time((chain:rpc_error_ratio:rate1h * chain:rpc_requests:rate1h)${HOURS}) / (sum_over_time(chain:rpc_requests:rate1h${HOURS}) > 0))` +
      " / on (network, stack) group_left () (1 - chain:slo_availability)",
  },
  {
    name: "chain:rpc_error_budget_seen_seconds",
    scope: "group",
    unit: "seconds",
    says: "how much time `chain:rpc_error_budget_left:30d` really looks at: Prometheus keeps samples for `retentionDays`, and younger services have less",
    derived: `count_over_time(chain:rpc_requests:rate1h${HOURS}) * 3600`,
  },
];

/** Machines, by node_exporter. */
export const HOST_SERIES: readonly Canonical[] = [
  {
    name: "chain:host_memory_avail_ratio",
    scope: "host",
    unit: "ratio",
    says: "share of the memory that is free for programs",
    other: ["node_memory_MemAvailable_bytes / (node_memory_MemTotal_bytes > 0)"],
  },
  {
    name: "chain:host_cpu_busy_ratio",
    scope: "host",
    unit: "ratio",
    says: "share of the processors' time that is used",
    other: ['1 - (avg by (network, stack, host) (rate(node_cpu_seconds_total{mode="idle"}[5m])))'],
  },
  {
    name: "chain:host_oom_kills_total",
    scope: "host",
    unit: "processes",
    says: "processes that the kernel killed for want of memory",
    other: ["node_vmstat_oom_kill"],
  },
  {
    name: "chain:host_io_queue",
    scope: "host",
    unit: "requests",
    says: "requests that wait on average for the busiest disk",
    other: ["max by (network, stack, host) (rate(node_disk_io_time_weighted_seconds_total[5m]))"],
  },
  {
    name: "chain:host_clock_offset_seconds",
    scope: "host",
    unit: "seconds",
    says: "how far the clock is off, as the kernel believes",
    other: ["node_timex_offset_seconds"],
  },
  {
    name: "chain:host_clock_sync",
    scope: "host",
    unit: "0/1",
    says: "the clock is kept by a time service",
    other: ["node_timex_sync_status"],
  },
  {
    name: "chain:host_clock_max_error_seconds",
    scope: "host",
    unit: "seconds",
    says: "how far the clock may be off",
    other: ["node_timex_maxerror_seconds"],
  },
];

/** What the stack costs. */
export const COST_SERIES: readonly Canonical[] = [
  {
    name: "chain:cost_hourly_usd",
    scope: "stack",
    unit: "USD",
    says: "what the stack costs per hour now",
    other: ["sum by (stack) (chain_cost_hourly_usd)"],
  },
  {
    name: "chain:cost_month_to_date_usd",
    scope: "stack",
    unit: "USD",
    says: "what the stack has cost since the first of the month",
    other: ["sum by (stack) (chain_cost_month_to_date_usd)"],
  },
];

/** Safety around the nodes. */
export const SECURITY_SERIES: readonly Canonical[] = [
  {
    name: "chain:cert_expiry_timestamp_seconds",
    scope: "stack",
    unit: "unix seconds",
    says: "when a TLS certificate in front of the nodes ends",
    other: ["min by (stack, instance) (last_over_time(probe_ssl_earliest_cert_expiry[10m]))"],
    more: ["instance"],
  },
  {
    name: "chain:security_agents_lost",
    scope: "stack",
    unit: "agents",
    says: "security agents that have lost their manager",
    other: ['sum by (stack) (wazuh_agents{status="disconnected"})'],
  },
];

/** Prometheus and Alertmanager themselves. */
export const META_SERIES: readonly Canonical[] = [
  {
    name: "chain:target_up",
    scope: "stack",
    unit: "0/1",
    says: "a part of monitoring could be scraped",
    other: ['max by (stack, job) (up{job!~"chain-node-.+"})'],
    more: ["job"],
  },
  {
    name: "chain:notifications_failed:rate5m",
    scope: "stack",
    unit: "per second",
    says: "notifications that Alertmanager gave up, by integration",
    // A reload of its configuration breaks off what is under way, and that is sent again.
    other: [
      'sum by (stack, integration) (rate(alertmanager_notifications_failed_total{reason!="contextCanceled"}[5m]))',
    ],
    more: ["integration"],
  },
  {
    name: "chain:notifications:rate5m",
    scope: "stack",
    unit: "per second",
    says: "notifications that Alertmanager sent or tried to send, by integration",
    other: ["sum by (stack, integration) (rate(alertmanager_notifications_total[5m]))"],
    more: ["integration"],
  },
  {
    name: "chain:rule_failures:increase5m",
    scope: "stack",
    unit: "evaluations",
    says: "rules that Prometheus could not evaluate",
    other: ["sum by (stack) (increase(prometheus_rule_evaluation_failures_total[5m]))"],
  },
  {
    name: "chain:samples_scraped",
    scope: "stack",
    unit: "samples",
    says: "samples of one scrape of a job",
    other: ["sum by (stack, job) (scrape_samples_post_metric_relabeling)"],
    more: ["job"],
  },
  {
    name: "chain:tsdb_series",
    scope: "stack",
    unit: "series",
    says: "series that Prometheus holds in memory",
    other: ["max by (stack) (prometheus_tsdb_head_series)"],
  },
  {
    name: "chain:scrape_seconds",
    scope: "stack",
    unit: "seconds",
    says: "duration of the slowest scrape of a job",
    other: ["max by (stack, job) (scrape_duration_seconds)"],
    more: ["job"],
  },
];

/** The network as a whole, over all nodes of the stack. */
export const NETWORK_SERIES: readonly Canonical[] = [
  {
    name: "chain:network_height",
    scope: "network",
    unit: "blocks",
    says: "highest height that a node of the fleet has",
    derived: "max by (network, stack) (chain:height)",
  },
  {
    name: "chain:reference_height",
    scope: "network",
    unit: "blocks",
    says: "height that a node outside of the fleet tells",
    agent: "chain_reference_height",
  },
  {
    name: "chain:agent_halted",
    scope: "network",
    unit: "0/1",
    says: "the agent finds that the whole network makes no blocks",
    agent: "chain_network_halted",
  },
];
