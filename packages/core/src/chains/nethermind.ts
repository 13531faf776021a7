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

/** Namespaces as Nethermind writes them. */
const MODULES: Readonly<Record<string, string>> = {
  eth: "Eth",
  net: "Net",
  web3: "Web3",
  subscribe: "Subscribe",
  txpool: "TxPool",
  trace: "Trace",
  proof: "Proof",
  rpc: "Rpc",
};
const NAMESPACES = ["subscribe", "txpool", "trace", "proof", "rpc"];

/** Without addresses it looks for its own at services on the internet, and static peers are the only ones that it finds without asking DNS. */
const OFFLINE = [
  "--Init.DiscoveryEnabled=false",
  "--Init.PeerManagerEnabled=false",
  "--Network.OnlyStaticPeers=true",
  "--Network.LocalIp=127.0.0.1",
  "--Network.ExternalIp=127.0.0.1",
];

function args(ctx: ProcessContext): readonly string[] {
  const peers = executionPeers(ctx);
  return [
    `--config=${ctx.network}${ctx.kind === "archive" ? "_archive" : ""}`,
    `--data-dir=${dataDirectory(ctx)}`,
    `--Network.P2PPort=${portOf(ctx, "p2p")}`,
    `--Network.DiscoveryPort=${portOf(ctx, "p2p")}`,
    ...flag("--Network.ExternalIp", ctx.offline ? undefined : announcedIp(ctx)),
    ...flag("--Network.MaxActivePeers", numberOption(ctx, "maxPeers")),
    ...(ctx.offline ? OFFLINE : []),
    ...(peers.length === 0 ? [] : [`--Network.StaticPeers=${peers.join(",")}`]),
    `--JsonRpc.EngineHost=${engineListen(ctx)}`,
    `--JsonRpc.EnginePort=${portOf(ctx, "engine")}`,
    `--JsonRpc.JwtSecretFile=${jwtFile(ctx)}`,
    ...rpc(ctx),
    "--Metrics.Enabled=true",
    `--Metrics.ExposeHost=${ctx.listen}`,
    `--Metrics.ExposePort=${portOf(ctx, "metrics")}`,
    ...pruning(ctx),
  ];
}

function rpc(ctx: ProcessContext): readonly string[] {
  const modules = httpApi(ctx).map((name) => MODULES[name] ?? name);
  return [
    "--JsonRpc.Enabled=true",
    `--JsonRpc.Host=${ctx.listen}`,
    `--JsonRpc.Port=${portOf(ctx, "rpc")}`,
    `--JsonRpc.EnabledModules=${modules.join(",")}`,
    `--Init.WebSocketsEnabled=${serves(ctx)}`,
    ...(serves(ctx) ? [`--JsonRpc.WebSocketsPort=${portOf(ctx, "ws")}`] : []),
  ];
}

/** Full pruning copies the state beside the old one: started too late, it has no room to finish. */
function pruning(ctx: ProcessContext): readonly string[] {
  if (ctx.kind === "archive") return [];
  const usual = ctx.network === "mainnet" ? 375_000 : 51_200;
  const free = numberOption(ctx, "pruneBelowFreeMB") ?? usual;
  return ["--Pruning.FullPruningTrigger=VolumeFreeSpace", `--Pruning.FullPruningThresholdMb=${free}`];
}

/**
 * Nethermind. Flags checked against its configuration reference and a compose stack of the same month; names are case-
 * sensitive. In its image the program is /nethermind/nethermind.
 */
export const nethermind: ClientDefinition = {
  name: "nethermind",
  title: "Nethermind",
  layer: "execution",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "1.39.3",
    image: "nethermind/nethermind:1.39.3",
    reviewed: "2026-11-24",
    source: "https://github.com/NethermindEth/nethermind/releases/tag/1.39.3",
    program: { binary: "nethermind", versionArgs: ["--version"] },
  },
  ports: executionPorts(),
  stop: { signal: "SIGINT", graceSeconds: EXECUTION_GRACE_SECONDS },
  database: stopFirst(
    "rocksdb",
    "many RocksDB databases; state that was not yet pruned is in memory and lost by a kill",
  ),
  dataPaths: ["data/nethermind_db/**", "data/db/**"],
  keyPaths: [JWT_KEY_PATH, "data/keystore/**", "data/**/jwt-secret"],
  args,
  check: (ctx) => executionProblems(ctx, NAMESPACES),
  metrics: {
    port: "metrics",
    path: "/metrics",
    series: {
      height: "ethereum_blockchain_height",
      sync_progress: "ethereum_blockchain_height / (ethereum_best_known_block_number > 0)",
      peers: "ethereum_peer_count",
      mempool_pending: "nethermind_transaction_count",
      tx_total: "nethermind_transactions",
      reorgs_total: "nethermind_reorganizations",
    },
  },
  health: evmHealth,
  rpc: { port: "rpc", writes: EVM_WRITES },
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 16, archiveMemoryGiB: 64 },
    {
      mainnet: { full: disk(1400, 35), archive: disk(20000, 600) },
      sepolia: { full: disk(500, 15), archive: disk(2000, 60) },
      hoodi: { full: disk(250, 10), archive: disk(1000, 30) },
    },
  ),
  migrations: [
    {
      version: "1.26.0",
      oneWay: true,
      what: "new state databases are keyed by half path; older releases know hash keys only",
    },
  ],
  options: {
    ...executionOptions(NAMESPACES),
    pruneBelowFreeMB: {
      type: "number",
      min: 51_200,
      max: 10_000_000,
      description:
        "Full pruning starts when less than so many megabytes are free; it needs room for a second state. Default 375000 on mainnet, 51200 elsewhere",
    },
  },
};
