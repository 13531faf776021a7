import type { ChainArgs, ClusterArgs, Kind, NodeGroupArgs } from "@chainkeep/core";
import type { BlockchainNodeArgs, LocalArgs, NodeClusterArgs } from "@chainkeep/local";
import fc from "fast-check";
import { toy } from "../../packages/core/src/testing/toy-protocol.fixture";
import { soundMonitoring } from "./sound-monitoring";

/** A chain with the kinds and settings that it takes whatever else is in the cluster. */
export interface Preset {
  readonly title: string;
  readonly chain: ChainArgs;
  readonly private: boolean;
  readonly kinds: readonly Kind[];
  /** A number setting of the client of every kind, with its range. */
  readonly option: { readonly name: string; readonly min: number; readonly max: number };
  /** Groups that the protocol demands. */
  readonly always?: Readonly<Record<string, NodeGroupArgs>>;
  /** A kind that the protocol does not have, if there is one. */
  readonly lacks?: Kind;
  /** A setting of a client that another preset has. */
  readonly foreignOption: string;
  /** Whether one node alone is a sound cluster. */
  readonly alone: boolean;
}

const ETHEREUM = ["geth", "reth", "nethermind", "besu", "erigon"].flatMap((execution) =>
  ["lighthouse", "prysm", "teku", "nimbus"].map((consensus) => ({ execution, consensus })),
);

export const PRESETS: readonly Preset[] = [
  {
    title: "own, private",
    chain: { definition: toy, network: "private" },
    private: true,
    kinds: ["full", "validator", "light", "mirror"],
    option: { name: "cacheMiB", min: 16, max: 65_536 },
    lacks: "archive",
    foreignOption: "dbcacheMiB",
    alone: true,
  },
  {
    title: "own, public",
    chain: { definition: toy, network: "main", client: "toyd" },
    private: false,
    kinds: ["full", "validator", "light", "mirror"],
    option: { name: "cacheMiB", min: 16, max: 65_536 },
    lacks: "sentry",
    foreignOption: "dbcacheMiB",
    alone: true,
  },
  {
    title: "bitcoin",
    chain: { protocol: "bitcoin", network: "mainnet" },
    private: false,
    kinds: ["full", "archive", "mirror"],
    option: { name: "dbcacheMiB", min: 4, max: 65_536 },
    lacks: "validator",
    foreignOption: "cacheMiB",
    alone: true,
  },
  {
    title: "cometbft, private",
    chain: { protocol: "cometbft", network: "private" },
    private: true,
    kinds: ["light"],
    option: { name: "trustingPeriodHours", min: 1, max: 876_000 },
    always: { validators: { kind: "validator", count: 2 } },
    foreignOption: "dbcacheMiB",
    alone: false,
  },
  {
    title: "cosmos hub",
    chain: { protocol: "cometbft", network: "cosmoshub" },
    private: false,
    kinds: ["full", "mirror"],
    option: { name: "pruningKeepRecent", min: 2, max: 100_000_000 },
    foreignOption: "cacheMiB",
    alone: true,
  },
  {
    title: "polkadot",
    chain: { protocol: "substrate", network: "polkadot" },
    private: false,
    kinds: ["full", "archive", "mirror"],
    option: { name: "dbCacheMiB", min: 8, max: 65_536 },
    lacks: "light",
    foreignOption: "dbcacheMiB",
    alone: true,
  },
  ...ETHEREUM.map(
    (clients): Preset => ({
      title: `ethereum with ${clients.execution} and ${clients.consensus}`,
      chain: { protocol: "ethereum", network: "sepolia", ...clients },
      private: false,
      kinds: ["full", "archive", "mirror"],
      option: { name: "maxPeers", min: 1, max: 1000 },
      lacks: "validator",
      foreignOption: "dbcacheMiB",
      alone: true,
    }),
  ),
];

/** Ethereum has twenty pairs; the others must not drown in them. */
const preset = fc.oneof(
  ...PRESETS.filter((p) => p.chain.protocol !== "ethereum").map((p) => fc.constant(p)),
  fc.constantFrom(...PRESETS.filter((p) => p.chain.protocol === "ethereum")),
);

export interface Sound<A> {
  readonly preset: Preset;
  readonly name: string;
  readonly args: A;
}

