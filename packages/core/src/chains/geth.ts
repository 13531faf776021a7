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
import type { ClientDefinition, FilePlan, ProcessContext, ProtocolProblem } from "./types";

const NAMESPACES = ["txpool"];
const CONFIG_FILE = "geth.toml";

function args(ctx: ProcessContext): readonly string[] {
  const ip = announcedIp(ctx);
  return [
    `--${ctx.network}`,
    ...(executionPeers(ctx).length === 0 ? [] : [`--config=${ctx.home}/${CONFIG_FILE}`]),
    `--datadir=${dataDirectory(ctx)}`,
    `--port=${portOf(ctx, "p2p")}`,
    `--discovery.port=${portOf(ctx, "p2p")}`,
    // A server opens no ports of the router that it happens to stand behind; discovery finds its address.
    ip === undefined ? "--nat=none" : `--nat=extip:${ip}`,
    ...(ctx.offline ? ["--nodiscover", "--maxpeers=0"] : flag("--maxpeers", numberOption(ctx, "maxPeers"))),
    `--authrpc.addr=${engineListen(ctx)}`,
    `--authrpc.port=${portOf(ctx, "engine")}`,
    `--authrpc.vhosts=${engineHosts(ctx).join(",")}`,
    `--authrpc.jwtsecret=${jwtFile(ctx)}`,
    ...rpc(ctx),
    "--metrics",
    `--metrics.addr=${ctx.listen}`,
    `--metrics.port=${portOf(ctx, "metrics")}`,
    ...storage(ctx),
  ];
}

function rpc(ctx: ProcessContext): readonly string[] {
  const api = httpApi(ctx).join(",");
  return [
    "--http",
    `--http.addr=${ctx.listen}`,
    `--http.port=${portOf(ctx, "rpc")}`,
    `--http.api=${api}`,
    `--http.vhosts=${allowedHosts(ctx.listen).join(",")}`,
    ...(serves(ctx) ? ["--ws", `--ws.addr=${ctx.listen}`, `--ws.port=${portOf(ctx, "ws")}`, `--ws.api=${api}`] : []),
    // The socket would answer admin and debug.
    "--ipcdisable",
  ];
}

/**
 * `--gcmode=archive` alone keeps the state of the last 90,000 blocks in the path scheme, which new databases have: only
 * `--history.state=0` keeps all of it.
 */
function storage(ctx: ProcessContext): readonly string[] {
  return [
    ...flag("--cache", numberOption(ctx, "cacheMiB")),
    ...flag("--memorylimit", numberOption(ctx, "memoryLimitMiB")),
    ...flag("--history.chain", textOption(ctx, "historyChain")),
    ...(ctx.kind === "archive"
      ? ["--syncmode=full", "--gcmode=archive", "--history.logs=0", ...archiveState(ctx)]
      : []),
  ];
}

function archiveState(ctx: ProcessContext): readonly string[] {
  if (textOption(ctx, "stateScheme") === "hash") return ["--state.scheme=hash"];
  const proofs = ctx.options.historicProofs === true ? ["--history.trienode=0"] : [];
  return ["--state.scheme=path", "--history.state=0", ...proofs];
}

/** geth has no flag for static peers. */
function files(ctx: ProcessContext): readonly FilePlan[] {
  const peers = executionPeers(ctx);
  if (peers.length === 0) return [];
  const list = peers.map((peer) => JSON.stringify(peer)).join(", ");
  return [{ path: CONFIG_FILE, content: `[Node.P2P]\nStaticNodes = [${list}]\n` }];
}

function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  const archive = ctx.kind === "archive";
  const mergeless = !archive && ctx.network === "hoodi" && ctx.options.historyChain === "postmerge";
  const hashed = archive && ctx.options.stateScheme === "hash";
  return [
    ...executionProblems(ctx, NAMESPACES),
    ...refuseOption(ctx, "historyChain", archive, "no value: an archive keeps every block"),
    ...refuseOption(ctx, "historyChain", mergeless, '"postprague" or no value: Hoodi was merged from its first block'),
    ...refuseOption(ctx, "stateScheme", !archive, 'no value, or kind "archive"'),
    ...refuseOption(ctx, "historicProofs", !archive, 'no value, or kind "archive"'),
    ...refuseOption(ctx, "historicProofs", hashed, 'no value: stateScheme "hash" has them anyway'),
  ];
}

/** Go Ethereum. Every flag was accepted by the real program: see test/integration/ethereum-flags.test.ts. */
export const geth: ClientDefinition = {
  name: "geth",
  title: "Geth",
  layer: "execution",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "1.17.5",
    image: "ethereum/client-go:v1.17.5",
    reviewed: "2026-11-24",
    source: "https://github.com/ethereum/go-ethereum/releases/tag/v1.17.5",
    program: {
      binary: "geth",
      goModule: {
        module: "github.com/ethereum/go-ethereum",
        package: "github.com/ethereum/go-ethereum/cmd/geth",
        version: "v1.17.5",
      },
    },
  },
  ports: executionPorts(),
  stop: { signal: "SIGTERM", graceSeconds: EXECUTION_GRACE_SECONDS },
  database: stopFirst(
    "pebble",
    "Pebble beside an append-only freezer; recent state is in memory and written to a journal at a clean stop only",
  ),
  dataPaths: ["data/geth/chaindata/**", "data/geth/triedb/**", "data/geth/blobpool/**"],
  keyPaths: [JWT_KEY_PATH, "data/geth/nodekey", "data/geth/jwtsecret", "data/keystore/**"],
  args,
  files,
  check,
  metrics: {
    port: "metrics",
    path: "/debug/metrics/prometheus",
    series: {
      height: "chain_head_block",
      finalized_height: "chain_head_finalized",
      peers: "p2p_peers",
      mempool_pending: "txpool_pending",
      reorgs_total: "chain_reorg_executes",
      reorg_depth: "increase(chain_reorg_drop[15m]) / (increase(chain_reorg_executes[15m]) > 0)",
      "rpc_latency_seconds:p95": 'max without (quantile) (rpc_duration_all{quantile="0.95"}) / 1e9',
      info: "geth_info",
    },
    // One summary per method and outcome.
    drop: ["rpc_duration_.+_(success|failure).*"],
  },
  health: evmHealth,
  rpc: { port: "rpc", writes: EVM_WRITES },
  // Archives by path scheme; the hash scheme needs more than 20 TiB.
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
      version: "1.17.5",
      oneWay: true,
      what: "new databases are Pebble v2, which earlier releases cannot open; old ones stay v1 until `geth db pebble-upgrade`",
    },
  ],
  options: {
    ...executionOptions(NAMESPACES),
    cacheMiB: {
      type: "number",
      min: 128,
      max: 262144,
      description: "Memory for internal caches in MiB; more means fewer disk reads. Default: geth's 4096 on mainnet",
    },
    memoryLimitMiB: {
      type: "number",
      min: 1024,
      max: 1048576,
      description: "Soft limit of the Go runtime in MiB: near it, memory is collected more often. Default: none",
    },
    historyChain: {
      type: "string",
      allowed: ["all", "postmerge", "postprague"],
      description: "Blocks and receipts that a full node keeps. Coming back to all means a new sync. Default all",
    },
    stateScheme: {
      type: "string",
      allowed: ["path", "hash"],
      description: "Layout of an archive's state. A database keeps the one that it was made with. Default path",
    },
    historicProofs: {
      type: "boolean",
      description:
        "eth_getProof for old blocks on an archive with the path scheme; takes much more disk. Default false",
    },
  },
};
