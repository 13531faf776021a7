import type { HealthProbe, ProbeRequest } from "../health/types";

/** bitcoind and btcd speak JSON-RPC 1.0. */
function call(method: string, params: readonly unknown[] = []): ProbeRequest {
  return { rpc: { method, params, version: "1.0" } };
}

/**
 * The chain is told by the hash of block 0: `getblockchaininfo.chain` is "main" in one client and "mainnet" in the other,
 * and a fork of the software may use any word.
 */
const GENESIS = call("getblockhash", [0]);
const CHECKPOINT = { request: call("getblockhash", ["$checkpoint"]), path: "" } as const;
const PROOF = {
  block: { request: call("getblockhash", ["$checkpoint"]), hash: "" },
  genesis: { request: call("getblockhash", [0]), hash: "" },
} as const;
const genesisHash = { from: "genesis", path: "", as: "string" } as const;

/** Asked with the cookie that bitcoind writes anew at every start. */
export const bitcoindHealth: HealthProbe = {
  port: "rpc",
  basicAuthFile: ".cookie",
  requests: {
    chain: call("getblockchaininfo"),
    network: call("getnetworkinfo"),
    mempool: { ...call("getmempoolinfo"), optional: true },
    genesis: GENESIS,
  },
  head: {
    height: { from: "chain", path: "blocks", as: "decimal" },
    hash: { from: "chain", path: "bestblockhash", as: "string" },
    timestamp: { from: "chain", path: "time", as: "unix" },
    target: { from: "chain", path: "headers", as: "decimal" },
    syncing: { from: "chain", path: "initialblockdownload", as: "boolean" },
    peers: { from: "network", path: "connections", as: "decimal" },
    version: { from: "network", path: "subversion", as: "string" },
    mempool: { from: "mempool", path: "size", as: "decimal" },
    chainId: genesisHash,
    genesis: genesisHash,
  },
  checkpoint: CHECKPOINT,
  proof: PROOF,
};

/** File below btcd's home with the limited user that may read and nothing else that matters. */
export const BTCD_AGENT_AUTH_FILE = "agent.auth";
export const BTCD_AGENT_USER = "chainkeep-agent";

/**
 * btcd has no flag for catching up and reports its own height as the best header, so the age of the head and the siblings
 * tell. `getbestblock` gives height and hash at one moment. Every method here is open to btcd's limited user.
 */
export const btcdHealth: HealthProbe = {
  port: "rpc",
  basicAuthFile: BTCD_AGENT_AUTH_FILE,
  requests: {
    best: call("getbestblock"),
    info: call("getinfo"),
    header: call("getblockheader", ["$hash", true]),
    genesis: GENESIS,
  },
  head: {
    height: { from: "best", path: "height", as: "decimal" },
    hash: { from: "best", path: "hash", as: "string" },
    timestamp: { from: "header", path: "time", as: "unix" },
    peers: { from: "info", path: "connections", as: "decimal" },
    // 260200 for 0.26.2: btcd has no text of its version in an answer that the limited user may ask for.
    version: { from: "info", path: "version", as: "decimal" },
    chainId: genesisHash,
    genesis: genesisHash,
  },
  checkpoint: CHECKPOINT,
  proof: PROOF,
};

/**
 * Methods that change the chain's, the mempool's, the wallet's or the node's state. Sent twice, a payment may be made twice.
 * The prefixes are wide on purpose: a method that is new in the next release is better not repeated.
 */
export const BITCOIN_WRITES = `^(?:${[
  "send.*",
  "submit.*",
  "generate.*",
  "(?:psbt)?bumpfee",
  "create(?:wallet|walletdescriptor)",
  "(?:load|unload|restore|migrate|backup|encrypt)wallet",
  "wallet.*",
  "getnewaddress",
  "getrawchangeaddress",
  "import.*",
  "keypoolrefill",
  "lockunspent",
  "set.*",
  "abandontransaction",
  "removeprunedfunds",
  "rescan.*",
  "abort.*",
  "prioritisetransaction",
  "(?:invalidate|reconsider|precious)block",
  "pruneblockchain",
  "(?:load|dump)txoutset",
  "savemempool",
  "add.*",
  "disconnectnode",
  "clearbanned",
  "mockscheduler",
  "logging",
  "debuglevel",
  "node",
  "stop",
].join("|")})$`;
