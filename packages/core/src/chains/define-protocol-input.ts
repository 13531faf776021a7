import type {
  ClientDefinition,
  ClientRelease,
  DatabaseTraits,
  Kind,
  Layer,
  NetworkDefinition,
  ProgramSource,
  ProtocolDefinition,
  Sizing,
} from "./types";

/** A pinned release. */
export interface ReleaseInput {
  /** Exact version, e.g. `1.4.2`. Words that move (`latest`, `stable`, `main`) are refused. */
  readonly version: string;
  /** Image with a tag or digest that never moves, e.g. `ghcr.io/acme/acmed:v1.4.2`. The local target does not pull it. */
  readonly image: string;
  /** Day on which this pin was last looked at, e.g. `2026-11-24`. */
  readonly reviewed: string;
  /**
   * Where the release is published.
   *
   * @default - the Go module's page, else the image
   */
  readonly source?: string;
  /**
   * Executable for targets that run processes, and how to build it.
   *
   * @default - `{ binary: <name of the client> }`, found on PATH
   */
  readonly program?: ProgramSource;
}

/** A program that runs the chain. Only what nobody but you can know is required. */
export interface ClientInput extends Omit<ClientDefinition, OptionalClientField | "release" | "sizing"> {
  /** @default - the name */
  readonly title?: string;
  /** @default "node" */
  readonly layer?: Layer;
  /** @default - all networks of the protocol */
  readonly networks?: readonly string[];
  readonly release: ReleaseInput;
  /**
   * How the process is told to end, and how long it may take. Too short a grace tears databases.
   *
   * @default { signal: "SIGTERM", graceSeconds: 120 }
   */
  readonly stop?: ClientDefinition["stop"];
  /**
   * How a consistent copy of the data is taken.
   *
   * @default - unknown engine: the process is stopped for a copy, which is safe for all of them
   */
  readonly database?: DatabaseTraits;
  /**
   * Globs below the home that hold the chain's data.
   *
   * @default ["**"] less the key paths
   */
  readonly dataPaths?: readonly string[];
  /**
   * Globs below the home that hold secrets: never in a recovery point. Required when a kind is `validator`.
   *
   * @default []
   */
  readonly keyPaths?: readonly string[];
  /** Figures for every network and kind, or a function of them. */
  readonly sizing: Sizing | ClientDefinition["sizing"];
  /** @default [] */
  readonly migrations?: ClientDefinition["migrations"];
}

type OptionalClientField =
  | "title"
  | "layer"
  | "networks"
  | "stop"
  | "database"
  | "dataPaths"
  | "keyPaths"
  | "migrations";

/** A network of the protocol. */
export interface NetworkInput extends Omit<NetworkDefinition, "title" | "minPeers" | "maxLagBlocks"> {
  /** @default - the network's key */
  readonly title?: string;
  /** @default 1 */
  readonly minPeers?: number;
  /**
   * Blocks that a node may be behind its siblings and still be served.
   *
   * @default - blocks of 15 seconds, 2 to 20
   */
  readonly maxLagBlocks?: number;
}

/** What {@link defineProtocol} takes: a {@link ProtocolDefinition} in which everything with an honest default may be left out. */
export interface ProtocolInput
  extends Omit<ProtocolDefinition, "title" | "kinds" | "networks" | "clients" | "defaults"> {
  /** @default - the name */
  readonly title?: string;
  /** @default - the kinds that the clients have */
  readonly kinds?: readonly Kind[];
  readonly networks: Readonly<Record<string, NetworkInput>>;
  readonly clients: readonly ClientInput[];
  /** @default - the first client of each layer */
  readonly defaults?: ProtocolDefinition["defaults"];
}

/** Fills in the defaults. The input has passed the schema. */
export function completed(input: ProtocolInput): ProtocolDefinition {
  const networks = Object.fromEntries(
    Object.entries(input.networks).map(([name, network]) => [name, completedNetwork(name, network)]),
  );
  const clients = input.clients.map((client) => completedClient(client, Object.keys(networks)));
  return {
    ...input,
    title: input.title ?? input.name,
    kinds: input.kinds ?? [...new Set(clients.flatMap((client) => client.kinds))],
    networks,
    clients,
    defaults: input.defaults ?? firstOfEachLayer(clients),
  };
}

function completedNetwork(name: string, network: NetworkInput): NetworkDefinition {
  const blocks = Math.ceil(15 / network.blockTimeSeconds);
  return {
    ...network,
    title: network.title ?? name,
    minPeers: network.minPeers ?? 1,
    maxLagBlocks: network.maxLagBlocks ?? Math.min(20, Math.max(2, blocks)),
  };
}

function completedClient(client: ClientInput, networks: readonly string[]): ClientDefinition {
  const { sizing } = client;
  return {
    ...client,
    title: client.title ?? client.name,
    layer: client.layer ?? "node",
    networks: client.networks ?? networks,
    release: completedRelease(client.name, client.release),
    stop: client.stop ?? { signal: "SIGTERM", graceSeconds: 120 },
    database: client.database ?? {
      engine: "unknown",
      consistency: "stop",
      note: "engine not stated: copies are taken while the process is stopped",
    },
    dataPaths: client.dataPaths ?? ["**"],
    keyPaths: client.keyPaths ?? [],
    sizing: typeof sizing === "function" ? sizing : () => sizing,
    migrations: client.migrations ?? [],
  };
}

function completedRelease(name: string, release: ReleaseInput): ClientRelease {
  const module = release.program?.goModule;
  return {
    ...release,
    source: release.source ?? (module ? `https://pkg.go.dev/${module.module}@${module.version}` : release.image),
    program: release.program ?? { binary: name },
  };
}

function firstOfEachLayer(clients: readonly ClientDefinition[]): ProtocolDefinition["defaults"] {
  return Object.fromEntries([...clients].reverse().map((client) => [client.layer, client.name]));
}
