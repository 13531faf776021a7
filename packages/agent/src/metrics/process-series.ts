import { type AgentInventory, type Head, hash48, type InventoryNode } from "@chainkeep/core";
import type { NodeState, ProcessState } from "../fleet/judge";
import { keyOf } from "../probe/prober";
import { NODE_LABELS, nodeLabels } from "./labels";
import type { SeriesRegistry } from "./registry";
import type { MetricsSource } from "./source";

type Told = number | boolean | undefined;

interface ProcessGauge {
  readonly name: string;
  readonly help: string;
  readonly value: (process: ProcessState, node: InventoryNode, source: MetricsSource) => Told;
  /** Told of a node by the process that is asked for its head, not by its other ones. */
  readonly firstOnly?: boolean;
}

const gauge = (name: string, help: string, value: ProcessGauge["value"]): ProcessGauge => ({ name, help, value });
const ofHead = (name: string, help: string, value: (head: Head) => Told) =>
  gauge(name, help, ({ head }) => head && value(head));
const ofNode = (name: string, help: string, value: (head: Head) => Told) => ({
  ...ofHead(name, help, value),
  firstOnly: true,
});
const ofDisk = (name: string, help: string, field: "availBytes" | "sizeBytes" | "files" | "filesAvail" | "readonly") =>
  gauge(name, help, ({ process }, node, { disk }) => disk(keyOf(node, process))?.[field]);

const GAUGES: readonly ProcessGauge[] = [
  gauge("chain_probe_up", "1 if the head of the process could be read at the last asking", (p) =>
    p.asked ? p.head !== undefined : undefined,
  ),
  gauge(
    "chain_probe_reachable",
    "1 if the port of the process took a connection at the last asking, whatever came then",
    (p) => p.reachable,
  ),
  ofNode("chain_probe_height", "Height of the head that the node reports", (h) => h.height),
  ofNode(
    "chain_probe_head_timestamp_seconds",
    "Time of the head that the node reports, unix seconds",
    (h) => h.timestamp,
  ),
  ofNode("chain_probe_finalized_height", "Highest height that the node calls final", (h) => h.finalizedHeight),
  ofNode("chain_probe_mempool_pending", "Transactions that wait in the node's mempool", (h) => h.mempool),
  ofHead("chain_probe_syncing", "1 if the node says that it is catching up", (h) => h.syncing),
  ofHead(
    "chain_probe_sync_progress",
    "Height as a share of the height that the process aims for, 0 to 1; absent where it names none",
    ({ height, target }) => (target === undefined || target === 0 ? undefined : Math.min(1, height / target)),
  ),
  ofHead("chain_probe_peers", "Peers that the node is connected to", (h) => h.peers),
  ofHead(
    "chain_probe_checkpoint_height",
    "Height of the old block whose hash is compared between siblings",
    (h) => h.checkpoint?.height,
  ),
  ofHead(
    "chain_probe_checkpoint_hash48",
    "First 48 bits of the hash of that block as a number, zeros in front left out",
    (h) => h.checkpoint && hash48(h.checkpoint.hash),
  ),
  ofDisk("chain_disk_avail_bytes", "Bytes that the file system of the process's data has left", "availBytes"),
  ofDisk("chain_disk_size_bytes", "Size of the file system of the process's data", "sizeBytes"),
  ofDisk(
    "chain_disk_files",
    "Inodes of the file system of the process's data; 0 where it does not count them",
    "files",
  ),
  ofDisk("chain_disk_files_avail", "Inodes that the file system of the process's data has left", "filesAvail"),
  ofDisk("chain_disk_readonly", "1 if the file system of the process's data takes no writes", "readonly"),
];

/** What is known of each process: of its head, its port and its disk. */
export function processSeries(registry: SeriesRegistry, source: MetricsSource): void {
  for (const { name, help, value, firstOnly } of GAUGES) {
    registry.gauge(name, help, NODE_LABELS, (gauge) => {
      const inventory = source.inventory();
      for (const { node, first, processes } of source.fleet().nodes.values()) {
        for (const state of firstOnly ? [first] : processes) {
          const found = value(state, node, source);
          if (found !== undefined) gauge.set(nodeLabels(inventory, node, state.process.client), Number(found));
        }
      }
    });
  }
  faultSeries(registry, source);
  infoSeries(registry, source);
}

/** A series for every fault that a client can tell, so that its absence is no riddle. */
function faultSeries(registry: SeriesRegistry, source: MetricsSource): void {
  const help = "1 if the process tells this fault, 0 if it does not";
  registry.gauge("chain_probe_fault", help, [...NODE_LABELS, "code"] as const, (gauge) => {
    const inventory = source.inventory();
    for (const { node, process, head } of withHeads(source)) {
      for (const { code } of inventory.questions[process.questions]?.faults ?? []) {
        const holds = head.faults.some((fault) => fault.code === code);
        gauge.set({ ...nodeLabels(inventory, node, process.client), code }, Number(holds));
      }
    }
  });
}

function infoSeries(registry: SeriesRegistry, source: MetricsSource): void {
  const names = [...NODE_LABELS, "version", "chain_id", "genesis_hash48"] as const;
  registry.gauge("chain_probe_info", "1, with what the process says of itself", names, (gauge) => {
    const inventory = source.inventory();
    for (const { node, process, head } of withHeads(source)) {
      const { version = "", chainId: chain_id = "", genesis } = head;
      const labels = nodeLabels(inventory, node, process.client);
      gauge.set({ ...labels, version, chain_id, genesis_hash48: firstDigits(genesis) }, 1);
    }
  });
}

function* withHeads(
  source: MetricsSource,
): Generator<{ node: InventoryNode; process: ProcessState["process"]; head: Head }> {
  for (const { node, processes } of source.fleet().nodes.values()) {
    for (const { process, head } of processes) if (head) yield { node, process, head };
  }
}

/** First 48 bits of a hash, as 12 hexadecimal digits: enough to tell networks apart. */
function firstDigits(hash: string | undefined): string {
  const digits = (hash ?? "").replace(/^0x/i, "").toLowerCase();
  return /^[0-9a-f]{12}/.test(digits) ? digits.slice(0, 12) : "";
}

type NodeGauge = readonly [name: string, help: string, value: (state: NodeState, source: MetricsSource) => Told];

const NODE_GAUGES: readonly NodeGauge[] = [
  ["chain_node_alive", "1 if every process of the node answers and makes progress", (state) => state.alive],
  ["chain_node_ready", "1 if the node can be trusted with requests", (state) => state.ready],
  ["chain_node_in_rotation", "1 if the node gets requests of users", (state, { rotation }) => rotation.isIn(state)],
  ["chain_node_lag_blocks", "Blocks behind the highest sibling", ({ first }) => first.head && first.verdict.lagBlocks],
];

/** What is found of each node as a whole. */
export function nodeSeries(registry: SeriesRegistry, source: MetricsSource): void {
  for (const [name, help, value] of NODE_GAUGES) {
    registry.gauge(name, help, NODE_LABELS, (gauge) => {
      const inventory: AgentInventory = source.inventory();
      for (const state of source.fleet().nodes.values()) {
        const found = value(state, source);
        if (found !== undefined) gauge.set(nodeLabels(inventory, state.node), Number(found));
      }
    });
  }
}
