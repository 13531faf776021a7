import { hostPort } from "./addresses";
import { disk, sizingOf } from "./ethereum-sizing";
import { evmHealth } from "./evm-health";
import {
  announcedIp,
  dataDirectory,
  ETHEREUM_KINDS,
  ETHEREUM_NETWORKS,
  EVM_WRITES,
  EXECUTION_GRACE_SECONDS,
  engineListen,
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
import type { ClientDefinition, ProcessContext } from "./types";

const NAMESPACES = ["txpool", "trace", "rpc", "ots"];

function args(ctx: ProcessContext): readonly string[] {
  const peers = executionPeers(ctx);
  return [
    "node",
    `--chain=${ctx.network}`,
    `--datadir=${dataDirectory(ctx)}`,
    `--port=${portOf(ctx, "p2p")}`,
    `--discovery.port=${portOf(ctx, "p2p")}`,
    // Discovery v5 listens beside v4 and has a port of its own.
    `--discovery.v5.port=${portOf(ctx, "discovery-v5")}`,
    `--nat=${nat(ctx)}`,
    ...(peers.length === 0 ? [] : [`--trusted-peers=${peers.join(",")}`]),
    ...(ctx.offline
      ? ["--disable-discovery", "--max-outbound-peers=0", "--max-inbound-peers=0"]
      : flag("--max-peers", numberOption(ctx, "maxPeers"))),
    `--authrpc.addr=${engineListen(ctx)}`,
    `--authrpc.port=${portOf(ctx, "engine")}`,
    `--authrpc.jwtsecret=${jwtFile(ctx)}`,
    ...rpc(ctx),
    `--metrics=${hostPort(ctx.listen, portOf(ctx, "metrics"))}`,
    // Logs go to the target, which rotates them; a read-only root has no place for files.
    "--log.file.max-files=0",
    "--color=never",
    ...(ctx.kind === "archive" ? [] : ["--full"]),
  ];
}

/** `any`, the default, would also ask the router to open a port; `publicip` asks services on the internet. */
function nat(ctx: ProcessContext): string {
  const ip = announcedIp(ctx);
  if (ip !== undefined) return `extip:${ip}`;
  return ctx.offline ? "none" : "publicip";
}

function rpc(ctx: ProcessContext): readonly string[] {
  const api = httpApi(ctx).join(",");
  return [
    "--http",
    `--http.addr=${ctx.listen}`,
    `--http.port=${portOf(ctx, "rpc")}`,
    `--http.api=${api}`,
    ...(serves(ctx) ? ["--ws", `--ws.addr=${ctx.listen}`, `--ws.port=${portOf(ctx, "ws")}`, `--ws.api=${api}`] : []),
    // Its usual place is the same for all nodes of a host, and it would answer admin and debug.
    "--ipcdisable",
  ];
}

/** Reth. Flags checked against the CLI reference of its repository at the time of 2.5. */
export const reth: ClientDefinition = {
  name: "reth",
  title: "Reth",
  layer: "execution",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "2.5.1",
    image: "ghcr.io/paradigmxyz/reth:v2.5.1",
    reviewed: "2026-11-24",
    source: "https://github.com/paradigmxyz/reth/releases/tag/v2.5.1",
    program: { binary: "reth", versionArgs: ["--version"] },
  },
  ports: [...executionPorts(), { name: "discovery-v5", port: 9200, transport: "udp", exposure: "p2p" }],
  // What stacks that run it in production send.
  stop: { signal: "SIGINT", graceSeconds: EXECUTION_GRACE_SECONDS },
  database: stopFirst("mdbx", "MDBX, static files and RocksDB hold parts of one whole and are written in turn"),
  dataPaths: ["data/db/**", "data/static_files/**", "data/rocksdb/**", "data/blobstore/**"],
  keyPaths: [JWT_KEY_PATH, "data/discovery-secret", "data/jwt.hex"],
  args,
  check: (ctx) => executionProblems(ctx, NAMESPACES),
  metrics: {
    port: "metrics",
    path: "/metrics",
    series: {
      height: "reth_blockchain_tree_canonical_chain_height",
      finalized_height: "reth_blockchain_tree_finalized_block_height",
      sync_progress:
        'reth_sync_checkpoint{stage="Finish"} / ignoring (stage) (reth_sync_checkpoint{stage="Headers"} > 0)',
      peers: "reth_network_connected_peers",
      mempool_pending: "reth_transaction_pool_pending_pool_transactions",
      reorgs_total: "sum without (commitment) (reth_blockchain_tree_reorgs)",
      // Keeps its last value for ever: only with the counter beside it.
      reorg_depth: "reth_blockchain_tree_latest_reorg_depth",
      "rpc_latency_seconds:p95": 'max without (method, quantile) (reth_rpc_server_calls_time_seconds{quantile="0.95"})',
      "rpc_error_ratio:rate5m":
        "sum without (method) (rate(reth_rpc_server_calls_failed_total[5m])) / sum without (method) (rate(reth_rpc_server_calls_started_total[5m]))",
      start_time_seconds: "reth_process_start_time_seconds",
      info: "reth_info",
    },
  },
  health: evmHealth,
  rpc: { port: "rpc", writes: EVM_WRITES },
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 16, archiveMemoryGiB: 32 },
    {
      mainnet: { full: disk(1200, 35), archive: disk(3750, 90) },
      sepolia: { full: disk(500, 15), archive: disk(1000, 30) },
      hoodi: { full: disk(250, 10), archive: disk(500, 20) },
    },
  ),
  migrations: [
    {
      version: "2.0.0",
      oneWay: true,
      what: "new databases use storage v2 (static files and RocksDB beside MDBX), unknown to 1.x; old ones need `reth db migrate-v2` or a new sync",
    },
  ],
  options: executionOptions(NAMESPACES),
};
