import type { ClusterPlan } from "@chainkeep/core";
import type { Series, Signal } from "./promtool";

export const STACK = "dev";

/** What the agent says of one node; a signal that is left out is a series that the agent does not have. */
export interface NodeSignals {
  readonly up?: Signal;
  readonly reachable?: Signal;
  readonly ready?: Signal;
  readonly height?: Signal;
  /** Time of the head, unix seconds; tests begin in 1970. */
  readonly headTime?: Signal;
  readonly finalized?: Signal;
  readonly syncing?: Signal;
  readonly syncProgress?: Signal;
  readonly lag?: Signal;
  readonly peers?: Signal;
  readonly mempool?: Signal;
  readonly checkpoint?: Signal;
  readonly hash?: Signal;
  readonly reorgs?: Signal;
  readonly reorgDepth?: Signal;
  readonly labels?: Readonly<Record<string, string>>;
}

type Name = keyof Omit<NodeSignals, "labels">;

const NAMES: Readonly<Record<Name, string>> = {
  up: "chain_probe_up",
  reachable: "chain_probe_reachable",
  ready: "chain_node_ready",
  height: "chain_probe_height",
  headTime: "chain_probe_head_timestamp_seconds",
  finalized: "chain_probe_finalized_height",
  syncing: "chain_probe_syncing",
  syncProgress: "chain_probe_sync_progress",
  lag: "chain_node_lag_blocks",
  peers: "chain_probe_peers",
  mempool: "chain_probe_mempool_pending",
  checkpoint: "chain_probe_checkpoint_height",
  hash: "chain_probe_checkpoint_hash48",
  reorgs: "chain_probe_reorgs_total",
  reorgDepth: "chain_probe_reorg_depth_blocks",
};
const SIGNALS = Object.keys(NAMES) as Name[];
/** Told of every process of a node, not only of the first. */
const OF_PROCESSES: readonly Name[] = ["up", "reachable", "syncing", "peers"];

export const always =
  (value: number): Signal =>
  () =>
    value;
/** One signal until a second, another one from then on. */
export const until =
  (second: number, before: Signal, after: Signal = () => undefined): Signal =>
  (t) =>
    t < second ? before(t) : after(t);
export const gone: Signal = () => undefined;
/** Goes on with the last value that a signal had before a second. */
export const freeze = (second: number, signal: Signal): Signal => until(second, signal, () => signal(second - 1));

/** A height that rises with the blocks of the plan. */
export const rising =
  (of: ClusterPlan, from = 1000): Signal =>
  (t) =>
    from + Math.floor(t / of.networkFacts.blockTimeSeconds);

export function healthy(of: ClusterPlan): NodeSignals {
  const { blockTimeSeconds, minPeers } = of.networkFacts;
  return {
    up: always(1),
    reachable: always(1),
    ready: always(1),
    height: rising(of),
    headTime: (t) => t - (t % blockTimeSeconds),
    syncing: always(0),
    lag: always(0),
    peers: always(Math.max(3, minPeers)),
  };
}

/** Nothing answers where the node was from a second on. */
export function dies(second: number, was: NodeSignals): NodeSignals {
  const end = (name: Name) => until(second, was[name] ?? gone, DEAD[name] ?? gone);
  return { ...was, ...Object.fromEntries(SIGNALS.filter((n) => was[n]).map((name) => [name, end(name)])) };
}
const DEAD: Readonly<Partial<Record<Name, Signal>>> = { up: always(0), reachable: always(0), ready: always(0) };

/** The port takes connections, and no head comes. */
export function freezes(second: number, was: NodeSignals): NodeSignals {
  return { ...dies(second, was), reachable: always(1) };
}

/** Nothing is known of the node from a second on: no series at all. */
export function vanishes(second: number, was: NodeSignals): NodeSignals {
  return Object.fromEntries(SIGNALS.flatMap((n) => (was[n] ? [[n, until(second, was[n])]] : [])));
}

export function seriesOf(labels: Readonly<Record<string, string>>, signals: NodeSignals): Series[] {
  return SIGNALS.flatMap((key) => {
    const value = signals[key];
    return value ? [{ name: NAMES[key], labels: { ...labels, ...signals.labels }, value }] : [];
  });
}

/** What is said of the processes of a node beside the first. */
export function ofProcess(signals: NodeSignals): NodeSignals {
  return Object.fromEntries(OF_PROCESSES.flatMap((n) => (signals[n] ? [[n, signals[n]]] : [])));
}

/** Labels of a node's series; those of its first process unless another one is named. */
export function labelsOf(of: ClusterPlan, name: string, client?: string): Record<string, string> {
  const node = of.nodes.find((n) => n.name === name);
  if (!node) throw new Error(`no node ${name}`);
  const first = node.processes[0]?.client.name ?? "";
  return { network: of.network, node: name, client: client ?? first, role: node.kind, stack: STACK };
}
