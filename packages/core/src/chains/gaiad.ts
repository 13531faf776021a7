import { hostPort } from "./addresses";
import { cometAppHealth } from "./comet-health";
import { cometClient, LOG_LEVEL, words } from "./cometbft";
import type { ClientDefinition, Kind, OptionDefinition, ProcessContext, ProtocolProblem, Sizing } from "./types";

const options: Readonly<Record<string, OptionDefinition>> = {
  minimumGasPrices: {
    type: "string",
    description: "Lowest price at which the node takes transactions. Default 0.005uatom",
  },
  pruningKeepRecent: {
    type: "number",
    min: 2,
    max: 100_000_000,
    description: "States that are kept, in blocks. Default 100; 362880 on mirrors. Not for archives",
  },
  pruningInterval: {
    type: "number",
    min: 10,
    max: 1_000_000,
    description: "Blocks between two prunings. Default 10. Not for archives",
  },
  minRetainBlocks: {
    type: "number",
    min: 0,
    max: 100_000_000,
    description: "Blocks that are kept at least before old ones are dropped; 0 (default) keeps all. Not for archives",
  },
  snapshotInterval: {
    type: "number",
    min: 0,
    max: 1_000_000,
    description: "Blocks between two snapshots that others may sync from. Default 0: none",
  },
  stateSyncRpcServers: {
    type: "string",
    description:
      "Comma-separated RPC addresses, two or more, for a first start from a snapshot of the network. Not for archives",
  },
  trustHeight: {
    type: "number",
    min: 1,
    max: 1e12,
    description: "Height of a block that you trust, for the state sync",
  },
  trustHash: { type: "string", description: "Hash of that block, 64 hex digits" },
  privatePeerIds: {
    type: "string",
    description:
      "Comma-separated node ids, e.g. of your validator, that are told to nobody and always let in. For sentries",
  },
  privValidatorLaddr: {
    type: "string",
    description:
      "Where a remote signer connects, e.g. tcp://0.0.0.0:26659. Default none: the key file signs. For validators",
  },
  logLevel: LOG_LEVEL,
};

function args(ctx: ProcessContext): readonly string[] {
  const { listen, ports } = ctx;
  return [
    `--minimum-gas-prices=${ctx.options.minimumGasPrices ?? "0.005uatom"}`,
    ...pruning(ctx),
    `--state-sync.snapshot-interval=${whole(ctx, "snapshotInterval", 0)}`,
    ...(servesApi(ctx.kind)
      ? ["--api.enable=true", `--api.address=tcp://${hostPort(listen, ports.api)}`]
      : ["--api.enable=false"]),
    ...(servesApi(ctx.kind)
      ? ["--grpc.enable=true", `--grpc.address=${hostPort(listen, ports.grpc)}`]
      : ["--grpc.enable=false"]),
    "--grpc-web.enable=false",
  ];
}

function pruning(ctx: ProcessContext): readonly string[] {
  if (ctx.kind === "archive") return ["--pruning=nothing", "--min-retain-blocks=0"];
  return [
    "--pruning=custom",
    `--pruning-keep-recent=${whole(ctx, "pruningKeepRecent", ctx.kind === "mirror" ? 362_880 : 100)}`,
    `--pruning-interval=${whole(ctx, "pruningInterval", 10)}`,
    `--min-retain-blocks=${whole(ctx, "minRetainBlocks", 0)}`,
  ];
}

function servesApi(kind: Kind): boolean {
  return kind === "full" || kind === "archive";
}

function whole({ options: set }: ProcessContext, name: string, fallback: number): number {
  const value = set[name];
  return typeof value === "number" ? Math.trunc(value) : fallback;
}

function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  return [...archiveProblems(ctx), ...syncProblems(ctx), ...validatorProblems(ctx)];
}

function archiveProblems({ kind, options: set }: ProcessContext): readonly ProtocolProblem[] {
  if (kind !== "archive") return [];
  const allowed = "nothing: an archive keeps every block and every state";
  return ["pruningKeepRecent", "pruningInterval", "minRetainBlocks", "stateSyncRpcServers"]
    .filter((name) => set[name] !== undefined && set[name] !== 0)
    .map((name) => ({
      path: `options.${name}`,
      got: set[name],
      allowed,
      fix: 'remove it or use kind "full"',
      code: "ARCHIVE_PRUNED",
    }));
}

