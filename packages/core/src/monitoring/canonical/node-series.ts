import type { Canonical } from "./series";

/** Blocks of one layer are compared with each other only: a consensus client counts slots. Processes that lag are left out. */
function newestCheckpoint(layer: string, withHeight: "and" | "unless"): string {
  const hasHeight = `${withHeight} on (network, stack, node, client) chain:height`;
  const newest = `max by (network, stack) (chain:checkpoint_height ${hasHeight})`;
  const there = `and on (network, stack, node, client) (chain:checkpoint_height == on (network, stack) group_left () ${newest})`;
  return `label_replace(chain:checkpoint_hash48 ${hasHeight} ${there}, "layer", "${layer}", "", "")`;
}

/** What a node is and where it stands on its chain. */
export const CHAIN_SERIES: readonly Canonical[] = [
  {
    name: "chain:up",
    scope: "node",
    unit: "0/1",
    says: "the head of the process could be read at the last asking",
    agent: "chain_probe_up",
  },
  {
    name: "chain:reachable",
    scope: "node",
    unit: "0/1",
    says: "the port of the process takes connections, whatever comes then",
    agent: "chain_probe_reachable",
  },
  {
    name: "chain:rpc_silent",
    scope: "node",
    unit: "0/1",
    says: "the port of the process takes connections, and its head could not be read all the same",
    derived: "(chain:up == bool 0) * (chain:reachable == bool 1)",
  },
  {
    name: "chain:scrape_up",
    scope: "node",
    unit: "0/1",
    says: "the client's own metrics could be scraped",
    other: ['up{job=~"chain-node-.+"}'],
  },
  {
    name: "chain:healthy",
    scope: "node",
    unit: "0/1",
    says: "the node can be trusted with requests",
    agent: "chain_node_ready",
  },
  {
    name: "chain:height",
    scope: "node",
    unit: "blocks",
    says: "height of the head",
    agent: "chain_probe_height",
    native: "height",
  },
  {
    name: "chain:native_height",
    scope: "node",
    unit: "blocks",
    says: "height as the client's own metrics tell it; it may lie",
    native: "height",
  },
  {
    name: "chain:head_timestamp",
    scope: "node",
    unit: "unix seconds",
    says: "time of the head",
    agent: "chain_probe_head_timestamp_seconds",
    native: "head_timestamp",
  },
  {
    name: "chain:finalized_height",
    scope: "node",
    unit: "blocks",
    says: "highest height that is final",
    agent: "chain_probe_finalized_height",
    native: "finalized_height",
  },
  {
    name: "chain:syncing",
    scope: "node",
    unit: "0/1",
    says: "the process says that it is catching up",
    agent: "chain_probe_syncing",
    native: "syncing",
  },
  {
    name: "chain:sync_progress",
    scope: "node",
    unit: "ratio",
    says: "how far the catching up is",
    agent: "chain_probe_sync_progress",
    native: "sync_progress",
  },
  {
    name: "chain:slots_behind",
    scope: "node",
    unit: "slots",
    says: "slots between the clock and the head of a consensus client",
    native: "slots_behind",
  },
  {
    name: "chain:lag_blocks",
    scope: "node",
    unit: "blocks",
    says: "blocks behind the highest sibling",
    agent: "chain_node_lag_blocks",
  },
  {
    name: "chain:checkpoint_height",
    scope: "node",
    unit: "blocks",
    says: "height of the old block whose hash is compared",
    agent: "chain_probe_checkpoint_height",
  },
  {
    name: "chain:checkpoint_hash48",
    scope: "node",
    unit: "number",
    says: "first 48 bits of the hash of that block, zeros in front left out",
    agent: "chain_probe_checkpoint_hash48",
  },
  {
    name: "chain:checkpoint_compared",
    scope: "node",
    unit: "number",
    says: "that hash, of the processes that are at the newest checkpoint of their layer: `head` tells the chain's height, `other` runs beside it",
    more: ["layer"],
    derived: `${newestCheckpoint("head", "and")} or ${newestCheckpoint("other", "unless")}`,
  },
  {
    name: "chain:reorgs_total",
    scope: "node",
    unit: "reorganisations",
    says: "times that the head went to another block at or below a height that was reported before",
    agent: "chain_probe_reorgs_total",
  },
  {
    // Apart from the agent's: one counter that goes on as another one would jump at every change of the source.
    name: "chain:native_reorgs_total",
    scope: "node",
    unit: "reorganisations",
    says: "reorganisations as the client's own metrics count them",
    native: "reorgs_total",
  },
  {
    name: "chain:reorg_depth",
    scope: "node",
    unit: "blocks",
    says: "depth of the last reorganisation; keeps its value",
    agent: "chain_probe_reorg_depth_blocks",
    native: "reorg_depth",
  },
  {
    name: "chain:el_cl_connected",
    scope: "node",
    unit: "0/1",
    says: "the consensus client reaches its execution client",
    agent: '1 - chain_probe_fault{code="EXECUTION_OFFLINE"}',
    native: "el_cl_connected",
  },
  {
    name: "chain:info",
    scope: "node",
    unit: "1",
    says: "version that the process tells",
    agent: "chain_probe_info",
    more: ["version"],
  },
  {
    name: "chain:start_time_seconds",
    scope: "node",
    unit: "unix seconds",
    says: "when the process started",
    native: "start_time_seconds",
  },
];

