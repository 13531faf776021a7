import { hostPort } from "./addresses";
import { COMET_WRITES, cometLightHealth } from "./comet-health";
import { trustProblems } from "./gaiad";
import type {
  ClientDefinition,
  Kind,
  OptionDefinition,
  PrepareStep,
  ProcessContext,
  ProtocolProblem,
  SiblingAddress,
} from "./types";

/** File below the home with the words that `light-trust` adds to the command line. */
export const TRUST_ARGS_FILE = "trust.args";

const MOST_WITNESSES = 3;

const options: Readonly<Record<string, OptionDefinition>> = {
  trustHeight: {
    type: "number",
    min: 1,
    max: 1e12,
    description:
      "Height of a block that you trust. Required on public networks. A new one starts the proxy's store anew",
  },
  trustHash: { type: "string", description: "Hash of that block, 64 hex digits. Required on public networks" },
  trustingPeriodHours: {
    type: "number",
    min: 1,
    max: 876_000,
    description:
      "How long a verified header is trusted; keep it well below the chain's unbonding time. Default 168; 876000 on private networks, where nothing is bonded",
  },
};

/** Where the proxy gets headers, and who contradicts a liar. */
interface Sources {
  readonly primary?: string;
  readonly witnesses: readonly string[];
}

/**
 * Full nodes and archives first, then mirrors, then anchors; witnesses are the user's own, then anchors. The first by group
 * and index is taken, so that a node which joins a group later changes nothing.
 */
export function lightSources(ctx: ProcessContext): Sources {
  const known = found.get(ctx);
  if (known) return known;
  const sources = sourcesOf(ctx);
  found.set(ctx, sources);
  return sources;
}

/** Three functions ask for the same; a look at every sibling takes its time in a large cluster. */
const found = new WeakMap<ProcessContext, Sources>();

function sourcesOf({ siblings, peers }: ProcessContext): Sources {
  // No more can be needed than that, however many addresses turn out to be the same.
  const first = firstUrls(siblings, MOST_WITNESSES + 1 + peers.length);
  const anchors = first.sentry.length > 0 ? first.sentry : first.validator;
  const followers = [...first.follower, ...first.mirror];
  const [primary] = [...followers, ...anchors, ...peers];
  const candidates = [...peers, ...anchors, ...followers].filter((address) => address !== primary);
  const witnesses = [...new Set(candidates)].slice(0, MOST_WITNESSES);
  return primary === undefined ? { witnesses } : { primary, witnesses };
}

type Role = "follower" | "mirror" | "sentry" | "validator";

const ROLES: Readonly<Partial<Record<Kind, Role>>> = {
  full: "follower",
  archive: "follower",
  mirror: "mirror",
  sentry: "sentry",
  validator: "validator",
};

function firstUrls(siblings: readonly SiblingAddress[], most: number): Record<Role, string[]> {
  const urls: Record<Role, string[]> = { follower: [], mirror: [], sentry: [], validator: [] };
  for (const { kind, host, ports } of siblings) {
    const role = ROLES[kind];
    if (role === undefined || ports.rpc === undefined || urls[role].length >= most) continue;
    urls[role].push(`http://${hostPort(host, ports.rpc)}`);
  }
  return urls;
}

function args(ctx: ProcessContext): readonly string[] {
  const { primary, witnesses } = lightSources(ctx);
  const usual = ctx.network === "private" ? 876_000 : 168;
  return [
    "light",
    ctx.chainId ?? ctx.cluster,
    ...(primary === undefined ? [] : [`--primary=${primary}`, `--witnesses=${witnesses.join(",")}`]),
    `--laddr=tcp://${hostPort(ctx.listen, ctx.ports.rpc)}`,
    `--home-dir=${ctx.home}`,
    `--trusting-period=${ctx.options.trustingPeriodHours ?? usual}h`,
  ];
}

function prepare(ctx: ProcessContext): readonly PrepareStep[] {
  const { primary, witnesses } = lightSources(ctx);
  if (primary === undefined) return [];
  const { trustHeight, trustHash } = ctx.options;
  const agent = [
    "light-trust",
    "--rpc",
    primary,
    ...witnesses.flatMap((witness) => ["--witness", witness]),
    "--home",
    ctx.home,
    "--chain-id",
    ctx.chainId ?? ctx.cluster,
    "--args-file",
    TRUST_ARGS_FILE,
    ...(trustHeight === undefined ? [] : ["--height", String(trustHeight), "--hash", String(trustHash)]),
  ];
  return [{ agent, argsFile: TRUST_ARGS_FILE }];
}

function check(ctx: ProcessContext): readonly ProtocolProblem[] {
  const { options: set, peers, network } = ctx;
  const problems: ProtocolProblem[] = peers.flatMap((got, i) =>
    /^https?:\/\/[^\s,]+$/.test(got)
      ? []
      : [
          {
            path: `peers[${i}]`,
            got,
            allowed: "an RPC address",
            fix: "begin it with http:// or https://",
            code: "LIGHT_PEER_FORM",
          },
        ],
  );
  const { primary, witnesses } = lightSources(ctx);
  if (primary === undefined || witnesses.length === 0) {
    problems.push({
      path: "peers",
      got: [primary, ...witnesses].filter((s) => s !== undefined),
      allowed: "at least two nodes that it can ask: one for headers and one that would contradict a liar",
      fix: "add full nodes to the cluster, or list RPC addresses of others",
      code: "LIGHT_SOURCES",
    });
  }
  const given = set.trustHeight !== undefined || set.trustHash !== undefined;
  return network !== "private" || given ? [...problems, ...trustProblems(set)] : problems;
}

/**
 * The light proxy: speaks RPC like a full node, keeps headers only, and checks every answer that it can against headers which
 * the validators signed.
 *
 * On private networks it trusts on first use: block 1 as the primary and a witness tell it when it starts for the first time.
 * Whoever controls both at that moment decides what it believes. On public networks you give height and hash yourself.
 *
 * It serves no metrics; the agent's probes feed the canonical series.
 */
export const cometLight: ClientDefinition = {
  name: "cometbft-light",
  title: "CometBFT light proxy",
  layer: "node",
  kinds: ["light"],
  networks: ["private", "cosmoshub"],
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
  ports: [{ name: "rpc", port: 8888, transport: "tcp", exposure: "rpc" }],
  stop: { signal: "SIGTERM", graceSeconds: 30 },
  database: {
    engine: "goleveldb",
    consistency: "stop",
    note: "a cache of verified headers, made anew from a trusted block",
  },
  dataPaths: ["light-client-db.db/**"],
  keyPaths: [],
  args,
  prepare,
  check,
  health: cometLightHealth,
  rpc: { port: "rpc", writes: COMET_WRITES },
  sizing: () => ({ cpu: 0.5, memoryGiB: 0.5, diskGiB: 1, growthGiBPerMonth: 0.1 }),
  migrations: [],
  options,
};
