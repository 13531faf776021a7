import type { HealthProbe, ProbeRequest } from "../health/types";

function call(method: string, params: readonly unknown[] = []): ProbeRequest {
  return { rpc: { method, params } };
}

/** twox128("Timestamp") followed by twox128("Now"): a header has no time, the block's first extrinsic stores it here. */
export const TIMESTAMP_NOW = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";

/**
 * All methods are of the safe set. The finalized height is not asked: RPC tells the finalized block by hash only, and its
 * number would need a further round; the client's own metrics have it.
 */
export const substrateHealth: HealthProbe = {
  port: "rpc",
  requests: {
    header: call("chain_getHeader"),
    hash: call("chain_getBlockHash", ["$heightHex"]),
    // Absent in the genesis state, which is all that a node has until its warp sync is through.
    timestamp: { ...call("state_getStorage", [TIMESTAMP_NOW]), optional: true },
    health: call("system_health"),
    sync: { ...call("system_syncState"), optional: true },
    chain: call("system_chain"),
    version: call("system_version"),
    genesis: call("chain_getBlockHash", [0]),
  },
  head: {
    height: { from: "header", path: "number", as: "hex" },
    hash: { from: "hash", path: "", as: "string" },
    timestamp: { from: "timestamp", path: "", as: "scaleMillis" },
    peers: { from: "health", path: "peers", as: "decimal" },
    syncing: { from: "health", path: "isSyncing", as: "boolean" },
    target: { from: "sync", path: "highestBlock", as: "decimal" },
    chainId: { from: "chain", path: "", as: "string" },
    version: { from: "version", path: "", as: "string" },
    genesis: { from: "genesis", path: "", as: "string" },
  },
  checkpoint: { request: call("chain_getBlockHash", ["$checkpoint"]), path: "" },
  proof: {
    block: { request: call("chain_getBlockHash", ["$checkpoint"]), hash: "" },
    genesis: { request: call("chain_getBlockHash", [0]), hash: "" },
  },
};

/** Extrinsics, keys, offchain storage and peers; everything else reads. */
export const SUBSTRATE_WRITES = `^(?:${[
  "author_(?:submit.*|insertKey|rotateKeys.*|removeExtrinsic)",
  "transaction(?:_v1_broadcast|_v1_stop|Watch_.*)",
  "offchain_.*",
  "system_(?:addReservedPeer|removeReservedPeer|addLogFilter|resetLogFilter)",
].join("|")})$`;
