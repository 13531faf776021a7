import type { AgentInventory, Head, InventoryNode, ProbeErrorKind } from "@chainkeep/core";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { FleetState, NodeState, ProcessState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import type { Target } from "../probe/prober";

export interface MetricsSource {
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
}

const NODE_LABELS = ["network", "node", "client", "role", "stack"] as const;
type NodeLabel = (typeof NODE_LABELS)[number];

const RPC_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const PROXY_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type HeadGauge = readonly [name: string, help: string, value: (head: Head) => number | undefined];

/** Told of a node by the process that is asked for its head. */
const FIRST_GAUGES: readonly HeadGauge[] = [
  ["chain_probe_height", "Height of the head that the node reports", (h) => h.height],
  ["chain_probe_head_timestamp_seconds", "Time of the head that the node reports, unix seconds", (h) => h.timestamp],
  ["chain_probe_finalized_height", "Highest height that the node calls final", (h) => h.finalizedHeight],
  ["chain_probe_mempool_pending", "Transactions that wait in the node's mempool", (h) => h.mempool],
];

/** Told of every process of a node. */
const PROCESS_GAUGES: readonly HeadGauge[] = [
  [
    "chain_probe_syncing",
    "1 if the node says that it is catching up",
    (h) => (h.syncing === undefined ? undefined : Number(h.syncing)),
  ],
  ["chain_probe_peers", "Peers that the node is connected to", (h) => h.peers],
];

/** All series of the agent. What concerns nodes is written anew at each scrape, so that removed nodes leave nothing behind. */
export class Metrics {
  readonly registry = new Registry();
  private readonly written: { reset(): void }[] = [];
  readonly rpcSeconds = this.histogram(
    "chain_probe_rpc_duration_seconds",
    "Duration of health questions",
    NODE_LABELS,
    RPC_BUCKETS,
  );
  readonly rpcErrors = this.counter(
    "chain_probe_rpc_errors_total",
    "Askings that gave no usable head, by kind of the fault",
    [...NODE_LABELS, "kind"],
  );
  readonly inventoryValid = this.gauge(
    "chain_agent_inventory_valid",
    "1 if the newest inventory file is in force, 0 if it was refused",
    [],
  );
  readonly overruns = this.counter(
    "chain_agent_probe_overruns_total",
    "Askings left out because the one before still ran",
    [],
  );
  readonly faults = this.counter("chain_agent_faults_total", "Faults of the agent that nothing caught", []);
  readonly proxyRequests = this.counter("chain_proxy_requests_total", "Requests of users by group and status code", [
    "group",
    "code",
  ]);
  readonly proxyRetries = this.counter("chain_proxy_retries_total", "Requests that were tried again on another node", [
    "group",
  ]);
  readonly proxySeconds = this.histogram(
    "chain_proxy_duration_seconds",
    "Time until the last byte of an answer to a user",
    ["group"],
    PROXY_BUCKETS,
  );

  constructor(private readonly source: MetricsSource) {
    collectDefaultMetrics({ register: this.registry, prefix: "chain_agent_", eventLoopMonitoringPrecision: 50 });
    for (const name of MISNAMED) this.registry.removeSingleMetric(`chain_agent_${name}`);
    this.inventoryValid.set(1);
    this.nodeGauge("chain_probe_up", "1 if the head of the process could be read at the last asking", (state, at) =>
      state.processes.flatMap((p) => (p.asked ? [[labelsOf(at, state.node, p), Number(p.head !== undefined)]] : [])),
    );
    for (const [name, help, value] of FIRST_GAUGES) {
      this.nodeGauge(name, help, (state, at) => headSeries(at, state.node, [state.first], value));
    }
    for (const [name, help, value] of PROCESS_GAUGES) {
      this.nodeGauge(name, help, (state, at) => headSeries(at, state.node, state.processes, value));
    }
    this.nodeGauge("chain_node_alive", "1 if every process of the node answers and makes progress", (state, at) => [
      [labelsOf(at, state.node), Number(state.alive)],
    ]);
    this.nodeGauge("chain_node_ready", "1 if the node can be trusted with requests", (state, at) => [
      [labelsOf(at, state.node), Number(state.ready)],
    ]);
    this.nodeGauge("chain_node_in_rotation", "1 if the node gets requests of users", (state, at) => [
      [labelsOf(at, state.node), Number(source.rotation.isIn(state))],
    ]);
    this.nodeGauge("chain_node_lag_blocks", "Blocks behind the highest sibling", (state, at) => {
      const lag = state.first.head && state.first.verdict.lagBlocks;
      return lag === undefined ? [] : [[labelsOf(at, state.node), lag]];
    });
    this.infoGauge();
    this.networkGauge("chain_network_halted", "1 if the whole network makes no blocks", (fleet) =>
      Number(fleet.halted),
    );
    this.networkGauge("chain_network_height", "Highest height that can be believed", (fleet) => fleet.height);
  }

  /** All series as text. What was written for it is dropped again: thousands of label sets are not kept between scrapes. */
  async text(): Promise<string> {
    const text = await this.registry.metrics();
    for (const gauge of this.written) gauge.reset();
    return text;
  }

  observeRequest({ node, process }: Target, seconds: number): void {
    this.rpcSeconds.observe(plainLabels(this.source.inventory(), node, process.client), seconds);
  }

  countError({ node, process }: Target, kind: ProbeErrorKind): void {
    this.rpcErrors.inc({ ...plainLabels(this.source.inventory(), node, process.client), kind });
  }

  /** Drops counters and histograms of processes that are no longer there or have become another client. */
  forget(before: AgentInventory, after: AgentInventory): void {
    const keys = (i: AgentInventory) => i.nodes.flatMap((n) => n.processes.map((p) => plainLabels(i, n, p.client)));
    const kept = new Set(keys(after).map((labels) => JSON.stringify(labels)));
    for (const labels of keys(before).filter((l) => !kept.has(JSON.stringify(l)))) {
      this.rpcSeconds.remove(labels);
      for (const kind of ERROR_KINDS) this.rpcErrors.remove({ ...labels, kind });
    }
  }

  private nodeGauge(name: string, help: string, series: (state: NodeState, at: AgentInventory) => Series[]): void {
    const { source } = this;
    this.gauge(name, help, NODE_LABELS, (gauge) => {
      const inventory = source.inventory();
      for (const state of source.fleet().nodes.values()) {
        for (const [labels, value] of series(state, inventory)) gauge.set(labels, value);
      }
    });
  }

  private infoGauge(): void {
    const { source } = this;
    const names = [...NODE_LABELS, "version", "chain_id", "genesis_hash48"] as const;
    this.gauge("chain_probe_info", "1, with what the process says of itself", names, (gauge) => {
      for (const state of source.fleet().nodes.values()) {
        for (const { head, process } of state.processes) {
          if (!head) continue;
          const { version = "", chainId: chain_id = "", genesis } = head;
          const labels = plainLabels(source.inventory(), state.node, process.client);
          gauge.set({ ...labels, version, chain_id, genesis_hash48: hash48(genesis) }, 1);
        }
      }
    });
  }

  private networkGauge(name: string, help: string, value: (fleet: FleetState) => number | undefined): void {
    const { source } = this;
    this.gauge(name, help, ["network", "stack"], (gauge) => {
      const { network, stack } = source.inventory();
      const found = value(source.fleet());
      if (found !== undefined) gauge.set({ network, stack }, found);
    });
  }

  private gauge<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    fill?: (gauge: Gauge<T>) => void,
  ): Gauge<T> {
    const gauge = new Gauge<T>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(fill
        ? {
            collect() {
              this.reset();
              fill(this as Gauge<T>);
            },
          }
        : {}),
    });
    if (fill) this.written.push(gauge);
    return gauge;
  }

  private counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter<T>({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    buckets: number[],
  ): Histogram<T> {
    return new Histogram<T>({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

const ERROR_KINDS: readonly ProbeErrorKind[] = ["timeout", "transport", "server", "garbage", "oversize", "auth"];

/** Gauges that the library names like counters; it has the same figures by type under proper names. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

type Series = [labels: Record<NodeLabel, string>, value: number];

function headSeries(
  at: AgentInventory,
  node: InventoryNode,
  processes: readonly ProcessState[],
  value: (head: Head) => number | undefined,
): Series[] {
  return processes.flatMap((p): Series[] => {
    const found = p.head && value(p.head);
    return found === undefined ? [] : [[labelsOf(at, node, p), found]];
  });
}

/** Labels of a node's series; of a process's own where one is named. */
function labelsOf(inventory: AgentInventory, node: InventoryNode, state?: ProcessState): Record<NodeLabel, string> {
  return plainLabels(inventory, node, (state?.process ?? node.processes[0])?.client ?? "");
}

function plainLabels(
  { network, stack }: AgentInventory,
  node: InventoryNode,
  client: string,
): Record<NodeLabel, string> {
  return { network, node: node.name, client, role: node.kind, stack };
}

/** First 48 bits of a hash, as 12 hexadecimal digits: enough to tell networks apart. */
function hash48(hash: string | undefined): string {
  const digits = (hash ?? "").replace(/^0x/i, "").toLowerCase();
  return /^[0-9a-f]{12}/.test(digits) ? digits.slice(0, 12) : "";
}