function syncProblems({ options: set }: ProcessContext): readonly ProtocolProblem[] {
  if (set.stateSyncRpcServers === undefined) return [];
  const problems: ProtocolProblem[] = [];
  if (words(set.stateSyncRpcServers).length < 2) {
    problems.push({
      path: "options.stateSyncRpcServers",
      got: set.stateSyncRpcServers,
      allowed: "two or more addresses, comma-separated",
      fix: "add a second one of another operator: each checks the other",
      code: "STATE_SYNC_SERVERS",
    });
  }
  return [...problems, ...trustProblems(set)];
}

/** Height and hash that the user took from a source that they trust. Shared with the light proxy. */
export function trustProblems(set: ProcessContext["options"]): readonly ProtocolProblem[] {
  const problems: ProtocolProblem[] = [];
  const fix = "take height and hash of a block of the last days from a source that you trust, e.g. a block explorer";
  if (set.trustHeight === undefined) {
    problems.push({
      path: "options.trustHeight",
      got: undefined,
      allowed: "a block height",
      fix,
      code: "TRUST_MISSING",
    });
  }
  if (!/^[0-9A-Fa-f]{64}$/.test(String(set.trustHash))) {
    const code = set.trustHash === undefined ? "TRUST_MISSING" : "TRUST_HASH_FORM";
    problems.push({
      path: "options.trustHash",
      got: set.trustHash,
      allowed: "a block hash of 64 hex digits",
      fix,
      code,
    });
  }
  return problems;
}

/** A validator behind sentries speaks to them only, and their ids do not derive from anything on a public network. */
function validatorProblems({ kind, siblings, peers }: ProcessContext): readonly ProtocolProblem[] {
  if (kind !== "validator" || peers.length > 0 || !siblings.some((s) => s.kind === "sentry")) return [];
  return [
    {
      path: "peers",
      got: undefined,
      allowed: "the sentries as <node id>@<host>:<port>",
      fix: "list them: with sentries in the cluster, validators dial nobody else",
      code: "SENTRY_PEERS",
    },
  ];
}

/** Sizes of pruned nodes follow what operators give them; an archive of the Hub holds years of states. */
function sizing(_network: string, kind: Kind): Sizing {
  if (kind === "archive") return { cpu: 8, memoryGiB: 64, diskGiB: 6000, growthGiBPerMonth: 150 };
  if (kind === "mirror") return { cpu: 4, memoryGiB: 16, diskGiB: 1000, growthGiBPerMonth: 40 };
  return { cpu: 4, memoryGiB: 16, diskGiB: 500, growthGiBPerMonth: 30 };
}

/**
 * The Cosmos Hub. Two things do not come from here. config/genesis.json must be put into every node's home before the first
 * start, from https://github.com/cosmos/mainnet (genesis/genesis.cosmoshub-4.json.gz): it is too large to be part of a plan.
 * And this release cannot run the chain from its first block: start from a data snapshot, or by state sync with
 * `stateSyncRpcServers`, `trustHeight` and `trustHash`. A validator's config/priv_validator_key.json comes from you.
 *
 * Flags from the Cosmos SDK's source (server/start.go, server/util.go), the release's own go.mod and CometBFT 0.38.
 */
export const gaiad: ClientDefinition = cometClient({
  name: "gaiad",
  title: "Gaia",
  networks: ["cosmoshub"],
  release: {
    version: "25.2.0",
    image: "ghcr.io/cosmos/gaia:v25.2.0",
    reviewed: "2026-11-24",
    source: "https://github.com/cosmos/gaia/releases/tag/v25.2.0",
    program: { binary: "gaiad", versionArgs: ["version"] },
  },
  args,
  seeds: [
    "ade4d8bc8cbe014af6ebdf3cb7b1e9ad36f412c0@seeds.polkachu.com:14956",
    "20e1000e88125698264454a884812746c2eb4807@seeds.lavenderfive.com:14956",
  ],
  initialHeight: 5_200_791,
  // The SDK's own figure; block times of the Hub build on it.
  timeoutCommitMs: 5000,
  ports: [
    { name: "api", port: 1317, transport: "tcp", exposure: "rpc" },
    { name: "grpc", port: 9090, transport: "tcp", exposure: "rpc" },
  ],
  // Contracts' code lies beside data, not in it.
  dataPaths: ["data/snapshots/**", "wasm/**"],
  graceSeconds: 120,
  health: cometAppHealth,
  sizing,
  options,
  check,
});
