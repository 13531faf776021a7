import { hostPort, isLoopback } from "./addresses";
import { BITCOIN_WRITES, bitcoindHealth } from "./bitcoin-health";
import {
  bitcoinSizing,
  fixedPeers,
  PRIVATE_BITCOIN_NETWORKS,
  pruneProblems,
  RPC_AUTH_FILE,
  wantsTxindex,
  wholeOption,
} from "./bitcoin-shared";
import type { ClientDefinition, OptionDefinition, ProcessContext } from "./types";

const CHAINS: Readonly<Record<string, string>> = {
  mainnet: "main",
  testnet4: "testnet4",
  signet: "signet",
  regtest: "regtest",
};

/** Addresses of private networks and of carriers: pods and containers live there, the internet does not. */
const INSIDE = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

const options: Readonly<Record<string, OptionDefinition>> = {
  dbcacheMiB: {
    type: "number",
    min: 4,
    max: 65536,
    description:
      "Memory for the UTXO cache in MiB; more speeds up the first sync. Default 2048 on mainnet, 450 elsewhere",
  },
  maxMempoolMB: {
    type: "number",
    min: 5,
    max: 100000,
    description: "Memory pool in megabytes. bitcoind's default 300",
  },
  maxConnections: { type: "number", min: 8, max: 1000, description: "Peers at most. bitcoind's default 125" },
  maxUploadMiBPerDay: { type: "number", min: 0, max: 100000000, description: "Upload per day in MiB, 0 for no limit" },
  pruneMiB: {
    type: "number",
    min: 550,
    max: 10000000,
    description: "Keep only the newest block files, in MiB. Full nodes only; going back means a new download",
  },
  txindex: { type: "boolean", description: "Index of all transactions; always on for archives. Not with pruneMiB" },
  blockFilterIndex: {
    type: "boolean",
    description: "Compact filters for light wallets (BIP 158), served to peers too",
  },
  coinStatsIndex: { type: "boolean", description: "Statistics of the UTXO set at every height, for gettxoutsetinfo" },
  blocksOnly: { type: "boolean", description: "No transactions from peers: less traffic, no memory pool" },
  rpcThreads: { type: "number", min: 1, max: 256, description: "Threads that answer RPC. bitcoind's default 16" },
  rpcAllowIp: {
    type: "string",
    description: "Comma-separated networks that may ask RPC where it is not bound to loopback. Default: private ranges",
  },
  wallet: { type: "boolean", description: "Build a wallet into a node that serves requests. Default false" },
};

function args(ctx: ProcessContext): readonly string[] {
  return [
    `-chain=${CHAINS[ctx.network] ?? ctx.network}`,
    `-datadir=${ctx.home}`,
    `-rpccookiefile=${ctx.home}/.cookie`,
    "-server=1",
    "-printtoconsole=1",
    "-nodebuglogfile",
    ...network(ctx),
    ...(ctx.offline ? ["-connect=0", "-dnsseed=0", "-fixedseeds=0"] : []),
    ...rpc(ctx),
    ...storage(ctx),
  ];
}

function network(ctx: ProcessContext): readonly string[] {
  const uploads = wholeOption(ctx, "maxUploadMiBPerDay");
  const connections = wholeOption(ctx, "maxConnections");
  return [
    `-bind=${hostPort(ctx.listen, ctx.ports.p2p)}`,
    // On by default since 30.0; a server does not open ports of the router it happens to stand behind.
    "-natpmp=0",
    "-listenonion=0",
    ...(PRIVATE_BITCOIN_NETWORKS.includes(ctx.network) ? ["-dnsseed=0", "-discover=0"] : []),
    ...(ctx.announce === undefined ? [] : [`-externalip=${ctx.announce}`]),
    ...(connections === undefined ? [] : [`-maxconnections=${connections}`]),
    ...(uploads === undefined ? [] : [`-maxuploadtarget=${uploads}M`]),
    ...(ctx.kind === "mirror" || ctx.options.blocksOnly === true ? ["-blocksonly=1"] : []),
    ...fixedPeers(ctx).map((peer) => `-addnode=${peer}`),
  ];
}

