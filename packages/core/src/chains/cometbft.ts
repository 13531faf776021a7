import { hostPort } from "./addresses";
import { COMET_NAMESPACE, type CometStateSync, cometConfigToml } from "./comet-config";
import { beginningAt, COMET_WRITES, cometHealth } from "./comet-health";
import { FRESH_SIGNING_STATE } from "./comet-keys";
import { NOBODY } from "./comet-peers";
import type {
  ClientDefinition,
  ClientRelease,
  DatabaseTraits,
  Kind,
  MetricsSource,
  Migration,
  OptionDefinition,
  PortDefinition,
  ProcessContext,
  ProtocolProblem,
  Sizing,
} from "./types";

/** Kinds that run consensus; light proxies are a program of their own. */
export const COMET_KINDS: readonly Kind[] = ["full", "archive", "validator", "sentry", "seed", "mirror"];

const PORTS: readonly PortDefinition[] = [
  { name: "p2p", port: 26656, transport: "tcp", exposure: "p2p" },
  { name: "rpc", port: 26657, transport: "tcp", exposure: "rpc" },
  { name: "metrics", port: 26660, transport: "tcp", exposure: "metrics" },
];

const DATABASE: DatabaseTraits = {
  engine: "goleveldb",
  consistency: "stop",
  note: "blocks, state, index and the application's own data are separate databases beside a write-ahead log; a copy of all of them while one is written to does not fit together",
};

const metric = (name: string) => `${COMET_NAMESPACE}_${name}`;

/** A series of the process's own validator, under the label that all protocols share. */
const own = (expr: string) => `label_replace(${expr}, "validator", "$1", "validator_address", "(.+)")`;

const METRICS: MetricsSource = {
  port: "metrics",
  path: "/metrics",
  series: {
    // Consensus tells no height while blocks are fetched.
    height: `${metric("consensus_latest_block_height")} > 0 or ${metric("blocksync_latest_block_height")}`,
    syncing: `clamp_max(${metric("blocksync_syncing")} + ${metric("statesync_syncing")}, 1) or ${metric("blocksync_syncing")}`,
    peers: metric("p2p_peers"),
    mempool_pending: metric("mempool_size"),
    tx_total: metric("consensus_total_txs"),
    validator_last_signed_height: own(metric("consensus_validator_last_signed_height")),
    validator_power: own(metric("consensus_validator_power")),
    validator_key_active: own(`${metric("consensus_validator_power")} > bool 0`),
    // Of one scrape, so that both heights belong together.
    validator_missed_consecutive: own(
      `clamp_min(${metric("consensus_latest_block_height")} - ignoring (validator_address) group_right () ${metric("consensus_validator_last_signed_height")}, 0)`,
    ),
    byzantine_validators: metric("consensus_byzantine_validators"),
    start_time_seconds: "process_start_time_seconds",
  },
  // One series per peer, and peers come and go.
  drop: [metric("p2p_peer_.*"), metric("p2p_num_txs"), metric("consensus_block_parts")],
};

/** What a chain adds to CometBFT when its program is the application: most chains of the Cosmos SDK. */
export interface CometClientFacts {
  readonly name: string;
  readonly title: string;
  readonly networks: readonly string[];
  readonly release: ClientRelease;
  /** Arguments after `start --home <home>`. */
  readonly args: (ctx: ProcessContext) => readonly string[];
  /** Seeds of a public network, `id@host:port`. */
  readonly seeds?: readonly string[];
  /** `initial_height` of the chain's genesis: the height of its first block. Default 1, that of a chain that did not go on from another one. */
  readonly initialHeight?: number;
  /** Milliseconds that a validator waits after a block. Default 1000, CometBFT's own. */
  readonly timeoutCommitMs?: number;
  readonly ports?: readonly PortDefinition[];
  readonly dataPaths?: readonly string[];
  readonly graceSeconds?: number;
  readonly health?: ClientDefinition["health"];
  readonly sizing: (network: string, kind: Kind) => Sizing;
  readonly migrations?: readonly Migration[];
  readonly options?: Readonly<Record<string, OptionDefinition>>;
  readonly check?: (ctx: ProcessContext) => readonly ProtocolProblem[];
}

const PEER = /^[0-9a-f]{40}@[^@\s,]+:\d{1,5}$/;

/**
 * A client that is CometBFT with an application inside. On public networks its config.toml needs no seed; on private ones the
 * whole configuration is derived together with the genesis.
 */
export function cometClient(facts: CometClientFacts): ClientDefinition {
  return {
    name: facts.name,
    title: facts.title,
    layer: "node",
    kinds: COMET_KINDS,
    networks: facts.networks,
    release: facts.release,
    ports: [...PORTS, ...(facts.ports ?? [])],
    stop: { signal: "SIGTERM", graceSeconds: facts.graceSeconds ?? 60 },
    database: DATABASE,
    dataPaths: ["data/*.db/**", "data/cs.wal/**", ...(facts.dataPaths ?? [])],
    // The signing state is no secret, but a copy of it that comes back makes a validator sign twice.
    keyPaths: [
      "config/node_key.json",
      "config/priv_validator_key.json",
      "data/priv_validator_state.json",
      "keyring-*/**",
    ],
    signingState: "data/priv_validator_state.json",
    freshSigningState: FRESH_SIGNING_STATE,
    args: (ctx) => ["start", "--home", ctx.home, ...facts.args(ctx)],
    files: (ctx) => (isPrivate(ctx) ? [] : [{ path: "config/config.toml", content: publicConfig(ctx, facts) }]),
    check: (ctx) => [...peerProblems(ctx), ...(facts.check?.(ctx) ?? [])],
    metrics: METRICS,
    health: beginningAt(facts.initialHeight ?? 1, facts.health ?? cometHealth),
    rpc: { port: "rpc", writes: COMET_WRITES },
    sizing: facts.sizing,
    migrations: facts.migrations ?? [],
    options: facts.options ?? {},
  };
}

