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
  textOption,
} from "./evm-shared";
import type { ClientDefinition, ProcessContext, ProtocolProblem } from "./types";

function args(ctx: ProcessContext): readonly string[] {
  return [
    `--network=${ctx.network}`,
    `--data-dir=${dataDirectory(ctx)}`,
    "--non-interactive",
    "--status-bar=false",
    `--el=${engineUrl(ctx)}`,
    `--jwt-secret=${jwtFile(ctx)}`,
    ...start(ctx),
    `--history=${keepsStates(ctx) ? "archive" : "prune"}`,
    ...network(ctx),
    "--rest",
    `--rest-address=${ctx.listen}`,
    `--rest-port=${portOf(ctx, "beacon")}`,
    "--metrics",
    `--metrics-address=${ctx.listen}`,
    `--metrics-port=${portOf(ctx, "metrics")}`,
  ];
}

/** Without a root to check it by, Nimbus ignores the server and syncs from genesis. */
function start(ctx: ProcessContext): readonly string[] {
  const root = textOption(ctx, "trustedBlockRoot");
  const url = checkpointUrl(ctx);
  if (root === undefined || url === undefined) return [];
  return [`--external-beacon-api-url=${url}`, `--trusted-block-root=${root}`];
}

function network(ctx: ProcessContext): readonly string[] {
  const ip = announcedIp(ctx);
  return [
    `--tcp-port=${portOf(ctx, "p2p")}`,
    `--udp-port=${portOf(ctx, "p2p")}`,
    // A server opens no ports of the router that it happens to stand behind; peers tell it its address.
    ...(ip === undefined ? ["--nat=none", "--enr-auto-update=true"] : [`--nat=extip:${ip}`]),
    ...(ctx.offline ? ["--max-peers=0", "--discv5=false"] : flag("--max-peers", numberOption(ctx, "targetPeers"))),
    ...consensusPeers(ctx).map((peer) => `--direct-peer=${peer}`),
  ];
}

function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  const got = textOption(ctx, "trustedBlockRoot");
  const root =
    got === undefined || /^0x[0-9a-f]{64}$/i.test(got)
      ? []
      : [
          {
            path: "options.trustedBlockRoot",
            got,
            allowed: "0x and 64 hex digits",
            fix: "copy the root of a recent finalized block from a node or explorer that you trust",
            code: "BLOCK_ROOT",
          },
        ];
  return [...consensusProblems(ctx), ...root];
}

/**
 * Nimbus' beacon node. Flags checked against its configuration source and a compose stack of the same month. Its usual
 * checkpoint sync is a separate run (`trustedNodeSync`) that a process plan cannot express: give `trustedBlockRoot`, or
 * it syncs from genesis. In its image the program is /home/user/nimbus-eth2/build/nimbus_beacon_node.
 */
export const nimbus: ClientDefinition = {
  name: "nimbus",
  title: "Nimbus",
  layer: "consensus",
  kinds: ETHEREUM_KINDS,
  networks: ETHEREUM_NETWORKS,
  release: {
    version: "26.7.0",
    image: "statusim/nimbus-eth2:multiarch-v26.7.0",
    reviewed: "2026-11-24",
    source: "https://github.com/status-im/nimbus-eth2/releases/tag/v26.7.0",
    program: { binary: "nimbus_beacon_node", versionArgs: ["--version"] },
  },
  ports: consensusPorts(8008).filter((port) => port.name !== "quic"),
  stop: { signal: "SIGTERM", graceSeconds: CONSENSUS_GRACE_SECONDS },
  database: crashSafe("sqlite", "one SQLite database with a write-ahead log"),
  dataPaths: ["data/db/**", "data/era/**"],
  // Its network key is new at every start and never on disk.
  keyPaths: [JWT_KEY_PATH, "data/validators/**", "data/secrets/**", "data/*.token"],
  args,
  check,
  metrics: {
    port: "metrics",
    path: "/metrics",
    // Heights are slots here, which must not meet the execution layer's blocks in one series.
    series: {
      slots_behind: "beacon_slot - beacon_head_slot",
      peers: "nbc_peers",
      reorgs_total: "beacon_reorgs_total_total",
      info: "version",
    },
  },
  health: beaconHealth,
  sizing: sizingOf(
    { cpu: 2, memoryGiB: 6 },
    {
      mainnet: { full: disk(250, 8) },
      sepolia: { full: disk(200, 5) },
      hoodi: { full: disk(200, 5) },
    },
  ),
  migrations: [],
  options: {
    ...consensusOptions("Needs 2 TiB on mainnet"),
    trustedBlockRoot: {
      type: "string",
      description:
        "Root of a recent finalized block that you trust; with it the first sync takes minutes instead of weeks, from the server of checkpointSyncUrl, which must serve light-client data. Default: none, sync from genesis",
    },
  },
};
