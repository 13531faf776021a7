import type { HealthProbe } from "../health/types";

/** What a node is for. A protocol lists the kinds that it supports. */
export const KINDS = ["full", "archive", "light", "validator", "sentry", "seed", "mirror"] as const;
export type Kind = (typeof KINDS)[number];

/** Who may reach a port: peers of the network, RPC users, processes of the same node, or monitoring. */
export type Exposure = "p2p" | "rpc" | "internal" | "metrics";

export interface PortDefinition {
  /** Name within the client, e.g. "p2p", "rpc", "ws", "engine", "metrics". */
  readonly name: string;
  readonly port: number;
  readonly transport: "tcp" | "udp" | "both";
  readonly exposure: Exposure;
}

/** A file that a process needs, relative to the home of its process. */
export interface FilePlan {
  readonly path: string;
  readonly content: string;
  /** Octal file mode as text, e.g. "0600". Default "0644". */
  readonly mode?: string;
  /** Written when absent and never again: signing state, databases' own settings. Default false. */
  readonly createOnly?: boolean;
}

/** A node as its siblings see it: how to reach its processes. */
export interface SiblingAddress {
  readonly node: string;
  readonly group: string;
  readonly kind: Kind;
  /** Host that other nodes dial. */
  readonly host: string;
  /** Port name to number, merged over the node's processes. */
  readonly ports: Readonly<Record<string, number>>;
}

/** All that a client's functions may know. Plain data: the same context gives the same text. */
export interface ProcessContext {
  readonly cluster: string;
  readonly node: string;
  readonly group: string;
  readonly index: number;
  readonly kind: Kind;
  readonly network: string;
  /** Chain id that the network is known by, or that this cluster gives to its private network. */
  readonly chainId?: string;
  /** Directory of this process on its target; absolute. Data, config and keys lie below it. */
  readonly home: string;
  /** Directory that is shared by the processes of one node (the JWT of an Ethereum pair lies here); absolute. */
  readonly shared: string;
  /** Address that services bind to: loopback on a shared host, all interfaces in a pod or container. */
  readonly listen: string;
  /** Own host as the other processes of the same node see it. */
  readonly self: string;
  /** Ports of this process by name, as assigned by the target. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ports of the other processes of this node, by layer then name: `layers.execution.engine`. */
  readonly layers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every other node of the cluster, in stable order. */
  readonly siblings: readonly SiblingAddress[];
  /** Address that peers outside should dial, when the target knows one. */
  readonly announce?: string;
  /** Peers that the user listed, in the client's own notation. */
  readonly peers: readonly string[];
  /** True for a node that must find nobody: no peers, no discovery, nothing listened for outside of `listen`. */
  readonly offline?: boolean;
  /** User's own settings for this client, already checked. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

export interface ProgramSource {
  /** Name of the executable. */
  readonly binary: string;
  /** Built from the Go module proxy when nothing else is at hand. */
  readonly goModule?: { readonly module: string; readonly package: string; readonly version: string };
  /** Arguments that print the version, default ["version"]. */
  readonly versionArgs?: readonly string[];
}

export interface ClientRelease {
  readonly version: string;
  /** Full image reference with tag, never a floating one. */
  readonly image: string;
  /** Day on which this pin was last looked at, ISO date. */
  readonly reviewed: string;
  /** Where the release is published. */
  readonly source: string;
  readonly program: ProgramSource;
}

export interface Sizing {
  readonly cpu: number;
  readonly memoryGiB: number;
  readonly diskGiB: number;
  readonly growthGiBPerMonth: number;
}

export interface Migration {
  /** Client version from which the data is in the new form. */
  readonly version: string;
  readonly oneWay: boolean;
  readonly what: string;
}

export interface DatabaseTraits {
  /** Name of the storage engine, e.g. "goleveldb", "pebble", "mdbx". */
  readonly engine: string;
  /** How a consistent copy is taken: the process must be stopped, or an atomic snapshot of one volume will do. */
  readonly consistency: "stop" | "atomic-volume";
  readonly note: string;
}

/** Canonical series that a client's own metrics can feed; the agent's probes come first. */
export const NATIVE_SERIES = [
  "height",
  "finalized_height",
  "head_timestamp",
  "syncing",
  "sync_progress",
  "peers",
  "mempool_pending",
  "tx_total",
  "reorgs_total",
  "reorg_depth",
  "rpc_latency_seconds:p95",
  "rpc_error_ratio:rate5m",
  "start_time_seconds",
  "slots_behind",
  "el_cl_connected",
  "byzantine_validators",
  "validator_missed_consecutive",
  "validator_missed_in_window",
  "validator_allowed_misses",
  "validator_active",
  "validator_slashed",
  "validator_attestation_hit_total",
  "validator_attestation_miss_total",
  "slashing_protection_refused_total",
  "signer_failures_total",
  "validator_last_signed_height",
  "validator_power",
  "validator_key_active",
  "info",
] as const;
export type CanonicalSeries = (typeof NATIVE_SERIES)[number];

export interface MetricsSource {
  /** Name of the port that serves metrics. */
  readonly port: string;
  readonly path: string;
  /** PromQL per canonical series; plain metric names or expressions over this client's own series. */
  readonly series: Readonly<Partial<Record<CanonicalSeries, string>>>;
  /** Series of high cardinality that are dropped at scrape, as regular expressions over metric names. */
  readonly drop?: readonly string[];
}

/** Which part of a node a client is. Most protocols have only "node"; Ethereum pairs two. */
export type Layer = "node" | "execution" | "consensus";