const clusterName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
/** Names of inherited properties are sound names too. */
const groupName = fc.oneof(
  fc.stringMatching(/^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/),
  fc.constantFrom("constructor", "valueof", "a", "node"),
);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const whole = (min: number, max: number) => fc.integer({ min, max });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

function group({ kinds, option }: Preset, counted: boolean): fc.Arbitrary<NodeGroupArgs> {
  return fc
    .record(
      {
        kind: fc.constantFrom(...kinds),
        ...(counted ? { count: whole(1, 40) } : {}),
        options: fc.record({ [option.name]: whole(option.min, option.max) }, { requiredKeys: [] }),
      },
      { requiredKeys: ["kind"] },
    )
    .map((made) => made as NodeGroupArgs);
}

/** The args of a cluster besides its groups. */
function common(of: Preset): fc.Arbitrary<Omit<ClusterArgs, "nodes">> {
  const health = fc
    .record(
      {
        probeIntervalSeconds: between(1, 300),
        maxHeadAgeSeconds: between(1, 604_800),
        maxLagBlocks: whole(0, 1_000_000),
        minPeers: whole(0, 1000),
        progressSeconds: between(5, 604_800),
        catchUpSeconds: between(5, 31_536_000),
        silenceSeconds: between(1, 604_800),
      },
      { requiredKeys: [] },
    )
    .chain((limits) => {
      // Two seconds are the shortest default interval.
      const longest = Math.ceil(1000 * (limits.probeIntervalSeconds ?? 2)) - 1;
      return maybe(whole(100, Math.min(60_000, longest))).map((probeTimeoutMs) =>
        probeTimeoutMs === undefined ? limits : { ...limits, probeTimeoutMs },
      );
    });
  const privateNetwork = fc.record(
    {
      chainId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,49}$/),
      genesisTime: fc.constantFrom("2024-02-29T23:59:59Z", "2025-12-31T00:00:00.123456789Z"),
      blockTimeSeconds: between(0.2, 60),
    },
    { requiredKeys: [] },
  );
  return fc
    .record({
      health: maybe(health),
      monitoring: soundMonitoring,
      privateNetwork: of.private ? maybe(privateNetwork) : fc.constant(undefined),
    })
    .map((rest) => ({ chain: of.chain, ...withoutUndefined(rest) }));
}

/** What only this machine takes. */
const local: fc.Arbitrary<LocalArgs> = fc
  .record({
    seed: fc.stringMatching(/^[a-f0-9]{32,64}$/).map((text) => `sesame-${text}`),
    stateDir: maybe(fc.stringMatching(/^[a-z]{1,10}(\/[a-z ]{1,10})?$/)),
    purgeData: maybe(fc.boolean()),
    hostPorts: maybe(
      fc
        // Beside the defaults, which those that are left out keep.
        .uniqueArray(whole(27_000, 27_999), { minLength: 6, maxLength: 6 })
        .chain(([rpc, agent, prometheus, alertmanager, grafana, nodeExporter]) =>
          fc.constantFrom(
            { rpc, agent, prometheus, alertmanager, grafana, nodeExporter },
            { rpc, agent, prometheus, alertmanager },
          ),
        ),
    ),
  })
  .map(withoutUndefined);

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}

export const soundCluster: fc.Arbitrary<Sound<ClusterArgs>> = preset.chain((of) =>
  fc
    .record({
      name: clusterName,
      rest: common(of),
      groups: fc.dictionary(groupName, group(of, true), { minKeys: 1, maxKeys: 4 }),
    })
    .map(({ name, rest, groups }) => ({ preset: of, name, args: { ...rest, nodes: { ...groups, ...of.always } } })),
);

export const soundNodeCluster: fc.Arbitrary<Sound<NodeClusterArgs>> = fc
  .tuple(soundCluster, local)
  .map(([sound, own]) => ({ ...sound, args: { ...sound.args, ...own } }));

export const soundNode: fc.Arbitrary<Sound<BlockchainNodeArgs>> = preset
  .filter((p) => p.alone)
  .chain((of) =>
    fc
      .record({ name: clusterName, rest: common(of), own: local, group: group(of, false) })
      .map(({ name, rest, own, group: one }) => ({ preset: of, name, args: { ...rest, ...own, ...one } })),
  );
