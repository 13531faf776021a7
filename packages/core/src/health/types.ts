/** How a value that a node answered is read. Anything that does not fit is garbage, and garbage is not ready. */
export type ValueFormat =
  /** A whole number, as JSON number or decimal text. */
  | "decimal"
  /** 0x-prefixed hexadecimal quantity. */
  | "hex"
  | "string"
  | "boolean"
  /** False as JSON false; any object means true (`eth_syncing`). */
  | "falseOrObject"
  /** RFC 3339 time. */
  | "time"
  /** Unix seconds, number or decimal text. */
  | "unix"
  /** Unix seconds as 0x-prefixed quantity. */
  | "hexUnix"
  /** Little-endian u64 milliseconds, as Substrate stores its timestamp. */
  | "scaleMillis"
  /** Number of items of an array. */
  | "length";

export interface ValueSource {
  /** Name of the request whose answer holds the value. */
  readonly from: string;
  /** Dotted path into the answer; for JSON-RPC it starts below `result`. Empty: the answer itself. */
  readonly path: string;
  readonly as: ValueFormat;
}

/** Time of the head where the protocol counts slots: genesisTime + slot * secondsPerSlot. */
export interface SlotTime {
  readonly slot: ValueSource;
  readonly genesisTime: ValueSource;
  readonly secondsPerSlot: number;
}

export interface ProbeRequest {
  /**
   * JSON-RPC call over POST. Text parameters "$height", "$heightHex" and "$hash" are filled from the head, "$parent" with the
   * height below its own.
   */
  readonly rpc?: { readonly method: string; readonly params?: readonly unknown[]; readonly version?: "1.0" | "2.0" };
  /** Plain GET; "$height", "$parent" and "$hash" in the path are filled from the head. */
  readonly get?: string;
  /** Its failure leaves its values unknown and is no reason against the node. Default false. */
  readonly optional?: boolean;
  /** Status codes that are an answer although they are not 2xx (a beacon node's 206 while syncing is 2xx already). */
  readonly acceptStatus?: readonly number[];
}

/**
 * Questions whose answers identify a chain and the state of a block of it. Placeholders as in `checkpoint`: "$checkpoint" and
 * "$checkpointHex" are the height of the block. Paths lead to hashes.
 */
export interface ProofProbe {
  /** `state` leads to the state root, app hash or the like of that block, where the client tells it. */
  readonly block: { readonly request: ProbeRequest; readonly hash: string; readonly state?: string };
  /** The first block. Its hash tells two chains apart that go by the same id. */
  readonly genesis?: { readonly request: ProbeRequest; readonly hash: string };
}

export interface HealthProbe {
  /** Name of the port that is asked. */
  readonly port: string;
  readonly requests: Readonly<Record<string, ProbeRequest>>;
  readonly head: {
    readonly height: ValueSource;
    readonly hash?: ValueSource;
    readonly timestamp?: ValueSource | SlotTime;
    readonly peers?: ValueSource;
    readonly syncing?: ValueSource;
    /** Height that the node believes the network has; above its own height by more than the lag limit means catching up. */
    readonly target?: ValueSource;
    readonly finalizedHeight?: ValueSource;
    readonly mempool?: ValueSource;
    readonly chainId?: ValueSource;
    readonly version?: ValueSource;
    readonly genesis?: ValueSource;
  };
  /** Answers that by themselves mean not ready, e.g. a beacon node whose execution client is offline. */
  readonly faults?: readonly { readonly value: ValueSource; readonly code: string; readonly text: string }[];
  /**
   * How the hash of an old block is asked for: nodes of one chain agree on it, so that a fork shows. A text parameter "$checkpoint"
   * becomes the block's height as a JSON number and "$checkpointHex" a hexadecimal quantity; in a path "$checkpoint" becomes its
   * digits (clients that want heights as text have paths, too). A failure, or an answer without a hash, is no reason against the
   * node: an old block may be pruned, and an empty slot has no block.
   */
  readonly checkpoint?: { readonly request: ProbeRequest; readonly path: string };
  /** What a recovery point is held against: questions that any node of the chain answers alike. */
  readonly proof?: ProofProbe;
  /** Light clients and proxies have no peers of their own. Default true. */
  readonly countsPeers?: boolean;
  /** File below the home with "user:password" for HTTP basic authentication (bitcoind's cookie). */
  readonly basicAuthFile?: string;
}

/** What a node reported, normalised. Times are unix seconds. */
export interface Head {
  readonly height: number;
  readonly hash?: string;
  readonly timestamp?: number;
  readonly peers?: number;
  readonly syncing?: boolean;
  readonly target?: number;
  readonly finalizedHeight?: number;
  readonly mempool?: number;
  readonly chainId?: string;
  readonly version?: string;
  readonly genesis?: string;
  /** Codes and texts of `faults` that hold. */
  readonly faults: readonly Reason[];
  /** An old block and its hash, as lower-case hexadecimal digits without prefix. */
  readonly checkpoint?: { readonly height: number; readonly hash: string };
}

export type ProbeErrorKind = "timeout" | "transport" | "server" | "garbage" | "oversize" | "auth";

/** One asking of one node: a head, or why there is none. */
export interface Observation {
  /** When the asking ended, unix milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** Whether the port took a connection, whatever came then. Absent when that is not known, e.g. for a fault of the agent's own. */
  readonly reachable?: boolean;
  readonly head?: Head;
  readonly error?: { readonly kind: ProbeErrorKind; readonly text: string };
}

export interface Reason {
  /** Stable, upper snake case. */
  readonly code: ReasonCode | string;
  readonly text: string;
}

export const REASON_CODES = [
  "NOT_ASKED_YET",
  "NO_ANSWER",
  "BAD_ANSWER",
  "WRONG_CHAIN",
  "SYNCING",
  "HEAD_OLD",
  "HEAD_TIME_UNKNOWN",
  "HEAD_IN_FUTURE",
  "BEHIND",
  "HEIGHT_DOUBTED",
  "NO_PEERS",
  "PEERS_UNKNOWN",
  "STALLED",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Limits of one cluster; every one of them is a setting, none is a constant in code. */
export interface HealthLimits {
  readonly maxHeadAgeSeconds: number;
  readonly maxLagBlocks: number;
  /** Peers below this make a node not ready. 0 for a network of one. Default 1. */
  readonly minPeers: number;
  /** A node that answers but whose height stands still for so long while others move is not alive. */
  readonly progressSeconds: number;
  /** The same while it is catching up: first import and database repair take long. */
  readonly catchUpSeconds: number;
  /** A node that has not answered for so long is not alive. */
  readonly silenceSeconds: number;
  /** Answer older than this is no answer: the prober itself is stuck. */
  readonly staleSeconds: number;
  readonly chainId?: string;
}

export interface Verdict {
  readonly alive: boolean;
  readonly ready: boolean;
  /** Why not alive or not ready; empty when all is well. */
  readonly reasons: readonly Reason[];
  readonly lagBlocks?: number;
  readonly headAgeSeconds?: number;
}
