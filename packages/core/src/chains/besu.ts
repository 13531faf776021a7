import { disk, sizingOf } from "./ethereum-sizing";
import { evmHealth } from "./evm-health";
import {
  allowedHosts,
  announcedIp,
  dataDirectory,
  ETHEREUM_KINDS,
  ETHEREUM_NETWORKS,
  EVM_WRITES,
  EXECUTION_GRACE_SECONDS,
  engineHosts,
  executionOptions,
  executionPeers,
  executionPorts,
  executionProblems,
  flag,
  httpApi,
  JWT_KEY_PATH,
  jwtFile,
  numberOption,
  portOf,
  serves,
  stopFirst,
} from "./evm-shared";
import type { ClientDefinition, FilePlan, ProcessContext } from "./types";

const NAMESPACES = ["txpool", "trace"];
const USUAL_HEAP_MIB = 5120;

function args(ctx: ProcessContext): readonly string[] {
  const ip = announcedIp(ctx);
  return [
    `--network=${ctx.network}`,
    `--data-path=${dataDirectory(ctx)}`,
    `--p2p-port=${portOf(ctx, "p2p")}`,
    ...(ip === undefined ? [] : ["--nat-method=NONE", `--p2p-host=${ip}`]),
    ...flag("--max-peers", numberOption(ctx, "maxPeers")),
    ...(ctx.offline ? ["--p2p-enabled=false", "--discovery-enabled=false"] : []),
    // The engine API has no address of its own: it listens where JSON-RPC does, behind the JWT and this list.
    "--engine-rpc-enabled",
    `--engine-rpc-port=${portOf(ctx, "engine")}`,
    `--engine-host-allowlist=${engineHosts(ctx).join(",")}`,
    `--engine-jwt-secret=${jwtFile(ctx)}`,
    ...rpc(ctx),
    "--metrics-enabled",
    `--metrics-host=${ctx.listen}`,
    `--metrics-port=${portOf(ctx, "metrics")}`,
    ...(ctx.kind === "archive"
      ? ["--data-storage-format=FOREST", "--sync-mode=FULL"]
      : ["--data-storage-format=BONSAI", "--sync-mode=SNAP"]),
  ];
}

function rpc(ctx: ProcessContext): readonly string[] {
  const api = httpApi(ctx).join(",").toUpperCase();
  return [
    "--rpc-http-enabled",
    `--rpc-http-host=${ctx.listen}`,
    `--rpc-http-port=${portOf(ctx, "rpc")}`,
    `--rpc-http-api=${api}`,
    ...(serves(ctx)
      ? ["--rpc-ws-enabled", `--rpc-ws-host=${ctx.listen}`, `--rpc-ws-port=${portOf(ctx, "ws")}`, `--rpc-ws-api=${api}`]
      : []),
    `--host-allowlist=${allowedHosts(ctx.listen).join(",")}`,
  ];
}

/** Read from the data directory at every start. */
function files(ctx: ProcessContext): readonly FilePlan[] {
  const peers = executionPeers(ctx);
  return peers.length === 0 ? [] : [{ path: "data/static-nodes.json", content: `${JSON.stringify(peers)}\n` }];
}

/** Besu. Flags checked against its option reference and a compose stack of the same month. */
export const besu: ClientDefinition = {
  name: "besu",
  title: "Besu",
  layer: "execution",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "26.8.0",
    image: "hyperledger/besu:26.8.0",
    reviewed: "2026-11-24",
    source: "https://github.com/hyperledger/besu/releases/tag/26.8.0",
    program: { binary: "besu", versionArgs: ["--version"] },
  },
  ports: executionPorts().map((port) => (port.name === "metrics" ? { ...port, port: 9545 } : port)),
  stop: { signal: "SIGTERM", graceSeconds: EXECUTION_GRACE_SECONDS },
  database: stopFirst("rocksdb", "one RocksDB; the layers of recent state are in memory until they are written"),
  dataPaths: ["data/database/**", "data/caches/**", "data/DATABASE_METADATA.json", "data/VERSION_METADATA.json"],
  keyPaths: [JWT_KEY_PATH, "data/key", "data/jwt.hex"],
  args,
  env: (ctx) => ({ BESU_OPTS: `-Xmx${numberOption(ctx, "heapMiB") ?? USUAL_HEAP_MIB}m` }),
  files,
  check: (ctx) => executionProblems(ctx, NAMESPACES),
  metrics: {
    port: "metrics",
    path: "/metrics",
    series: {
      height: "ethereum_blockchain_height",
      finalized_height: "ethereum_blockchain_finalized_block",
      head_timestamp: "besu_blockchain_chain_head_timestamp",
      syncing: "1 - besu_synchronizer_in_sync",
      sync_progress: "ethereum_blockchain_height / (ethereum_best_known_block_number > 0)",
      peers: "ethereum_peer_count",
      mempool_pending: "sum without (layer) (besu_transaction_pool_number_of_transactions)",
      tx_total: "besu_blockchain_chain_head_transaction_count_counter_total",
      "rpc_latency_seconds:p95": 'max without (methodName, quantile) (besu_rpc_request_time{quantile="0.95"})',
      start_time_seconds: "process_start_time_seconds",
      info: "process_release",
    },
  },
  health: evmHealth,
  rpc: { port: "rpc", writes: EVM_WRITES },
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 16, archiveMemoryGiB: 32 },
    {
      mainnet: { full: disk(1400, 35), archive: disk(20000, 600) },
      sepolia: { full: disk(500, 15), archive: disk(2000, 60) },
      hoodi: { full: disk(250, 10), archive: disk(1000, 30) },
    },
  ),
  migrations: [
    {
      version: "24.3.0",
      oneWay: false,
      what: "the database's metadata file has a new form; back with `besu storage revert-metadata v2-to-v1`",
    },
    {
      version: "24.6.0",
      oneWay: true,
      what: "receipts are stored compacted; releases before 24.5.1 cannot open the database",
    },
  ],
  options: {
    ...executionOptions(NAMESPACES),
    heapMiB: {
      type: "number",
      min: 2048,
      max: 131072,
      description: "Java heap of Besu in MiB; RocksDB takes memory beside it. Default 5120",
    },
  },
};
