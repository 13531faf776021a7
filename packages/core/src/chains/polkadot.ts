import { isLoopback } from "./addresses";
import { SUBSTRATE_WRITES, substrateHealth } from "./substrate-health";
import type { ClientDefinition, Kind, OptionDefinition, ProcessContext, ProtocolProblem, Sizing } from "./types";

/** File below the home with the node's network identity; derived from the seed. */
export const NODE_KEY_FILE = "node.key";

const NETWORKS = ["polkadot", "kusama", "westend", "paseo"] as const;

const options: Readonly<Record<string, OptionDefinition>> = {
  statePruning: {
    type: "number",
    min: 256,
    max: 100000000,
    description:
      "Finalized blocks whose state is kept. Default 256; archives keep all. Fixed once the database is made",
  },
  blocksPruning: {
    type: "number",
    min: 256,
    max: 100000000,
    description: "Finalized blocks whose bodies are kept. Default all. Not for archives",
  },
  sync: {
    type: "string",
    allowed: ["warp", "full", "fast"],
    description: "How an empty database is filled. Default warp; archives execute every block (full)",
  },
  database: {
    type: "string",
    allowed: ["paritydb", "rocksdb"],
    description: "Database engine. Default paritydb. Another one cannot read the data: changing it means a new sync",
  },
  dbCacheMiB: { type: "number", min: 8, max: 65536, description: "Memory for the database cache in MiB" },
  inPeers: { type: "number", min: 0, max: 10000, description: "Full nodes that may connect. polkadot's default 32" },
  outPeers: { type: "number", min: 1, max: 10000, description: "Full nodes that are dialled. polkadot's default 8" },
  rpcMaxConnections: { type: "number", min: 1, max: 100000, description: "RPC connections at once. Default 1000" },
  rpcCors: { type: "string", description: "Comma-separated origins whose web pages may ask RPC, or all" },
  rpcMethods: {
    type: "string",
    allowed: ["safe", "auto"],
    description:
      "safe (default) or auto, which opens key management on loopback: needed while session keys are rotated",
  },
  telemetry: { type: "boolean", description: "Report the node to the public telemetry page. Default false" },
};

function args(ctx: ProcessContext): readonly string[] {
  return [
    `--chain=${ctx.network}`,
    `--base-path=${ctx.home}`,
    `--name=${`${ctx.cluster}-${ctx.node}`.slice(0, 63)}`,
    ...(ctx.kind === "validator" ? ["--validator"] : []),
    ...storage(ctx),
    ...network(ctx),
    ...rpc(ctx),
    `--prometheus-port=${ctx.ports.metrics}`,
    ...(isLoopback(ctx.listen) ? [] : ["--prometheus-external"]),
    ...(ctx.options.telemetry === true && !ctx.offline ? [] : ["--no-telemetry"]),
  ];
}

function storage(ctx: ProcessContext): readonly string[] {
  const archive = ctx.kind === "archive";
  const state = archive ? "archive" : number(ctx, "statePruning", 256);
  const blocks = archive ? "archive" : number(ctx, "blocksPruning", "archive-canonical");
  return [
    `--database=${ctx.options.database ?? "paritydb"}`,
    `--state-pruning=${state}`,
    `--blocks-pruning=${blocks}`,
    `--sync=${ctx.options.sync ?? (archive ? "full" : "warp")}`,
    ...flag(ctx, "dbCacheMiB", "--db-cache"),
  ];
}

function network(ctx: ProcessContext): readonly string[] {
  return [
    `--node-key-file=${ctx.home}/${NODE_KEY_FILE}`,
    // Without it every node but a validator listens for web sockets only.
    `--listen-addr=${multiaddr(ctx.listen, ctx.ports.p2p)}`,
    ...(ctx.announce === undefined ? [] : [`--public-addr=${multiaddr(ctx.announce, ctx.ports.p2p)}`]),
    ...ctx.peers.map((peer) => `--reserved-nodes=${peer}`),
    // Takes blocks from nobody. No word keeps it from asking the boot nodes of a chain's specification who else is there.
    ...(ctx.offline
      ? ["--reserved-only", "--in-peers=0", "--out-peers=0"]
      : [...flag(ctx, "inPeers", "--in-peers"), ...flag(ctx, "outPeers", "--out-peers")]),
    "--no-mdns",
  ];
}

/** polkadot binds RPC to loopback or to all interfaces, nothing between. A validator needs the outspoken form of the flag. */
function rpc(ctx: ProcessContext): readonly string[] {
  const external = ctx.kind === "validator" ? "--unsafe-rpc-external" : "--rpc-external";
  const { rpcCors } = ctx.options;
  return [
    `--rpc-port=${ctx.ports.rpc}`,
    `--rpc-methods=${ctx.options.rpcMethods ?? "safe"}`,
    ...(isLoopback(ctx.listen) ? [] : [external]),
    ...flag(ctx, "rpcMaxConnections", "--rpc-max-connections", 1000),
    ...(rpcCors === undefined ? [] : [`--rpc-cors=${rpcCors}`]),
  ];
}

