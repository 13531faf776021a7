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
  refuseOption,
  serves,
  stopFirst,
  textOption,
} from "./evm-shared";
import type { ClientDefinition, ProcessContext, ProtocolProblem } from "./types";

const NAMESPACES = ["erigon", "txpool", "trace", "ots"];

function args(ctx: ProcessContext): readonly string[] {
  const ip = announcedIp(ctx);
  const peers = executionPeers(ctx);
  return [
    `--chain=${ctx.network}`,
    `--datadir=${dataDirectory(ctx)}`,
    // Its own consensus client stays off: the node has one.
    "--externalcl",
    `--prune.mode=${ctx.kind === "archive" ? "archive" : (textOption(ctx, "pruneMode") ?? "full")}`,
    `--port=${portOf(ctx, "p2p")}`,
    `--torrent.port=${portOf(ctx, "torrent")}`,
    ...(ip === undefined ? [] : [`--nat=extip:${ip}`]),
    ...(ctx.offline
      ? ["--nodiscover", "--maxpeers=0", "--no-downloader"]
      : flag("--maxpeers", numberOption(ctx, "maxPeers"))),
    ...(peers.length === 0 ? [] : [`--staticpeers=${peers.join(",")}`]),
    ...flag("--torrent.download.rate", rate(ctx, "torrentDownloadMBps")),
    ...flag("--torrent.upload.rate", rate(ctx, "torrentUploadMBps")),
    `--private.api.addr=127.0.0.1:${portOf(ctx, "private-api")}`,
    `--authrpc.addr=${engineListen(ctx)}`,
    `--authrpc.port=${portOf(ctx, "engine")}`,
    `--authrpc.vhosts=${engineHosts(ctx).join(",")}`,
    `--authrpc.jwtsecret=${jwtFile(ctx)}`,
    ...rpc(ctx),
    "--metrics",
    `--metrics.addr=${ctx.listen}`,
    `--metrics.port=${portOf(ctx, "metrics")}`,
    // On by default since 3.4: one more server, on one more port that two nodes of a host would fight for.
    "--mcp.disable",
    "--log.dir.disable",
  ];
}

function rate(ctx: ProcessContext, name: string): string | undefined {
  const megabytes = numberOption(ctx, name);
  return megabytes === undefined ? undefined : `${megabytes}mb`;
}

function rpc(ctx: ProcessContext): readonly string[] {
  return [
    "--http",
    `--http.addr=${ctx.listen}`,
    `--http.port=${portOf(ctx, "rpc")}`,
    `--http.api=${httpApi(ctx).join(",")}`,
    `--http.vhosts=${allowedHosts(ctx.listen).join(",")}`,
    ...(serves(ctx) ? ["--ws", `--ws.port=${portOf(ctx, "ws")}`] : []),
  ];
}

function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  const archive = ctx.kind === "archive";
  return [
    ...executionProblems(ctx, NAMESPACES),
    ...refuseOption(ctx, "pruneMode", archive, "no value: an archive prunes nothing"),
  ];
}

/**
 * Erigon with an external consensus client. Flags checked against the CLI reference of its repository: 3.5 dropped
 * `--p2p.allowed-ports`, all protocol versions share one port since.
 */
export const erigon: ClientDefinition = {
  name: "erigon",
  title: "Erigon",
  layer: "execution",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "3.5.5",
    image: "erigontech/erigon:v3.5.5",
    reviewed: "2026-11-24",
    source: "https://github.com/erigontech/erigon/releases/tag/v3.5.5",
    program: { binary: "erigon", versionArgs: ["--version"] },
  },
  ports: [
    ...executionPorts(),
    { name: "torrent", port: 42069, transport: "both", exposure: "p2p" },
    { name: "private-api", port: 9090, transport: "tcp", exposure: "internal" },
  ],
  stop: { signal: "SIGTERM", graceSeconds: EXECUTION_GRACE_SECONDS },
  database: stopFirst("mdbx", "MDBX beside snapshot files, which are merged and deleted while it runs"),
  dataPaths: ["data/chaindata/**", "data/snapshots/**", "data/txpool/**"],
  keyPaths: [JWT_KEY_PATH, "data/nodekey", "data/jwt.hex"],
  args,
  check,
  metrics: {
    port: "metrics",
    path: "/debug/metrics/prometheus",
    series: {
      height: 'sync{stage="execution"}',
      sync_progress: 'sync{stage="execution"} / ignoring (stage) (sync{stage="headers"} > 0)',
      peers: "p2p_peers",
      mempool_pending: "txpool_pending",
      tx_total: "exec_txs_done",
      // Erigon tells 0.5, 0.9, 0.97 and 0.99, and no 0.95: the next stricter one.
      "rpc_latency_seconds:p95": 'max without (method, success, quantile) (rpc_duration_seconds{quantile="0.97"})',
      start_time_seconds: "process_start_time_seconds",
      info: "erigon_info",
    },
  },
  health: evmHealth,
  rpc: { port: "rpc", writes: EVM_WRITES },
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 32, archiveMemoryGiB: 64 },
    {
      mainnet: { full: disk(1500, 35), archive: disk(3750, 90) },
      sepolia: { full: disk(500, 15), archive: disk(1000, 30) },
      hoodi: { full: disk(250, 10), archive: disk(500, 20) },
    },
  ),
  migrations: [
    { version: "3.0.0", oneWay: true, what: "data of Erigon 2 cannot be used, and 2 cannot use data of 3" },
    {
      version: "3.5.0",
      oneWay: true,
      what: "full nodes drop blocks and receipts older than 262,144 blocks at the first start; pruned data does not come back",
    },
  ],
  options: {
    ...executionOptions(NAMESPACES),
    pruneMode: {
      type: "string",
      allowed: ["full", "blocks", "minimal"],
      description:
        "What a full node keeps: full = 262,144 blocks with state, blocks = every block, minimal = 100,000 blocks. A change means a new sync. Default full",
    },
    torrentDownloadMBps: {
      type: "number",
      min: 1,
      max: 10000,
      description: "Snapshot download at most, in megabytes per second. Default: erigon's 512",
    },
    torrentUploadMBps: {
      type: "number",
      min: 1,
      max: 10000,
      description: "Snapshot upload at most, in megabytes per second; it goes on for ever. Default: erigon's 16",
    },
  },
};
