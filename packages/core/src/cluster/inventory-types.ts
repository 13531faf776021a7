import type { Kind, Layer } from "../chains/types";
import type { HealthLimits, HealthProbe } from "../health/types";

/** agent.json: everything the agent knows. Written by a target from the plan, reread on SIGHUP. */
export interface AgentInventory {
  readonly schemaVersion: 1;
  readonly stack: string;
  readonly cluster: string;
  readonly protocol: string;
  readonly network: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Absent where another balancer is in front (Kubernetes, AWS, Docker). */
  readonly proxy?: InventoryProxy;
  readonly probe: {
    readonly intervalSeconds: number;
    readonly timeoutMs: number;
    /** Answers longer than this are cut off and count as garbage. */
    readonly maxAnswerBytes: number;
  };
  readonly limits: HealthLimits;
  readonly blockTimeSeconds: number;
  /** Distance between two heights whose hashes are compared; absent: they are not. */
  readonly checkpointBlocks?: number;
  /** How deep a usual reorganisation goes. 0 or absent: a block is final at once, and nobody looks for them. */
  readonly reorgBlocks?: number;
  /** A node outside of the fleet that tells where the network is. */
  readonly reference?: InventoryReference;
  /** Where monitoring is, for links; absent where there is none. */
  readonly monitoring?: InventoryMonitoring;
  /** Health questions by client; nodes refer to them by name. */
  readonly questions: Readonly<Record<string, HealthProbe>>;
  readonly nodes: readonly InventoryNode[];
}

export interface InventoryProxy {
  readonly host: string;
  readonly port: number;
  /** Group that answers on `/`; others answer on `/group/<name>/`. */
  readonly defaultGroup: string;
  /** Regular expression over methods and paths that must never be sent twice. */
  readonly writes: string;
  /** How long one try on one node may take before headers arrive. */
  readonly timeoutMs: number;
  /** Requests larger than this are refused with 413. */
  readonly maxBodyBytes: number;
}

export interface InventoryReference {
  /** Key into `questions`. */
  readonly questions: string;
  readonly probeUrl: string;
}

export interface InventoryMonitoring {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly grafanaUrl?: string;
  /** Base of the runbook pages, if they are not the agent's own. */
  readonly runbookUrl?: string;
  /** The alerts of this cluster with their figures, for runbook pages. */
  readonly alerts: readonly InventoryAlert[];
}

export interface InventoryAlert {
  readonly name: string;
  readonly severity: string;
  /** For nodes that others of their role can stand in for, where that differs. */
  readonly replicatedSeverity?: string;
  readonly owner: string;
  readonly forSeconds: number;
  /** Absent where the alert compares with no figure. */
  readonly threshold?: number;
  readonly expr: string;
  /** PromQL of the figure that the threshold is held against. */
  readonly current?: string;
}

export interface InventoryNode {
  readonly name: string;
  readonly group: string;
  readonly kind: Kind;
  readonly servesRpc: boolean;
  /** First is the one that is asked for the head. */
  readonly processes: readonly InventoryProcess[];
}

export interface InventoryProcess {
  readonly name: string;
  readonly layer: Layer;
  readonly client: string;
  readonly version: string;
  /** Key into `questions`. */
  readonly questions: string;
  /** Where the health questions go, e.g. http://127.0.0.1:26657. */
  readonly probeUrl: string;
  /** Where requests of users go; absent when the process serves none. */
  readonly rpcUrl?: string;
  /** Absolute path of the process's data, where the agent shares its file system: the place that is left is told. */
  readonly dataDir?: string;
  /** Absolute path of the "user:password" file, when the client wants one. */
  readonly basicAuthFile?: string;
}

/** GET /status of the agent, and `chainkeep status --json`. Documented in docs/guides/status-json.md. */
export interface StatusDocument {
  readonly schemaVersion: 1;
  readonly stack: string;
  readonly cluster: string;
  readonly protocol: string;
  readonly network: string;
  /** Unix seconds at which this was put together. */
  readonly time: number;
  readonly networkState: NetworkState;
  readonly nodes: readonly StatusNode[];
  readonly alerts: readonly StatusAlert[];
  /** Recovery points; empty until a vault is attached. */
  readonly points: readonly StatusPoint[];
  readonly proxyUrl?: string;
  readonly prometheusUrl?: string;
  readonly alertmanagerUrl?: string;
  readonly grafanaUrl?: string;
}

/** GET /history of the agent: heights of the last minutes, for the status page. */
export interface HistoryDocument {
  readonly schemaVersion: 1;
  /** Unix seconds of each sample, oldest first. */
  readonly times: readonly number[];
  /** Heights by node, one per time; null where the node did not tell. */
  readonly heights: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface NetworkState {
  readonly halted: boolean;
  /** Highest height that a node of this cluster reports. */
  readonly height: number | null;
  /** Seconds since that height last rose, as far as this agent has seen. */
  readonly secondsSinceProgress: number | null;
}

export interface StatusNode {
  readonly name: string;
  readonly group: string;
  readonly kind: Kind;
  readonly client: string;
  readonly alive: boolean;
  readonly ready: boolean;
  readonly inRotation: boolean;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  readonly height: number | null;
  readonly hash: string | null;
  readonly headAgeSeconds: number | null;
  readonly lagBlocks: number | null;
  readonly peers: number | null;
  readonly syncing: boolean | null;
  readonly version: string | null;
  readonly rpcUrl: string | null;
}

export interface StatusAlert {
  readonly name: string;
  readonly state: "firing" | "resolved";
  readonly severity: string;
  readonly node: string | null;
  readonly summary: string;
  /** Unix seconds. */
  readonly startsAt: number;
  readonly endsAt: number | null;
}

export interface StatusPoint {
  readonly id: string;
  readonly node: string;
  readonly height: number;
  readonly blockHash: string;
  readonly createdAt: number;
  readonly sizeBytes: number;
  readonly verified: string | null;
}