function number(ctx: ProcessContext, name: string, fallback: number | string): number | string {
  const value = ctx.options[name];
  return typeof value === "number" ? Math.trunc(value) : fallback;
}

function flag(ctx: ProcessContext, name: string, text: string, fallback?: number): readonly string[] {
  const value = typeof ctx.options[name] === "number" ? Math.trunc(ctx.options[name]) : fallback;
  return value === undefined ? [] : [`${text}=${value}`];
}

function multiaddr(host: string, port: number | undefined): string {
  if (host.includes(":")) return `/ip6/${host}/tcp/${port}`;
  return /^[\d.]+$/.test(host) ? `/ip4/${host}/tcp/${port}` : `/dns/${host}/tcp/${port}`;
}

/** An archive keeps every block and every state, and that takes executing every block. */
function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  if (ctx.kind !== "archive") return [];
  const refuse = (name: string, allowed: string): ProtocolProblem[] => {
    const path = `options.${name}`;
    const fix = "remove it: an archive keeps everything and executes every block";
    return [{ path, got: ctx.options[name], allowed, fix, code: "ARCHIVE_PRUNED" }];
  };
  const pruned = ["statePruning", "blocksPruning"].filter((name) => ctx.options[name] !== undefined);
  const { sync } = ctx.options;
  return [
    ...pruned.flatMap((name) => refuse(name, 'it with kind "full" only')),
    ...(sync === undefined || sync === "full" ? [] : refuse("sync", '"full"')),
  ];
}

/** 2 TB and 8 cores with 32 GB for validators are Parity's own figures; the others are estimates with room to grow. */
function sizing(network: string, kind: Kind): Sizing {
  const live = network === "polkadot" || network === "kusama";
  if (kind === "archive") {
    return { cpu: 8, memoryGiB: 32, diskGiB: live ? 4000 : 1500, growthGiBPerMonth: live ? 60 : 25 };
  }
  if (kind === "validator") {
    return { cpu: 8, memoryGiB: 32, diskGiB: live ? 2000 : 1000, growthGiBPerMonth: live ? 20 : 10 };
  }
  return { cpu: 4, memoryGiB: 16, diskGiB: live ? 1000 : 500, growthGiBPerMonth: live ? 20 : 10 };
}

const RPC_P95 =
  "histogram_quantile(0.95, sum by (network, node, client, role, stack, le) (rate(substrate_rpc_calls_time_bucket[5m]))) / 1e6";

/**
 * The polkadot relay chain node of the Polkadot SDK. Release stable2606 calls itself 1.24.0. Session keys of validators come
 * from `author_rotateKeys` on the node itself and never from the seed; only the network identity does.
 *
 * Flags checked against the SDK's command line source (run_cmd.rs, network_params.rs, pruning_params.rs, arg_enums.rs).
 */
export const polkadot: ClientDefinition = {
  name: "polkadot",
  title: "Polkadot",
  layer: "node",
  kinds: ["full", "archive", "validator", "seed", "mirror"],
  networks: NETWORKS,
  release: {
    version: "1.24.0",
    image: "parity/polkadot:v1.24.0",
    reviewed: "2026-11-24",
    source: "https://github.com/paritytech/polkadot-sdk/releases/tag/polkadot-stable2606",
    program: { binary: "polkadot", versionArgs: ["--version"] },
  },
  ports: [
    { name: "p2p", port: 30333, transport: "tcp", exposure: "p2p" },
    { name: "rpc", port: 9944, transport: "tcp", exposure: "rpc" },
    { name: "metrics", port: 9615, transport: "tcp", exposure: "metrics" },
  ],
  stop: { signal: "SIGTERM", graceSeconds: 300 },
  database: {
    engine: "paritydb",
    consistency: "stop",
    note: "ParityDB or RocksDB; a copy of either while it is written to is corrupt",
  },
  dataPaths: ["chains/*/paritydb/**", "chains/*/db/**"],
  keyPaths: [NODE_KEY_FILE, "chains/*/keystore/**", "chains/*/network/secret_ed25519"],
  args,
  check,
  metrics: {
    port: "metrics",
    path: "/metrics",
    series: {
      height: 'substrate_block_height{status="best"}',
      finalized_height: 'substrate_block_height{status="finalized"}',
      syncing: "substrate_sub_libp2p_is_major_syncing",
      sync_progress:
        'substrate_block_height{status="best"} / ignoring (status) substrate_block_height{status="sync_target"}',
      peers: "substrate_sub_libp2p_peers_count",
      mempool_pending: "substrate_ready_transactions_number",
      "rpc_latency_seconds:p95": RPC_P95,
      start_time_seconds: "substrate_process_start_time_seconds",
      info: "substrate_build_info",
    },
    // One series per parachain stage and per task: thousands, and no question of ours needs them.
    drop: ["polkadot_parachain_.*_bucket", "substrate_tasks_polling_duration_.*"],
  },
  health: substrateHealth,
  rpc: { port: "rpc", writes: SUBSTRATE_WRITES },
  sizing,
  migrations: [],
  options,
};
