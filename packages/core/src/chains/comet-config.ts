import { hostPort } from "./addresses";
import type { Kind } from "./types";

/** Whom a node dials and whom it keeps to itself. Entries of `persistent` and `seeds` are `id@host:port`. */
export interface CometPeers {
  readonly persistent: readonly string[];
  readonly seeds: readonly string[];
  /** Node ids that are never told to others. */
  readonly privateIds: readonly string[];
  /** Node ids that are let in above the limit. */
  readonly unconditionalIds: readonly string[];
  /** Whether addresses of peers are exchanged. */
  readonly pex: boolean;
}

export interface CometStateSync {
  readonly rpcServers: readonly string[];
  readonly trustHeight: number;
  readonly trustHash: string;
}

/** What distinguishes one node's config.toml from another's. */
export interface CometConfig {
  readonly moniker: string;
  readonly kind: Kind;
  readonly listen: string;
  /** Ports by name: p2p, rpc, metrics. */
  readonly ports: Readonly<Record<string, number>>;
  /** Private networks live on private addresses, several nodes to a host. */
  readonly private: boolean;
  readonly timeoutCommitMs: number;
  readonly peers: CometPeers;
  /** Built-in application's name or address; empty for chains whose program is the application. */
  readonly proxyApp: string;
  /** Address that peers outside should dial; empty for the one that the node listens on. */
  readonly externalAddress?: string;
  readonly logLevel?: string;
  /** Where a remote signer connects. */
  readonly privValidatorLaddr?: string;
  readonly stateSync?: CometStateSync;
}

/** Prefix of all metrics; set in every config, because chains ship with different ones. */
export const COMET_NAMESPACE = "cometbft";

type Value = string | number | boolean | readonly string[];
type Section = Readonly<Record<string, Value>>;

/** Nodes that answer users keep an index of transactions; the others only pay for it. */
const INDEXING: readonly Kind[] = ["full", "archive", "mirror"];

/**
 * config.toml of CometBFT 0.38: every key whose default matters here is written, so that a later release's default changes
 * nothing. The same input gives the same text.
 */
export function cometConfigToml(config: CometConfig): string {
  const sections: readonly (readonly [string, Section])[] = [
    ["rpc", rpc(config)],
    ["p2p", p2p(config)],
    ["mempool", MEMPOOL],
    ["statesync", stateSync(config.stateSync)],
    ["blocksync", { version: "v0" }],
    ["consensus", consensus(config)],
    ["storage", { discard_abci_responses: !INDEXING.includes(config.kind) }],
    ["tx_index", { indexer: INDEXING.includes(config.kind) ? "kv" : "null" }],
    ["instrumentation", instrumentation(config)],
  ];
  return [table(base(config)), ...sections.map(([name, section]) => `[${name}]\n${table(section)}`)].join("\n");
}

function table(section: Section): string {
  return Object.entries(section)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join("");
}

function base(config: CometConfig): Section {
  return {
    proxy_app: config.proxyApp,
    moniker: config.moniker,
    db_backend: "goleveldb",
    db_dir: "data",
    log_level: config.logLevel ?? "info",
    log_format: "plain",
    genesis_file: "config/genesis.json",
    priv_validator_key_file: "config/priv_validator_key.json",
    priv_validator_state_file: "data/priv_validator_state.json",
    priv_validator_laddr: config.privValidatorLaddr ?? "",
    node_key_file: "config/node_key.json",
    abci: "socket",
    filter_peers: false,
  };
}

function rpc({ listen, ports }: CometConfig): Section {
  return {
    laddr: `tcp://${hostPort(listen, ports.rpc)}`,
    cors_allowed_origins: [],
    grpc_laddr: "",
    unsafe: false,
    max_open_connections: 900,
    max_subscription_clients: 100,
    max_subscriptions_per_client: 5,
    timeout_broadcast_tx_commit: "10s",
    max_request_batch_size: 10,
    max_body_bytes: 1_000_000,
    max_header_bytes: 1_048_576,
    pprof_laddr: "",
  };
}

function p2p(config: CometConfig): Section {
  const { peers } = config;
  const limits = peerLimits(config);
  return {
    laddr: `tcp://${hostPort(config.listen, config.ports.p2p)}`,
    external_address: config.externalAddress ?? "",
    seeds: peers.seeds.join(","),
    persistent_peers: peers.persistent.join(","),
    addr_book_file: "config/addrbook.json",
    addr_book_strict: !config.private,
    max_num_inbound_peers: limits.inbound,
    max_num_outbound_peers: limits.outbound,
    unconditional_peer_ids: peers.unconditionalIds.join(","),
    // Without it the pauses between two tries grow to hours, and an anchor that comes back is not noticed.
    persistent_peers_max_dial_period: "30s",
    pex: peers.pex,
    seed_mode: config.kind === "seed",
    private_peer_ids: peers.privateIds.join(","),
    allow_duplicate_ip: config.private,
    handshake_timeout: "20s",
    dial_timeout: "3s",
  };
}

/** On a private network every node dials the same few anchors, which therefore take many. */
function peerLimits(config: CometConfig): { readonly inbound: number; readonly outbound: number } {
  if (config.private) return { inbound: 500, outbound: 20 };
  return config.kind === "seed" ? { inbound: 200, outbound: 40 } : { inbound: 40, outbound: 10 };
}

const MEMPOOL: Section = {
  type: "flood",
  recheck: true,
  broadcast: true,
  size: 5000,
  max_txs_bytes: 1_073_741_824,
  cache_size: 10_000,
  max_tx_bytes: 1_048_576,
};

function stateSync(from: CometStateSync | undefined): Section {
  if (!from) return { enable: false };
  return {
    enable: true,
    rpc_servers: from.rpcServers.join(","),
    trust_height: from.trustHeight,
    trust_hash: from.trustHash,
    trust_period: "168h0m0s",
    discovery_time: "15s",
  };
}

function consensus({ timeoutCommitMs }: CometConfig): Section {
  return {
    wal_file: "data/cs.wal/wal",
    timeout_propose: "3s",
    timeout_propose_delta: "500ms",
    timeout_prevote: "1s",
    timeout_prevote_delta: "500ms",
    timeout_precommit: "1s",
    timeout_precommit_delta: "500ms",
    timeout_commit: `${timeoutCommitMs}ms`,
    // A check here would keep a validator from starting after a short stop: its own last votes look like a twin's.
    double_sign_check_height: 0,
    skip_timeout_commit: false,
    create_empty_blocks: true,
    create_empty_blocks_interval: "0s",
  };
}

function instrumentation({ listen, ports }: CometConfig): Section {
  return {
    prometheus: true,
    prometheus_listen_addr: hostPort(listen, ports.metrics),
    max_open_connections: 10,
    namespace: COMET_NAMESPACE,
  };
}