/** Without `-rpcallowip` bitcoind ignores `-rpcbind`. */
function rpc(ctx: ProcessContext): readonly string[] {
  const threads = wholeOption(ctx, "rpcThreads");
  const asked = typeof ctx.options.rpcAllowIp === "string" ? ctx.options.rpcAllowIp.split(",") : INSIDE;
  const allowed = isLoopback(ctx.listen) ? ["127.0.0.1", "::1"] : asked.map((s) => s.trim()).filter((s) => s !== "");
  return [
    `-rpcbind=${hostPort(ctx.listen, ctx.ports.rpc)}`,
    `-rpcport=${ctx.ports.rpc}`,
    ...allowed.map((address) => `-rpcallowip=${address}`),
    ...(threads === undefined ? [] : [`-rpcthreads=${threads}`]),
  ];
}

function storage(ctx: ProcessContext): readonly string[] {
  const cache = wholeOption(ctx, "dbcacheMiB") ?? (ctx.network === "mainnet" ? 2048 : 450);
  const mempool = wholeOption(ctx, "maxMempoolMB");
  const prune = wholeOption(ctx, "pruneMiB");
  return [
    ...(ctx.options.wallet === true ? [] : ["-disablewallet=1"]),
    `-dbcache=${cache}`,
    ...(mempool === undefined ? [] : [`-maxmempool=${mempool}`]),
    ...(prune === undefined ? [] : [`-prune=${prune}`]),
    ...(wantsTxindex(ctx) ? ["-txindex=1"] : []),
    ...(ctx.options.blockFilterIndex === true ? ["-blockfilterindex=1", "-peerblockfilters=1"] : []),
    ...(ctx.options.coinStatsIndex === true ? ["-coinstatsindex=1"] : []),
  ];
}

/**
 * Bitcoin Core. It has no metrics endpoint of its own: the agent's probes feed the canonical series, and an exporter beside
 * it would only ask the same RPC again. It reads `bitcoin.conf` in its home for the RPC users' salted password.
 *
 * Flags checked against the manual page of 29.1 and the release notes of 30.0 and 31.0, which removed none of them.
 */
export const bitcoind: ClientDefinition = {
  name: "bitcoind",
  title: "Bitcoin Core",
  layer: "node",
  kinds: ["full", "archive", "mirror"],
  networks: Object.keys(CHAINS),
  release: {
    version: "31.1",
    image: "bitcoin/bitcoin:31.1",
    reviewed: "2026-11-24",
    source: "https://bitcoincore.org/en/releases/31.1/",
    program: { binary: "bitcoind", versionArgs: ["-version"] },
  },
  ports: [
    { name: "p2p", port: 8333, transport: "tcp", exposure: "p2p" },
    { name: "rpc", port: 8332, transport: "tcp", exposure: "rpc" },
  ],
  // The UTXO cache is written at the end: cut short, hours of validation are done again.
  stop: { signal: "SIGTERM", graceSeconds: 600 },
  database: {
    engine: "leveldb",
    consistency: "stop",
    note: "LevelDB for UTXOs, block index and indexes beside flat block files, written at different times",
  },
  dataPaths: ["blocks/**", "chainstate*/**", "indexes/**", "*/blocks/**", "*/chainstate*/**", "*/indexes/**"],
  keyPaths: [
    ".cookie",
    "bitcoin.conf",
    RPC_AUTH_FILE,
    "**/settings.json",
    "**/wallets/**",
    "**/wallet.dat*",
    "**/onion_v3_private_key",
    "**/i2p_private_key",
  ],
  args,
  check: (ctx) => pruneProblems(ctx, ["txindex"]),
  health: bitcoindHealth,
  rpc: { port: "rpc", writes: BITCOIN_WRITES },
  sizing: bitcoinSizing,
  migrations: [
    {
      version: "28.0",
      oneWay: true,
      what: "new block directories are obfuscated with a key in blocks/xor.dat; releases before 28.0 cannot read them",
    },
    {
      version: "30.0",
      oneWay: false,
      what: "coinstatsindex is built anew under indexes/coinstatsindex; the old one stays for a way back",
    },
    { version: "31.0", oneWay: false, what: "saved fee estimates are dropped and gathered again" },
  ],
  options,
};
