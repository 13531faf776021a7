import type { AgentInventory, ProbeErrorKind } from "@chainkeep/core";
import type { Target } from "../probe/prober";
import { groupsOf } from "../proxy/choose";
import { NODE_LABELS, nodeLabels } from "./labels";
import { networkSeries } from "./network-series";
import { nodeSeries, processSeries } from "./process-series";
import { SeriesRegistry } from "./registry";
import type { MetricsSource } from "./source";
import { vaultSeries } from "./vault-series";

export type { MetricsSource } from "./source";

const RPC_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const PROXY_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ERROR_KINDS: readonly ProbeErrorKind[] = ["timeout", "transport", "server", "garbage", "oversize", "auth"];
const GROUP_LABELS = ["network", "stack", "group"] as const;
const OUTCOMES = ["good", "bad"] as const;
/** Codes that are there from the start: a counter that begins at 1 shows no increase. */
const USUAL_CODES = ["200", "500", "502", "503", "504"];

/** All series of the agent, and what happens told to them. */
export class Metrics {
  private readonly series = new SeriesRegistry();
  private hasVault = false;
  readonly registry = this.series.registry;
  private readonly rpcSeconds = this.series.histogram(
    "chain_probe_rpc_duration_seconds",
    "Duration of health questions",
    NODE_LABELS,
    RPC_BUCKETS,
  );
  private readonly rpcErrors = this.series.counter(
    "chain_probe_rpc_errors_total",
    "Askings that gave no usable head, by kind of the fault",
    [...NODE_LABELS, "kind"],
  );
  private readonly reorgs = this.series.counter(
    "chain_probe_reorgs_total",
    "Times that the node had another block where it had told one before",
    NODE_LABELS,
  );
  private readonly reorgDepth = this.series.gauge(
    "chain_probe_reorg_depth_blocks",
    "Depth of the last reorganisation that was seen, at least; keeps its value",
    NODE_LABELS,
  );
  readonly inventoryValid = this.series.gauge(
    "chain_agent_inventory_valid",
    "1 if the newest inventory file is in force, 0 if it was refused",
    [],
  );
  readonly overruns = this.series.counter(
    "chain_agent_probe_overruns_total",
    "Askings left out because the one before still ran",
    [],
  );
  readonly faults = this.series.counter("chain_agent_faults_total", "Faults of the agent that nothing caught", []);
  private readonly rpcEvents = this.series.counter(
    "chain_rpc_events_total",
    "One per group and probe interval: good if a node could have served a user",
    [...GROUP_LABELS, "outcome"],
  );
  private readonly proxyRequests = this.series.counter(
    "chain_proxy_requests_total",
    "Requests of users by group and status code",
    [...GROUP_LABELS, "code"],
  );
  private readonly proxyRetries = this.series.counter(
    "chain_proxy_retries_total",
    "Requests that were tried again on another node",
    GROUP_LABELS,
  );
  private readonly proxySeconds = this.series.histogram(
    "chain_proxy_duration_seconds",
    "Time until the last byte of an answer to a user",
    GROUP_LABELS,
    PROXY_BUCKETS,
  );
  private readonly referenceErrors = this.series.counter(
    "chain_reference_errors_total",
    "Askings of the node outside of the fleet that gave no height of this chain",
    ["network", "stack"],
  );

  constructor(private readonly source: MetricsSource) {
    this.inventoryValid.set(1);
    processSeries(this.series, source);
    nodeSeries(this.series, source);
    networkSeries(this.series, source);
  }

  /** From now on what the vault tells is among the series. Agents without one have none of them. */
  addVault(): void {
    if (this.hasVault) return;
    this.hasVault = true;
    vaultSeries(this.series, this.source);
  }

  /** All series as text. */
  text(): Promise<string> {
    return this.series.text();
  }

  observeRequest({ node, process }: Target, seconds: number): void {
    this.rpcSeconds.observe(nodeLabels(this.source.inventory(), node, process.client), seconds);
  }

  countError({ node, process }: Target, kind: ProbeErrorKind): void {
    this.rpcErrors.inc({ ...nodeLabels(this.source.inventory(), node, process.client), kind });
  }

  /** Depth 0: none happened, and the counter is there to show the first one. */
  countReorg({ node, process }: Target, depth: number): void {
    const labels = nodeLabels(this.source.inventory(), node, process.client);
    this.reorgs.inc(labels, depth > 0 ? 1 : 0);
    if (depth > 0) this.reorgDepth.set(labels, depth);
  }

  countEvent(group: string, good: boolean): void {
    this.rpcEvents.inc({ ...this.groupLabels(group), outcome: good ? "good" : "bad" });
  }

  countRequest(group: string, code: string): void {
    this.proxyRequests.inc({ ...this.groupLabels(group), code });
  }

  countRetry(group: string): void {
    this.proxyRetries.inc(this.groupLabels(group));
  }

  observeAnswer(group: string, seconds: number): void {
    this.proxySeconds.observe(this.groupLabels(group), seconds);
  }

  countReferenceError(): void {
    const { network, stack } = this.source.inventory();
    this.referenceErrors.inc({ network, stack });
  }

  /** Counters of what an inventory has begin at 0, so that the first event is an increase. */
  begin(inventory: AgentInventory): void {
    const { network, stack, proxy, reference } = inventory;
    for (const group of groupsOf(inventory)) {
      const labels = { network, stack, group };
      for (const outcome of OUTCOMES) this.rpcEvents.inc({ ...labels, outcome }, 0);
      if (proxy) for (const code of USUAL_CODES) this.proxyRequests.inc({ ...labels, code }, 0);
    }
    if (reference) this.referenceErrors.inc({ network, stack }, 0);
  }

  /** Drops counters and histograms of what is no longer there or has become another client, and begins those of what is new. */
  change(before: AgentInventory, after: AgentInventory): void {
    const keys = (i: AgentInventory) => i.nodes.flatMap((n) => n.processes.map((p) => nodeLabels(i, n, p.client)));
    const kept = new Set(keys(after).map((labels) => JSON.stringify(labels)));
    for (const labels of keys(before).filter((l) => !kept.has(JSON.stringify(l)))) {
      for (const series of [this.rpcSeconds, this.reorgs, this.reorgDepth]) series.remove(labels);
      for (const kind of ERROR_KINDS) this.rpcErrors.remove({ ...labels, kind });
    }
    const { network, stack } = before;
    for (const group of groupsOf(before).filter((g) => !groupsOf(after).includes(g))) {
      for (const outcome of OUTCOMES) this.rpcEvents.remove({ network, stack, group, outcome });
    }
    if (before.reference && !after.reference) this.referenceErrors.remove({ network, stack });
    this.begin(after);
  }

  private groupLabels(group: string) {
    const { network, stack } = this.source.inventory();
    return { network, stack, group };
  }
}
