import type { ClusterPlan } from "../../cluster/types";
import type { Preset } from "../types";
import { CHECKPOINT_SERIES } from "./checkpoint-series";
import { CHAIN_SERIES, DISK_SERIES, TRAFFIC_SERIES } from "./node-series";
import { COST_SERIES, HOST_SERIES, META_SERIES, NETWORK_SERIES, SECURITY_SERIES, SERVICE_SERIES } from "./other-series";
import { type Canonical, LABELS } from "./series";
import { VALIDATOR_SERIES } from "./validator-series";
import { VAULT_SERIES } from "./vault-series";

/** All canonical series. Later ones may be written on earlier ones. */
export const CANONICAL: readonly Canonical[] = [
  ...CHAIN_SERIES,
  ...CHECKPOINT_SERIES,
  ...TRAFFIC_SERIES,
  ...DISK_SERIES,
  ...only(["validator", "bft"], VALIDATOR_SERIES),
  ...NETWORK_SERIES,
  ...SERVICE_SERIES.map((series) => ({ ...series, slow: true }) as const),
  ...only(["backup"], VAULT_SERIES),
  ...HOST_SERIES,
  ...only(["cost"], COST_SERIES),
  ...only(["security"], SECURITY_SERIES),
  ...META_SERIES,
];

function only(presets: readonly Preset[], series: readonly Canonical[]): Canonical[] {
  return series.map((one) => ({ ...one, presets }));
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The canonical layer of a cluster: the agent's word first, then that of each client of the plan, then that of others. */
export function canonicalRules(
  plan: ClusterPlan,
  presets: readonly Preset[],
  pace?: "usual" | "slow",
): RecordingRule[] {
  return CANONICAL.flatMap((series) => {
    if (pace !== undefined && (series.slow === true) !== (pace === "slow")) return [];
    if (series.presets?.every((p) => !presets.includes(p))) return [];
    const expr = expression(series, plan);
    return expr === undefined ? [] : [{ record: series.name, expr }];
  });
}

function expression(series: Canonical, plan: ClusterPlan): string | undefined {
  if (series.derived !== undefined) return series.derived;
  const by = `max by (${[...LABELS[series.scope], ...(series.more ?? [])].join(", ")})`;
  const sources = [
    ...(series.agent === undefined ? [] : [`${by} (${series.agent})`]),
    ...nativeSources(series, plan).map(
      ([client, expr]) =>
        `${by} (${expr}) and on (network, node, client, stack) chain:expected_process{client="${client}"}`,
    ),
    ...(series.other ?? []).map((expr) => `${by} (${expr})`),
  ];
  return sources.length === 0
    ? undefined
    : sources.map((s) => (sources.length > 1 && s.includes(" and on ") ? `(${s})` : s)).join(" or ");
}

/**
 * What each client of the plan has for a series. Generic names (`p2p_peers`, `version`) belong to several clients: the expected
 * process behind the expression says whose they are.
 */
function nativeSources({ native }: Canonical, { nodes }: ClusterPlan): [string, string][] {
  if (native === undefined) return [];
  const clients = new Map(nodes.flatMap((n) => n.processes).map((p) => [p.client.name, p.client]));
  return [...clients]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { metrics }]): [string, string][] => {
      const expr = metrics?.series[native];
      return expr === undefined ? [] : [[name, expr]];
    });
}
