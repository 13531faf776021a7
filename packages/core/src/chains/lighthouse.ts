import { beaconHealth } from "./beacon-health";
import {
  CONSENSUS_GRACE_SECONDS,
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
  return [
    "beacon_node",
    `--network=${ctx.network}`,
    `--datadir=${dataDirectory(ctx)}`,
    `--execution-endpoint=${engineUrl(ctx)}`,
    `--execution-jwt=${jwtFile(ctx)}`,
    ...start(ctx),
    ...network(ctx),
    "--http",
    `--http-address=${ctx.listen}`,
    `--http-port=${portOf(ctx, "beacon")}`,
    "--metrics",
    `--metrics-address=${ctx.listen}`,
    `--metrics-port=${portOf(ctx, "metrics")}`,
    // Logs go to the target, which rotates them.
    "--logfile-max-number=0",
    ...(keepsStates(ctx) ? ["--archive", "--genesis-backfill"] : []),
  ];
}

/** Offline it opens a database of any age, and none that is empty. */
function start(ctx: ProcessContext): readonly string[] {
  if (ctx.offline) return ["--ignore-ws-check"];
  const url = checkpointUrl(ctx);
  return url === undefined ? ["--allow-insecure-genesis-sync"] : [`--checkpoint-sync-url=${url}`];
}

function network(ctx: ProcessContext): readonly string[] {
  const ip = announcedIp(ctx);
  const peers = consensusPeers(ctx);
  const [p2p, quic] = [portOf(ctx, "p2p"), portOf(ctx, "quic")];
  return [
    `--listen-address=${ctx.offline ? ctx.listen : "0.0.0.0"}`,
    `--port=${p2p}`,
    `--discovery-port=${p2p}`,
    `--quic-port=${quic}`,
    "--disable-upnp",
    ...(ip === undefined
      ? []
      : [`--enr-address=${ip}`, `--enr-tcp-port=${p2p}`, `--enr-udp-port=${p2p}`, `--enr-quic-port=${quic}`]),
    ...(ctx.offline
      ? ["--disable-discovery", "--target-peers=0"]
      : flag("--target-peers", numberOption(ctx, "targetPeers"))),
    ...(peers.length === 0 ? [] : [`--libp2p-addresses=${peers.join(",")}`]),
  ];
}

/** Lighthouse. Flags checked against the help page of its book at 8.x and a compose stack of the pinned release's month. */
export const lighthouse: ClientDefinition = {
  name: "lighthouse",
  title: "Lighthouse",
  layer: "consensus",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "8.2.2",
    image: "sigp/lighthouse:v8.2.2",
    reviewed: "2026-11-24",
    source: "https://github.com/sigp/lighthouse/releases/tag/v8.2.2",
    program: { binary: "lighthouse", versionArgs: ["--version"] },
  },
  ports: consensusPorts(5054),
  stop: { signal: "SIGTERM", graceSeconds: CONSENSUS_GRACE_SECONDS },
  database: crashSafe("leveldb", "LevelDB for recent and old blocks and for blobs, each with a log of its own"),
  dataPaths: ["data/beacon/chain_db/**", "data/beacon/freezer_db/**", "data/beacon/blobs_db/**"],
  keyPaths: [JWT_KEY_PATH, "data/beacon/network/key", "data/validators/**", "data/secrets/**"],
  args,
  check: consensusProblems,
  metrics: {
    port: "metrics",
    path: "/metrics",
    // Heights are slots here, which must not meet the execution layer's blocks in one series.
    series: {
      slots_behind: "slotclock_present_slot - beacon_head_slot",
      syncing: "sync_eth2_synced == bool 0",
      peers: "libp2p_peers",
      reorgs_total: "beacon_reorgs_total",
      // Keeps its last value for ever: only with the counter beside it.
      reorg_depth: "beacon_fork_choice_reorg_distance",
      info: "lighthouse_info",
    },
  },
  health: beaconHealth,
  sizing: sizingOf(
    { cpu: 4, memoryGiB: 8 },
    {
      mainnet: { full: disk(300, 8) },
      sepolia: { full: disk(200, 5) },
      hoodi: { full: disk(200, 5) },
    },
  ),
  migrations: [
    { version: "6.0.0", oneWay: true, what: "database schema 22; earlier releases cannot open it" },
    { version: "7.1.0", oneWay: false, what: "database schema 26; back with `lighthouse db migrate --to 22`" },
    { version: "8.0.0", oneWay: true, what: "database schema 28; there is no way back after the Fulu fork" },
  ],
  options: consensusOptions("States are rebuilt after the sync; needs some 500 GiB more on mainnet"),
};
