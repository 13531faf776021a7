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

function args(ctx: ProcessContext): readonly string[] {
  const url = checkpointUrl(ctx);
  return [
    "--accept-terms-of-use",
    `--${ctx.network}`,
    `--datadir=${dataDirectory(ctx)}`,
    `--execution-endpoint=${engineUrl(ctx)}`,
    `--jwt-secret=${jwtFile(ctx)}`,
    ...flag("--checkpoint-sync-url", url),
    // Only mainnet's first state is inside the program; others keep it beside the database once they have it.
    ...(ctx.network === "mainnet" || ctx.offline ? [] : [`--genesis-beacon-api-url=${url ?? checkpointServer(ctx)}`]),
    ...network(ctx),
    `--http-host=${ctx.listen}`,
    `--http-port=${portOf(ctx, "beacon")}`,
    // For Prysm's own validator client, which this node does not have.
    "--rpc-host=127.0.0.1",
    `--rpc-port=${portOf(ctx, "grpc")}`,
    `--monitoring-host=${ctx.listen}`,
    `--monitoring-port=${portOf(ctx, "metrics")}`,
    keepsStates(ctx) ? "--slots-per-archive-point=32" : "--beacon-db-pruning",
  ];
}

function network(ctx: ProcessContext): readonly string[] {
  return [
    `--p2p-tcp-port=${portOf(ctx, "p2p")}`,
    `--p2p-udp-port=${portOf(ctx, "p2p")}`,
    `--p2p-quic-port=${portOf(ctx, "quic")}`,
    // Peers know the node again after a restart.
    "--p2p-static-id",
    ...flag("--p2p-host-ip", announcedIp(ctx)),
    ...(ctx.offline
      ? ["--no-discovery", "--p2p-max-peers=0"]
      : flag("--p2p-max-peers", numberOption(ctx, "targetPeers"))),
    ...consensusPeers(ctx).map((peer) => `--peer=${peer}`),
  ];
}

/**
 * Prysm's beacon node. Flags were accepted by the real program of 6.0.4, the newest that the Go module proxy has, and
 * checked against stacks that run 7.x. In its image the program lies where only the image's own entry point finds it.
 */
export const prysm: ClientDefinition = {
  name: "prysm",
  title: "Prysm",
  layer: "consensus",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "7.1.8",
    image: "gcr.io/offchainlabs/prysm/beacon-chain:v7.1.8",
    reviewed: "2026-11-24",
    source: "https://github.com/OffchainLabs/prysm/releases/tag/v7.1.8",
    program: { binary: "beacon-chain", versionArgs: ["--version"] },
  },
  ports: [...consensusPorts(8080), { name: "grpc", port: 4000, transport: "tcp", exposure: "internal" }],
  stop: { signal: "SIGTERM", graceSeconds: CONSENSUS_GRACE_SECONDS },
  database: crashSafe("bolt", "one file that is written by transactions; blobs and data columns are files beside it"),
  dataPaths: ["data/beaconchaindata/**", "data/blobs/**", "data/data-columns/**", "data/genesis/**"],
  keyPaths: [JWT_KEY_PATH, "data/network-keys", "data/auth-token"],
  args,
  check: consensusProblems,
  metrics: {
    port: "metrics",
    path: "/metrics",
    // Heights are slots here, which must not meet the execution layer's blocks in one series.
    series: {
      slots_behind: "beacon_clock_time_slot - beacon_head_slot",
      peers: 'sum without (state) (p2p_peer_count{state="Connected"})',
      reorgs_total: "beacon_reorgs_total",
      reorg_depth: "histogram_quantile(0.99, sum without (instance) (increase(reorg_depth_bucket[15m])))",
      start_time_seconds: "process_start_time_seconds",
      info: "prysm_version",
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
  options: consensusOptions("States since the checkpoint only; needs terabytes within a year on mainnet"),
};