/** Peers, transactions and questions. */
export const TRAFFIC_SERIES: readonly Canonical[] = [
  {
    name: "chain:peers",
    scope: "node",
    unit: "peers",
    says: "peers that the process is connected to",
    agent: "chain_probe_peers",
    native: "peers",
  },
  {
    name: "chain:mempool_pending",
    scope: "node",
    unit: "transactions",
    says: "transactions that wait",
    agent: "chain_probe_mempool_pending",
    native: "mempool_pending",
  },
  {
    name: "chain:tx_total",
    scope: "node",
    unit: "transactions",
    says: "transactions in blocks since the process started",
    native: "tx_total",
  },
  {
    name: "chain:rpc_latency_seconds:p95",
    scope: "node",
    unit: "seconds",
    says: "95 of 100 health questions are answered within this",
    agent:
      "histogram_quantile(0.95, sum by (network, node, client, role, stack, le) (rate(chain_probe_rpc_duration_seconds_bucket[5m])))",
    native: "rpc_latency_seconds:p95",
  },
  {
    name: "chain:probe_error_ratio:rate5m",
    scope: "node",
    unit: "ratio",
    says: "share of askings that gave no usable head",
    agent: "1 - avg_over_time(chain_probe_up[5m])",
  },
  {
    name: "chain:probe_errors:rate5m",
    scope: "node",
    unit: "per second",
    says: "askings that failed, by kind of the fault",
    agent: "rate(chain_probe_rpc_errors_total[5m])",
    more: ["kind"],
  },
  {
    name: "chain:in_rotation",
    scope: "node",
    unit: "0/1",
    says: "the node gets requests of users",
    agent: "chain_node_in_rotation",
  },
];

/** Place for the chain's data. */
export const DISK_SERIES: readonly Canonical[] = [
  {
    name: "chain:disk_avail_bytes",
    scope: "node",
    unit: "bytes",
    says: "bytes that the file system of the node's data has left",
    agent: "chain_disk_avail_bytes",
  },
  {
    name: "chain:disk_size_bytes",
    scope: "node",
    unit: "bytes",
    says: "size of that file system",
    agent: "chain_disk_size_bytes",
  },
  {
    name: "chain:disk_avail_ratio",
    scope: "node",
    unit: "ratio",
    says: "share of that file system that is left",
    agent: "chain_disk_avail_bytes / (chain_disk_size_bytes > 0)",
  },
  {
    name: "chain:disk_files_avail_ratio",
    scope: "node",
    unit: "ratio",
    says: "share of that file system's inodes that is left",
    agent: "chain_disk_files_avail / (chain_disk_files > 0)",
  },
  {
    name: "chain:disk_readonly",
    scope: "node",
    unit: "0/1",
    says: "that file system takes no writes",
    agent: "chain_disk_readonly",
  },
];
