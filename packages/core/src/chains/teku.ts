import { beaconHealth } from "./beacon-health";
import {
  CONSENSUS_GRACE_SECONDS,
  checkpointServer,
  checkpointUrl,
  consensusOptions,
  consensusPeers,
  consensusPorts,
  consensusProblems,
  crashSafe,
  engineUrl,
  keepsStates,
} from "./beacon-shared";
import { disk, sizingOf } from "./ethereum-sizing";
import {
  allowedHosts,
  announcedIp,
  dataDirectory,
  ETHEREUM_KINDS,
  ETHEREUM_NETWORKS,
  flag,
  JWT_KEY_PATH,
  jwtFile,
  numberOption,
  portOf,
} from "./evm-shared";
import type { ClientDefinition, ProcessContext } from "./types";

const USUAL_HEAP_MIB = 8192;

function args(ctx: ProcessContext): readonly string[] {
  const hosts = allowedHosts(ctx.listen).join(",");
  return [
    `--network=${ctx.network}`,
    `--data-path=${dataDirectory(ctx)}`,
    `--data-storage-mode=${keepsStates(ctx) ? "ARCHIVE" : "MINIMAL"}`,
    `--ee-endpoint=${engineUrl(ctx)}`,
    `--ee-jwt-secret-file=${jwtFile(ctx)}`,
    ...start(ctx),
    ...network(ctx),
    "--rest-api-enabled=true",
    `--rest-api-interface=${ctx.listen}`,
    `--rest-api-port=${portOf(ctx, "beacon")}`,
    `--rest-api-host-allowlist=${hosts}`,
    "--metrics-enabled=true",
    `--metrics-interface=${ctx.listen}`,
    `--metrics-port=${portOf(ctx, "metrics")}`,
    `--metrics-host-allowlist=${hosts}`,
    "--log-destination=CONSOLE",
  ];
}

/** A checkpoint has no states before it, so an archive starts at genesis. */
function start(ctx: ProcessContext): readonly string[] {
  const url = checkpointUrl(ctx);
  if (url !== undefined && !keepsStates(ctx)) return [`--checkpoint-sync-url=${url}`];
  // Hoodi's first state is not inside the program; a database has it.
  const first =
    ctx.network === "hoodi" && !ctx.offline
      ? [`--initial-state=${url ?? checkpointServer(ctx)}/eth/v2/debug/beacon/states/genesis`]
      : [];
  return [...first, "--ignore-weak-subjectivity-period-enabled=true"];
}

function network(ctx: ProcessContext): readonly string[] {
  const peers = consensusPeers(ctx);
  const target = numberOption(ctx, "targetPeers");
  return [
    `--p2p-port=${portOf(ctx, "p2p")}`,
    `--p2p-quic-port=${portOf(ctx, "quic")}`,
    ...flag("--p2p-advertised-ip", announcedIp(ctx)),
    ...(target === undefined
      ? []
      : [`--p2p-peer-lower-bound=${Math.max(1, Math.floor(target * 0.8))}`, `--p2p-peer-upper-bound=${target}`]),
    ...(ctx.offline ? ["--p2p-enabled=false"] : []),
    ...(peers.length === 0 ? [] : [`--p2p-static-peers=${peers.join(",")}`]),
  ];
}

/**
 * Teku's beacon node. Flags checked against its option reference and a compose stack of the same month; QUIC has a flag
 * for its port since 26.7. In its image the program is /opt/teku/bin/teku.
 */
export const teku: ClientDefinition = {
  name: "teku",
  title: "Teku",
  layer: "consensus",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "26.8.0",
    image: "consensys/teku:26.8.0",
    reviewed: "2026-11-24",
    source: "https://github.com/Consensys/teku/releases/tag/26.8.0",
    program: { binary: "teku", versionArgs: ["--version"] },
  },
  ports: consensusPorts(8008),
  stop: { signal: "SIGTERM", graceSeconds: CONSENSUS_GRACE_SECONDS },
  database: crashSafe("leveldb", "LevelDB with a log of its own"),
  dataPaths: ["data/beacon/db/**", "data/beacon/archive/**", "data/beacon/network.yml", "data/beacon/db.version"],
  keyPaths: [JWT_KEY_PATH, "data/beacon/kvstore/generated-node-key.dat", "data/validator/**"],
  args,
  env: (ctx) => ({ JAVA_OPTS: `-Xmx${numberOption(ctx, "beaconHeapMiB") ?? USUAL_HEAP_MIB}m` }),
  check: consensusProblems,
  metrics: {
    port: "metrics",
    path: "/metrics",
    // Heights are slots here, which must not meet the execution layer's blocks in one series.
    series: {
      slots_behind: "beacon_slot - beacon_head_slot",
      syncing: "beacon_node_syncing_active",
      peers: "libp2p_peers",
      start_time_seconds: "process_start_time_seconds",
      info: "beacon_teku_version_total",
    },
  },
  health: beaconHealth,
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 12 },
    {
      mainnet: { full: disk(350, 8) },
      sepolia: { full: disk(200, 5) },
      hoodi: { full: disk(200, 5) },
    },
  ),
  migrations: [],
  options: {
    ...consensusOptions("Syncs from genesis, for weeks; needs several terabytes more on mainnet"),
    beaconHeapMiB: {
      type: "number",
      min: 2048,
      max: 131072,
      description: "Java heap of Teku in MiB. Default 8192",
    },
  },
};