function isPrivate({ network }: ProcessContext): boolean {
  return network === "private";
}

function peerProblems({ peers }: ProcessContext): readonly ProtocolProblem[] {
  return peers.flatMap((got, i) =>
    PEER.test(got)
      ? []
      : [
          {
            path: `peers[${i}]`,
            got,
            allowed: "<node id of 40 hex digits>@<host>:<port>",
            fix: "ask the peer for its id: cometbft show-node-id",
            code: "COMET_PEER_FORM",
          },
        ],
  );
}

function publicConfig(ctx: ProcessContext, facts: CometClientFacts): string {
  const { cluster, node, kind, listen, ports, peers, options, announce } = ctx;
  // A validator behind sentries of its own talks to nobody else.
  const hidden = kind === "validator" && ctx.siblings.some((s) => s.kind === "sentry");
  const guarded = words(options.privatePeerIds);
  const sync = ctx.offline ? undefined : stateSyncOf(ctx);
  return cometConfigToml({
    moniker: `${cluster}-${node}`,
    kind,
    listen,
    ports,
    private: false,
    timeoutCommitMs: facts.timeoutCommitMs ?? 1000,
    peers: ctx.offline
      ? NOBODY
      : {
          persistent: peers,
          seeds: hidden ? [] : (facts.seeds ?? []),
          privateIds: guarded,
          unconditionalIds: guarded,
          pex: !hidden,
        },
    proxyApp: "",
    ...(announce === undefined ? {} : { externalAddress: hostPort(announce, ports.p2p) }),
    ...(typeof options.logLevel === "string" ? { logLevel: options.logLevel } : {}),
    // Without a signer that connects, a node that waits for one answers nobody.
    ...(typeof options.privValidatorLaddr === "string" && !ctx.offline
      ? { privValidatorLaddr: options.privValidatorLaddr }
      : {}),
    ...(sync ? { stateSync: sync } : {}),
  });
}

function stateSyncOf({ options }: ProcessContext): CometStateSync | undefined {
  const rpcServers = words(options.stateSyncRpcServers);
  if (rpcServers.length === 0) return undefined;
  return { rpcServers, trustHeight: Number(options.trustHeight), trustHash: String(options.trustHash) };
}

export function words(value: string | number | boolean | undefined): readonly string[] {
  return typeof value === "string"
    ? value
        .split(",")
        .map((w) => w.trim())
        .filter((w) => w !== "")
    : [];
}

export const LOG_LEVEL: OptionDefinition = {
  type: "string",
  allowed: ["debug", "info", "error", "none"],
  description: "How much is logged. Default info",
};

function checkApp({ options }: ProcessContext): readonly ProtocolProblem[] {
  const got = options.proxyApp;
  if (got === undefined || /^(?:kvstore|persistent_kvstore|noop|(?:tcp|unix):\/\/\S+)$/.test(String(got))) return [];
  const allowed =
    "kvstore, persistent_kvstore, noop, or the address of your own application, e.g. tcp://127.0.0.1:26658";
  return [{ path: "options.proxyApp", got, allowed, fix: "choose one of them", code: "COMET_PROXY_APP" }];
}

/**
 * CometBFT itself, with its built-in key-value store as application: networks of one's own. The store is kept on disk.
 * `kvstore` keeps it in memory and fills it again from the blocks at every start, at about 2,500 blocks a second: half a minute
 * after a day of one-second blocks, a quarter of an hour after a month.
 */
export const cometbft: ClientDefinition = cometClient({
  name: "cometbft",
  title: "CometBFT",
  networks: ["private"],
  release: {
    version: "0.38.19",
    image: "cometbft/cometbft:v0.38.19",
    reviewed: "2026-11-24",
    source: "https://github.com/cometbft/cometbft/releases/tag/v0.38.19",
    program: {
      binary: "cometbft",
      goModule: {
        module: "github.com/cometbft/cometbft",
        package: "github.com/cometbft/cometbft/cmd/cometbft",
        version: "v0.38.19",
      },
      versionArgs: ["version"],
    },
  },
  args: ({ options }) => [`--proxy_app=${options.proxyApp ?? "persistent_kvstore"}`],
  sizing: () => ({ cpu: 1, memoryGiB: 1, diskGiB: 20, growthGiBPerMonth: 5 }),
  options: {
    proxyApp: {
      type: "string",
      description:
        "Application: persistent_kvstore (default; on disk), kvstore (in memory, filled from the blocks at each start), noop, or the address of your own. The same on all nodes",
    },
    logLevel: LOG_LEVEL,
  },
  check: checkApp,
});
