import { hostPort, isLoopback } from "./addresses";
import { BITCOIN_WRITES, BTCD_AGENT_AUTH_FILE, btcdHealth } from "./bitcoin-health";
import {
  bitcoinSizing,
  fixedPeers,
  PRIVATE_BITCOIN_NETWORKS,
  pruneProblems,
  RPC_AUTH_FILE,
  wantsTxindex,
  wholeOption,
} from "./bitcoin-shared";
import type { ClientDefinition, OptionDefinition, ProcessContext, ProtocolProblem } from "./types";

/** Mainnet is btcd's default and has no flag. */
const NETWORK_FLAGS: Readonly<Record<string, readonly string[]>> = {
  mainnet: [],
  testnet4: ["--testnet4"],
  signet: ["--signet"],
  regtest: ["--regtest"],
  simnet: ["--simnet"],
};

const options: Readonly<Record<string, OptionDefinition>> = {
  utxoCacheMiB: { type: "number", min: 50, max: 65536, description: "Memory for the UTXO cache in MiB. Default 250" },
  maxPeers: { type: "number", min: 8, max: 1000, description: "Peers at most. btcd's default 125" },
  pruneMiB: {
    type: "number",
    min: 1536,
    max: 10000000,
    description: "Keep only the newest block files, in MiB. Full nodes only; going back means a new download",
  },
  txindex: { type: "boolean", description: "Index of all transactions; always on for archives. Not with pruneMiB" },
  addrIndex: { type: "boolean", description: "Index of transactions by address, for searchrawtransactions" },
  blocksOnly: { type: "boolean", description: "No transactions from peers: less traffic, no memory pool" },
  rpcMaxClients: { type: "number", min: 1, max: 10000, description: "RPC connections at once. Default 256" },
  rpcMaxConcurrentRequests: { type: "number", min: 1, max: 10000, description: "RPC requests at once. Default 64" },
  miningAddress: {
    type: "string",
    description: "Address that blocks made by the generate method pay to; wanted on regtest and simnet",
  },
};

function args(ctx: ProcessContext): readonly string[] {
  const peers = wholeOption(ctx, "maxPeers");
  const prune = wholeOption(ctx, "pruneMiB");
  const address = ctx.options.miningAddress;
  return [
    ...(NETWORK_FLAGS[ctx.network] ?? [`--${ctx.network}`]),
    `--configfile=${ctx.home}/btcd.conf`,
    `--datadir=${ctx.home}/data`,
    `--logdir=${ctx.home}/logs`,
    // It has no word for nobody: the one address that it may dial is a port that nothing listens on.
    ...(ctx.offline ? ["--nolisten", "--connect=127.0.0.1:1"] : [`--listen=${hostPort(ctx.listen, ctx.ports.p2p)}`]),
    ...(PRIVATE_BITCOIN_NETWORKS.includes(ctx.network) ? ["--nodnsseed"] : []),
    ...(ctx.announce === undefined ? [] : [`--externalip=${ctx.announce}`]),
    ...(peers === undefined ? [] : [`--maxpeers=${peers}`]),
    ...fixedPeers(ctx).map((peer) => `--addpeer=${peer}`),
    ...(ctx.kind === "mirror" || ctx.options.blocksOnly === true ? ["--blocksonly"] : []),
    ...rpc(ctx),
    `--utxocachemaxsize=${wholeOption(ctx, "utxoCacheMiB") ?? 250}`,
    ...(prune === undefined ? [] : [`--prune=${prune}`]),
    ...(wantsTxindex(ctx) ? ["--txindex"] : []),
    ...(ctx.options.addrIndex === true ? ["--addrindex"] : []),
    ...(typeof address === "string" ? [`--miningaddr=${address}`] : []),
  ];
}

/** btcd itself refuses plain HTTP on anything but loopback; elsewhere it stays encrypted, see `check`. */
function rpc(ctx: ProcessContext): readonly string[] {
  const transport = isLoopback(ctx.listen)
    ? ["--notls"]
    : [`--rpccert=${ctx.home}/rpc.cert`, `--rpckey=${ctx.home}/rpc.key`];
  return [
    `--rpclisten=${hostPort(ctx.listen, ctx.ports.rpc)}`,
    ...transport,
    `--rpcmaxclients=${wholeOption(ctx, "rpcMaxClients") ?? 256}`,
    `--rpcmaxconcurrentreqs=${wholeOption(ctx, "rpcMaxConcurrentRequests") ?? 64}`,
  ];
}

/** The agent and the balancers speak plain HTTP, which btcd serves on loopback only. */
function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  const problems = [...pruneProblems(ctx, ["txindex", "addrIndex"])];
  if (!isLoopback(ctx.listen)) {
    problems.push({
      path: "client",
      got: "btcd",
      allowed: "bitcoind on this target",
      fix: "btcd serves plain RPC on loopback only, where the agent cannot ask it; it runs on the local target",
      code: "CLIENT_LOOPBACK_ONLY",
    });
  }
  return problems;
}

/**
 * btcd, the Bitcoin node in Go: builds anywhere from the Go module proxy and has simnet, a private network that needs no
 * outside peer. No metrics endpoint of its own: the agent's probes feed the canonical series. RPC users and their passwords
 * are in `btcd.conf`, never on the command line.
 */
export const btcd: ClientDefinition = {
  name: "btcd",
  title: "btcd",
  layer: "node",
  kinds: ["full", "archive", "mirror"],
  networks: Object.keys(NETWORK_FLAGS),
  release: {
    version: "0.26.2",
    image: "ghcr.io/btcsuite/btcd:v0.26.2",
    reviewed: "2026-11-24",
    source: "https://github.com/btcsuite/btcd/releases/tag/v0.26.2",
    program: {
      binary: "btcd",
      goModule: { module: "github.com/btcsuite/btcd", package: "github.com/btcsuite/btcd", version: "v0.26.2" },
      versionArgs: ["--version"],
    },
  },
  ports: [
    { name: "p2p", port: 8333, transport: "tcp", exposure: "p2p" },
    { name: "rpc", port: 8334, transport: "tcp", exposure: "rpc" },
  ],
  // The UTXO cache is written at the end, which btcd says can take several minutes.
  stop: { signal: "SIGTERM", graceSeconds: 600 },
  database: {
    engine: "ffldb",
    consistency: "stop",
    note: "flat block files with LevelDB metadata; the UTXO cache is written at intervals and at the end",
  },
  // The list of peers beside it is a node's own.
  dataPaths: ["data/*/blocks_ffldb/**"],
  keyPaths: ["btcd.conf", RPC_AUTH_FILE, BTCD_AGENT_AUTH_FILE, "rpc.cert", "rpc.key"],
  args,
  check,
  health: btcdHealth,
  rpc: { port: "rpc", writes: BITCOIN_WRITES },
  sizing: bitcoinSizing,
  migrations: [],
  options,
};
