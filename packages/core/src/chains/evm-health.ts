import type { HealthProbe, ProbeRequest } from "../health/types";

function call(method: string, params: readonly unknown[] = []): ProbeRequest {
  return { rpc: { method, params } };
}

/**
 * The same questions to every execution client. Height, hash and time come from one answer, so that they belong together.
 * `eth_syncing` alone proves nothing: it is false before the first peer is found, and true for hours after the head was
 * reached while geth indexes old transactions. Age of the head and lag to the siblings decide beside it.
 */
export const evmHealth: HealthProbe = {
  port: "rpc",
  requests: {
    latest: call("eth_getBlockByNumber", ["latest", false]),
    syncing: call("eth_syncing"),
    peers: call("net_peerCount"),
    chain: call("eth_chainId"),
    // Unknown until the consensus client has told one; nodes with expired history may not have block 0.
    finalized: { ...call("eth_getBlockByNumber", ["finalized", false]), optional: true },
    genesis: { ...call("eth_getBlockByNumber", ["0x0", false]), optional: true },
    version: { ...call("web3_clientVersion"), optional: true },
  },
  head: {
    height: { from: "latest", path: "number", as: "hex" },
    hash: { from: "latest", path: "hash", as: "string" },
    timestamp: { from: "latest", path: "timestamp", as: "hexUnix" },
    syncing: { from: "syncing", path: "", as: "falseOrObject" },
    peers: { from: "peers", path: "", as: "hex" },
    chainId: { from: "chain", path: "", as: "hex" },
    finalizedHeight: { from: "finalized", path: "number", as: "hex" },
    genesis: { from: "genesis", path: "hash", as: "string" },
    version: { from: "version", path: "", as: "string" },
  },
  checkpoint: { request: call("eth_getBlockByNumber", ["$checkpointHex", false]), path: "hash" },
  proof: {
    block: { request: call("eth_getBlockByNumber", ["$checkpointHex", false]), hash: "hash", state: "stateRoot" },
    genesis: { request: call("eth_getBlockByNumber", ["0x0", false]), hash: "hash" },
  },
};
