import type { Kind, Layer } from "../chains/types";
import type { HealthLimits, HealthProbe } from "../health/types";
import type { InventoryProcessVault, InventoryVault } from "../vault/inventory-types";
import type { Level } from "../vault/levels";

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
  /** Where recovery points are kept, and what is to be done with them. */
  readonly vault?: InventoryVault;
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
  /** How it is stopped and copied; present where the cluster has a vault. */
  readonly vault?: InventoryProcessVault;
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
  /** Absent where the cluster has no vault. */
  readonly vault?: StatusVault;
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

/** A recovery point in few words; `chainkeep points --json` prints a list of them. Times are unix seconds. */
export interface StatusPoint {
  readonly id: string;
  readonly node: string;
  readonly lineage: string;
  readonly client: string;
  readonly version: string;
  readonly height: number;
  readonly blockHash: string;
  readonly createdAt: number;
  readonly sizeBytes: number;
  /** Highest level that was proven; null before the first proof. */
  readonly verified: Level | null;
  readonly verifiedAt: number | null;
  /** Why the point is bad; null while no proof has failed. */
  readonly bad: string | null;
  readonly consistency: string;
  readonly lockedUntil: number | null;
  /** Further places that hold it. */
  readonly copies: readonly string[];
}

/** The vault as the agent sees it; in `/status` where the cluster has one. */
export interface StatusVault {
  readonly name: string;
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  /** When the store told its points last, unix seconds; null before the first time since the agent began: then `points` of the status says nothing. */
  readonly pointsAt: number | null;
  /** The last backup that was tried. */
  readonly lastAttempt: { readonly at: number; readonly ok: boolean; readonly text: string } | null;
  readonly lastVerification: {
    readonly at: number;
    readonly point: string;
    readonly level: Level | null;
    readonly ok: boolean;
    readonly text: string;
  } | null;
  /** The last drill: whether the restored node came to the head of the network. */
  readonly lastDrill: { readonly at: number; readonly ok: boolean; readonly text: string } | null;
  /** The last look over a part of the store, and over its locks. False while damage is known. */
  readonly lastCheck: { readonly at: number; readonly ok: boolean; readonly text: string } | null;
  /** Unix seconds; null where nothing is scheduled. */
  readonly nextBackupAt: number | null;
  /** Mirrors as live copies: how far each is behind the network now. */
  readonly mirrors: readonly {
    readonly node: string;
    readonly lagBlocks: number | null;
    readonly lagSeconds: number | null;
    readonly promoted: boolean;
  }[];
  /** What runs now. */
  readonly job: VaultJob | null;
  /** Absolute path of the file whose content lets a program of this machine ask for jobs. */
  readonly controlTokenFile: string;
}

/** Something that the agent does with the vault: backup, verify, drill, restore. */
export interface VaultJob {
  readonly id: string;
  readonly kind: string;
  /** What it is about: a node, a point. */
  readonly subject: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly steps: readonly VaultJobStep[];
  readonly progress: VaultProgress | null;
  /** What it ended with, by kind of job. */
  readonly result: unknown;
  readonly error: { readonly code: string; readonly text: string; readonly problems: readonly string[] } | null;
}

export interface VaultJobStep {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export interface VaultProgress {
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}
