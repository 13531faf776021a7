import { type CanonicalSeries, NATIVE_SERIES } from "../chains/types";
import type { ClusterPlan } from "../cluster/types";
import { longestGapSeconds } from "../vault/cron";
import type { VaultSpec } from "../vault/spec";
import type { MonitoringArgs } from "./args";
import type { AlertParameters } from "./types";

export interface ParameterInput {
  readonly plan: ClusterPlan;
  readonly stack: string;
  readonly monitoring?: MonitoringArgs;
  /** From the cluster's `budget`. */
  readonly monthlyBudgetUsd?: number;
}

const DAY = 86_400;

/** Seconds between two scrapes: the user's word, else 2 on private networks and 15 on public ones. */
export function scrapeSeconds(plan: ClusterPlan, monitoring: MonitoringArgs = {}): number {
  return monitoring.scrapeIntervalSeconds ?? (plan.networkFacts.private ? 2 : 15);
}

/**
 * Blocks between two checkpoints: about a minute, and twice as deep as a usual reorganisation goes. Nodes are asked one after
 * another, and most of the time all of them have to be at the same checkpoint: it stays for several rounds.
 */
export function checkpointBlocks({ networkFacts, probe }: ClusterPlan): number {
  const { blockTimeSeconds, reorgBlocks = 0 } = networkFacts;
  return Math.max(Math.ceil(Math.max(60, 4 * probe.intervalSeconds) / blockTimeSeconds), 2 * reorgBlocks + 2);
}

/** Figures that the alerts of a cluster are written with; windows follow from the block time. */
export function alertParameters({ plan, stack, monitoring = {}, monthlyBudgetUsd }: ParameterInput): AlertParameters {
  const { networkFacts: facts, limits, nodes, probe } = plan;
  const { blockTimeSeconds } = facts;
  const scrapeIntervalSeconds = scrapeSeconds(plan, monitoring);
  // A window must hold several samples, however rare scrapes and askings are.
  const step = Math.max(scrapeIntervalSeconds, probe.intervalSeconds);
  const window = (least: number, blocks: number) => Math.ceil(Math.max(least, blocks * blockTimeSeconds, 5 * step));
  const validators = nodes.filter((n) => n.kind === "validator").length;
  const critical = criticalNodes(plan);
  const counted = nodes.some((n) => n.processes.some((p) => p.client.health.countsPeers !== false));
  const { objectives = {}, slo } = monitoring;
  const vault = plan.backup?.vault;
  return {
    network: plan.network,
    stack,
    cluster: plan.name,
    protocol: plan.protocol.name,
    private: facts.private === true,
    blockTimeSeconds,
    stallWindowSeconds: window(120, 20),
    haltWindowSeconds: window(30, 15),
    probeWindowSeconds: window(facts.private ? 60 : 300, 0),
    syncWindowSeconds: window(facts.private ? 300 : 1800, 0),
    scrapeIntervalSeconds,
    probeIntervalSeconds: probe.intervalSeconds,
    idle: facts.idle === true,
    maxHeadAgeSeconds: limits.maxHeadAgeSeconds,
    maxLagBlocks: limits.maxLagBlocks,
    reorgBlocks: facts.reorgBlocks ?? 0,
    finalityLagBlocks: facts.finalityLagBlocks,
    checkpointBlocks: checkpointBlocks(plan),
    minPeers: counted && limits.minPeers > 0 ? Math.max(limits.minPeers, facts.minPeers) : 0,
    nodeCount: nodes.length,
    validatorCount: validators,
    quorum: quorumOf(plan),
    minHealthy: minHealthyOf(plan),
    hasReplicas: critical.size < nodes.length,
    hasCriticalNodes: critical.size > 0,
    layered: nodes.some((n) => n.processes.length > 1),
    servingGroups: plan.groups.filter((g) => g.servesRpc).map((g) => g.name),
    nativeHeightClients: nativeHeightClients(plan),
    nativeSeries: nativeSeries(plan),
    hasExporters: Object.keys(monitoring.scrape ?? {}).length > 0,
    hasReference: monitoring.reference !== undefined,
    sloAvailability: slo === false ? undefined : (slo?.availability ?? 0.999),
    sloLatencySeconds: (slo === false ? undefined : slo?.latencySeconds) ?? 1,
    vault: vault?.name,
    mirrorCount: nodes.filter((n) => n.kind === "mirror").length,
    rpoSeconds: objectives.rpoSeconds ?? vault?.policy.rpoSeconds ?? DAY,
    rtoSeconds: objectives.rtoSeconds ?? vault?.policy.rtoSeconds ?? 4 * 3600,
    verifySeconds: objectives.verifySeconds ?? proofSeconds(vault),
    monthlyBudgetUsd,
  };
}

/** A fixed day, so that the same plan gives the same figure. */
const SOME_DAY = Date.UTC(2026, 0, 1) / 1000;

/** A day longer than the longest pause of the schedule of proofs; a week where every point is proven, or nobody says. */
function proofSeconds(vault: VaultSpec | undefined): number {
  const verify = vault?.policy.verify;
  return verify ? Math.max(7 * DAY, longestGapSeconds(verify.schedule, SOME_DAY) + DAY) : 7 * DAY;
}

/** Nodes whose loss nobody makes up for: validators, and the only node of a role. */
export function criticalNodes({ nodes }: ClusterPlan): ReadonlySet<string> {
  const roles = new Map<string, number>();
  for (const { kind } of nodes) roles.set(kind, (roles.get(kind) ?? 0) + 1);
  return new Set(nodes.filter((n) => n.kind === "validator" || roles.get(n.kind) === 1).map((n) => n.name));
}

/**
 * More than two thirds of the validators, where this cluster holds all of them. A network of one to three is always one
 * failure away from a halt, and nothing is said of it.
 */
export function quorumOf({ privateNetwork, nodes }: ClusterPlan): number | undefined {
  const validators = nodes.filter((n) => n.kind === "validator").length;
  if (privateNetwork === undefined || validators === 0) return undefined;
  return Math.floor((2 * privateNetwork.genesisValidators) / 3) + 1;
}

/** Half of the nodes of a role that has several, at least one; validators are counted by the quorum, and single nodes are told by themselves. */
function minHealthyOf({ nodes }: ClusterPlan): Record<string, number> {
  const roles = new Map<string, number>();
  for (const { kind } of nodes) roles.set(kind, (roles.get(kind) ?? 0) + 1);
  return Object.fromEntries(
    [...roles]
      .filter(([role, count]) => role !== "validator" && count > 1)
      .map(([role, count]) => [role, Math.max(1, Math.ceil(count / 2))]),
  );
}

function nativeSeries({ nodes }: ClusterPlan): CanonicalSeries[] {
  const sources = nodes.flatMap((n) => n.processes).flatMap((p) => p.client.metrics?.series ?? []);
  return NATIVE_SERIES.filter((name) => sources.some((series) => series[name] !== undefined));
}

function nativeHeightClients({ nodes }: ClusterPlan): string[] {
  const clients = nodes.flatMap((n) => n.processes).map((p) => p.client);
  return [...new Set(clients.filter((c) => c.metrics?.series.height !== undefined).map((c) => c.name))].sort();
}