/** A step that runs before the process and may print further arguments into a file. */
export interface PrepareStep {
  /** Subcommand of the agent bundle, with its arguments. */
  readonly agent: readonly string[];
  /** File below the home whose words are appended to the command line. */
  readonly argsFile?: string;
}

export interface ClientDefinition {
  readonly name: string;
  readonly title: string;
  readonly layer: Layer;
  readonly kinds: readonly Kind[];
  readonly networks: readonly string[];
  readonly release: ClientRelease;
  readonly ports: readonly PortDefinition[];
  readonly stop: { readonly signal: "SIGTERM" | "SIGINT"; readonly graceSeconds: number };
  readonly database: DatabaseTraits;
  /** Globs below the home that hold the chain's data. */
  readonly dataPaths: readonly string[];
  /** Globs below the home (or the shared directory, prefixed "shared:") that hold secrets: never backed up, never in a drill. */
  readonly keyPaths: readonly string[];
  /** File below the home that remembers what a validator has signed; it stays with the node in every restore. */
  readonly signingState?: string;
  /** Text of that file before anything was signed, where the client does not start without it. A restore writes it for nodes that never sign. */
  readonly freshSigningState?: string;
  /** Arguments after the executable's name. */
  readonly args: (ctx: ProcessContext) => readonly string[];
  readonly env?: (ctx: ProcessContext) => Readonly<Record<string, string>>;
  /** Files that do not depend on the seed. */
  readonly files?: (ctx: ProcessContext) => readonly FilePlan[];
  readonly prepare?: (ctx: ProcessContext) => readonly PrepareStep[];
  readonly metrics?: MetricsSource;
  readonly health: HealthProbe;
  /** Port that serves requests of users, and which of them change state. */
  readonly rpc?: RpcTraits;
  readonly sizing: (network: string, kind: Kind) => Sizing;
  readonly migrations: readonly Migration[];
  /** Options that users may set in `options`, with what they mean. */
  readonly options?: Readonly<Record<string, OptionDefinition>>;
  /** Refuses settings that exclude each other and places that the client cannot run in. Paths start below the group. */
  readonly check?: (ctx: ProcessContext) => readonly ProtocolProblem[];
}

export interface OptionDefinition {
  readonly type: "string" | "number" | "boolean";
  readonly description: string;
  readonly min?: number;
  readonly max?: number;
  readonly allowed?: readonly string[];
}

export interface RpcTraits {
  readonly port: string;
  /** Regular expression over JSON-RPC methods and GET paths that must never be sent twice. */
  readonly writes: string;
}

export interface NetworkDefinition {
  readonly title: string;
  /** As the node reports it, after the probe's formatting. Unknown for private networks without a chosen one. */
  readonly chainId?: string;
  readonly blockTimeSeconds: number;
  /** A node with fewer peers than this is worth a warning. */
  readonly minPeers: number;
  /** Head older than this is not served. Default 10 block times, at least 15 s. */
  readonly maxHeadAgeSeconds?: number;
  /** Further behind its siblings than this is not served. */
  readonly maxLagBlocks: number;
  /** Deepest reorganisation that is usual. Default 0: blocks are final at once. */
  readonly reorgBlocks?: number;
  /** So many blocks between the head and the last final block are worth a warning. Left out where finality is no notion of the network. */
  readonly finalityLagBlocks?: number;
  /** True for a network that this cluster creates. */
  readonly private?: boolean;
  /** True for networks that make no blocks when there is nothing to do. */
  readonly idle?: boolean;
}

/** Files and facts that derive from the cluster's secret seed. */
export interface DerivedMaterial {
  readonly chainId?: string;
  /** Digest of the genesis; data that was made for another one is refused. */
  readonly genesisDigest?: string;
  /** By node, then by layer. */
  readonly files: Readonly<Record<string, Readonly<Record<string, DerivedFiles>>>>;
}

export interface DerivedFiles {
  /** Genesis, node ids, peer lists: readable in a preview. */
  readonly open: readonly FilePlan[];
  /** Keys. */
  readonly secret: readonly FilePlan[];
}

export interface DeriveContext {
  readonly cluster: string;
  readonly network: string;
  readonly chainId: string;
  readonly seed: string;
  readonly processes: readonly (ProcessContext & { readonly layer: Layer; readonly client: string })[];
  readonly settings: PrivateNetworkSettings;
}

/** Settings of a network that this cluster creates. */
export interface PrivateNetworkSettings {
  /** Genesis time, RFC 3339. */
  readonly genesisTime: string;
  readonly blockTimeSeconds: number;
  /** Validators in the genesis block: the first N of the validator nodes. */
  readonly genesisValidators: number;
}

export interface ProtocolDefinition {
  readonly name: string;
  readonly title: string;
  readonly kinds: readonly Kind[];
  readonly networks: Readonly<Record<string, NetworkDefinition>>;
  readonly clients: readonly ClientDefinition[];
  /** Client used per layer when the user names none; by kind where it differs. */
  readonly defaults: Readonly<Partial<Record<Layer | Kind, string>>>;
  /** Whether nodes of this protocol hold something that derives from the seed. */
  readonly needsSeed?: (network: string) => boolean;
  readonly derive?: (ctx: DeriveContext) => DerivedMaterial;
  /** Refuses combinations that the client facts alone cannot express. */
  readonly check?: (
    groups: readonly { readonly group: string; readonly kind: Kind; readonly count: number }[],
    network: string,
  ) => readonly ProtocolProblem[];
}

export interface ProtocolProblem {
  readonly path: string;
  readonly got: unknown;
  readonly allowed: string;
  readonly fix: string;
  readonly code: string;
}
