import type { HealthProbe } from "../health/types";

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
};

/** A chain whose program is the application: `status` tells the version of CometBFT inside, `abci_info` that of the program. */
export const cometAppHealth: HealthProbe = {
  ...cometHealth,
  requests: { ...cometHealth.requests, app: { rpc: { method: "abci_info" }, optional: true } },
  head: { ...cometHealth.head, version: { from: "app", path: "response.version", as: "string" } },
};

/**
 * The light proxy passes `status` on from its primary, unverified: whoever asks that hears the primary. `commit` without a
 * height makes it fetch and verify the newest header, which it does at no other time.
 */
export const cometLightHealth: HealthProbe = {
  port: "rpc",
  countsPeers: false,
  requests: { commit: { rpc: { method: "commit" } } },
  head: {
    height: { from: "commit", path: "signed_header.header.height", as: "decimal" },
    hash: { from: "commit", path: "signed_header.commit.block_id.hash", as: "string" },
    timestamp: { from: "commit", path: "signed_header.header.time", as: "time" },
    chainId: { from: "commit", path: "signed_header.header.chain_id", as: "string" },
  },
};

/** Methods and GET paths that change something: a transaction sent twice may be carried out twice. */
export const COMET_WRITES = "^/?(?:broadcast_|dial_|unsafe_)";
