import type { HealthProbe, ProofProbe } from "../health/types";

/**
 * The first block, at the height that the genesis names: 1, but for a chain that went on from another one. Nodes that still have it tell its
 * hash; a pruned one, or one that began with a snapshot, says that it has no such block. What `status` calls the earliest block is another one on
 * every pruned node, and the genesis itself may be hundreds of megabytes.
 */
function firstBlock(height: number): NonNullable<ProofProbe["genesis"]> {
  return {
    request: { get: `/blockchain?minHeight=${height}&maxHeight=${height}` },
    hash: "result.block_metas.0.block_id.hash",
  };
}

/** What a node says of itself. `catching_up` alone is not believed: age and siblings count too. */
export const cometHealth: HealthProbe = {
  port: "rpc",
  requests: {
    status: { rpc: { method: "status" } },
    net: { rpc: { method: "net_info" } },
    mempool: { rpc: { method: "num_unconfirmed_txs" }, optional: true },
  },
  head: {
    height: { from: "status", path: "sync_info.latest_block_height", as: "decimal" },
    hash: { from: "status", path: "sync_info.latest_block_hash", as: "string" },
    timestamp: { from: "status", path: "sync_info.latest_block_time", as: "time" },
    syncing: { from: "status", path: "sync_info.catching_up", as: "boolean" },
    peers: { from: "net", path: "n_peers", as: "decimal" },
    mempool: { from: "mempool", path: "n_txs", as: "decimal" },
    chainId: { from: "status", path: "node_info.network", as: "string" },
    version: { from: "status", path: "node_info.version", as: "string" },
  },
  // The smallest answer that has the hash: a whole block may be megabytes, and a commit has every validator's signature.
  checkpoint: {
    request: { get: "/blockchain?minHeight=$checkpoint&maxHeight=$checkpoint" },
    path: "result.block_metas.0.block_id.hash",
  },
  proof: {
    block: {
      request: { get: "/blockchain?minHeight=$checkpoint&maxHeight=$checkpoint" },
      hash: "result.block_metas.0.block_id.hash",
      state: "result.block_metas.0.header.app_hash",
    },
    genesis: firstBlock(1),
  },
};

/** A chain whose program is the application: `status` tells the version of CometBFT inside, `abci_info` that of the program. */
export const cometAppHealth: HealthProbe = {
  ...cometHealth,
  requests: { ...cometHealth.requests, app: { rpc: { method: "abci_info" }, optional: true } },
  head: { ...cometHealth.head, version: { from: "app", path: "response.version", as: "string" } },
};

/** The same questions to a chain whose first block has another height than 1. */
export function beginningAt(initialHeight: number, health: HealthProbe): HealthProbe {
  const { proof } = health;
  return proof ? { ...health, proof: { ...proof, genesis: firstBlock(initialHeight) } } : health;
}

/**
 * The light proxy passes `status` on from its primary, unverified; `commit` is what it has verified, and asking for it is what
 * makes it follow. It is asked for the block below the primary's newest: a witness that is a moment behind on the newest one
 * makes the proxy wait for 30 seconds, and `commit` without a height crashes in 0.38 when there is no newer block. A primary
 * that claims a height which it cannot prove gives no head at all.
 */
export const cometLightHealth: HealthProbe = {
  port: "rpc",
  countsPeers: false,
  // As text in a path, because CometBFT takes no JSON numbers for heights.
  requests: { status: { rpc: { method: "status" } }, commit: { get: "/commit?height=$parent" } },
  head: {
    height: { from: "status", path: "sync_info.latest_block_height", as: "decimal" },
    timestamp: { from: "commit", path: "result.signed_header.header.time", as: "time" },
    chainId: { from: "commit", path: "result.signed_header.header.chain_id", as: "string" },
  },
  checkpoint: {
    request: { get: "/commit?height=$checkpoint" },
    path: "result.signed_header.commit.block_id.hash",
  },
};

/** Methods and GET paths that change something: a transaction sent twice may be carried out twice. */
export const COMET_WRITES = "^/?(?:broadcast_|dial_|unsafe_)";
