import { type CometConfig, type CometPeers, cometConfigToml } from "./comet-config";
import type { Kind } from "./types";

const nobody: CometPeers = { persistent: [], seeds: [], privateIds: [], unconditionalIds: [], pex: true };

function toml(change: Partial<CometConfig> = {}): string {
  return cometConfigToml({
    moniker: "demo-rpc-0",
    kind: "full",
    listen: "127.0.0.1",
    ports: { p2p: 26656, rpc: 26657, metrics: 26660 },
    private: true,
    timeoutCommitMs: 1000,
    peers: nobody,
    proxyApp: "kvstore",
    ...change,
  });
}

/** Lines that are not in the other text. */
function changed(text: string, from: string): string[] {
  const known = new Set(from.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}

const FULL = `proxy_app = "kvstore"
moniker = "demo-rpc-0"
db_backend = "goleveldb"
db_dir = "data"
log_level = "info"
log_format = "plain"
genesis_file = "config/genesis.json"
priv_validator_key_file = "config/priv_validator_key.json"
priv_validator_state_file = "data/priv_validator_state.json"
priv_validator_laddr = ""
node_key_file = "config/node_key.json"
abci = "socket"
filter_peers = false

[rpc]
laddr = "tcp://127.0.0.1:26657"
cors_allowed_origins = []
grpc_laddr = ""
unsafe = false
max_open_connections = 900
max_subscription_clients = 100
max_subscriptions_per_client = 5
timeout_broadcast_tx_commit = "10s"
max_request_batch_size = 10
max_body_bytes = 1000000
max_header_bytes = 1048576
pprof_laddr = ""

[p2p]
laddr = "tcp://127.0.0.1:26656"
external_address = ""
seeds = ""
persistent_peers = ""
addr_book_file = "config/addrbook.json"
addr_book_strict = false
max_num_inbound_peers = 500
max_num_outbound_peers = 20
unconditional_peer_ids = ""
persistent_peers_max_dial_period = "30s"
pex = true
seed_mode = false
private_peer_ids = ""
allow_duplicate_ip = true
handshake_timeout = "20s"
dial_timeout = "3s"

[mempool]
type = "flood"
recheck = true
broadcast = true
size = 5000
max_txs_bytes = 1073741824
cache_size = 10000
max_tx_bytes = 1048576

[statesync]
enable = false

[blocksync]
version = "v0"

[consensus]
wal_file = "data/cs.wal/wal"
timeout_propose = "3s"
timeout_propose_delta = "500ms"
timeout_prevote = "1s"
timeout_prevote_delta = "500ms"
timeout_precommit = "1s"
timeout_precommit_delta = "500ms"
timeout_commit = "1000ms"
double_sign_check_height = 0
skip_timeout_commit = false
create_empty_blocks = true
create_empty_blocks_interval = "0s"

[storage]
discard_abci_responses = false

[tx_index]
indexer = "kv"

[instrumentation]
prometheus = true
prometheus_listen_addr = "127.0.0.1:26660"
max_open_connections = 10
namespace = "cometbft"
`;

describe("config.toml", () => {
  it("of a full node is this text", () => {
    expect(toml()).toBe(FULL);
  });

  it.each<[Kind, string[]]>([
    ["archive", []],
    ["mirror", []],
    ["validator", ["discard_abci_responses = true", 'indexer = "null"']],
    ["sentry", ["discard_abci_responses = true", 'indexer = "null"']],
    ["seed", ["seed_mode = true", "discard_abci_responses = true", 'indexer = "null"']],
  ])("of a %s differs by what the kind needs", (kind, lines) => {
    expect(changed(toml({ kind }), FULL)).toEqual(lines);
  });

  it("holds the node's peers, and tells nobody of the ones it guards", () => {
    const peers: CometPeers = {
      persistent: ["aa@val-0:26656", "bb@val-1:26656"],
      seeds: ["cc@seed-0:26656"],
      privateIds: ["aa", "bb"],
      unconditionalIds: ["aa", "bb"],
      pex: false,
    };
    expect(changed(toml({ peers }), FULL)).toEqual([
      'seeds = "cc@seed-0:26656"',
      'persistent_peers = "aa@val-0:26656,bb@val-1:26656"',
      'unconditional_peer_ids = "aa,bb"',
      "pex = false",
      'private_peer_ids = "aa,bb"',
    ]);
  });

  it("trusts public networks less", () => {
    expect(changed(toml({ private: false }), FULL)).toEqual([
      "addr_book_strict = true",
      "max_num_inbound_peers = 40",
      "max_num_outbound_peers = 10",
      "allow_duplicate_ip = false",
    ]);
    expect(toml({ private: false, kind: "seed" })).toContain("max_num_inbound_peers = 200\n");
  });

  it("binds where it is told, IPv6 included", () => {
    const lines = changed(toml({ listen: "::", ports: { p2p: 1, rpc: 2, metrics: 3 } }), FULL);
    expect(lines).toEqual(['laddr = "tcp://[::]:2"', 'laddr = "tcp://[::]:1"', 'prometheus_listen_addr = "[::]:3"']);
  });

  it("passes the other settings on, quoted", () => {
    const stateSync = { rpcServers: ["https://a:443", "https://b:443"], trustHeight: 5, trustHash: "AB" };
    const more = { externalAddress: "203.0.113.7:26656", logLevel: "error", privValidatorLaddr: "tcp://0.0.0.0:26659" };
    expect(changed(toml({ ...more, stateSync, timeoutCommitMs: 200, moniker: 'a"b\n[p2p]' }), FULL)).toEqual([
      String.raw`moniker = "a\"b\n[p2p]"`,
      'log_level = "error"',
      'priv_validator_laddr = "tcp://0.0.0.0:26659"',
      'external_address = "203.0.113.7:26656"',
      "enable = true",
      'rpc_servers = "https://a:443,https://b:443"',
      "trust_height = 5",
      'trust_hash = "AB"',
      'trust_period = "168h0m0s"',
      'discovery_time = "15s"',
      'timeout_commit = "200ms"',
    ]);
  });
});
