import type {
  AgentInventory,
  Head,
  HealthProbe,
  InventoryNode,
  InventoryProcess,
  InventoryVault,
  RecoveryPoint,
  VaultProgress,
} from "@chainkeep/core";
import type { FleetState } from "../fleet/judge";
import type { Log } from "../log";

/*
 * What the parts of the vault know of each other. A target that copies volumes in its own way brings a `PointStore`, and a `NodeRuntime` where a
 * command line is not enough; everything else stays.
 */

/** Told while bytes move. */
export type OnProgress = (progress: VaultProgress) => void;

/** One process's data: where it lies and what of it is copied. */
export interface CaptureSource {
  readonly process: string;
  /** Absolute directory. */
  readonly home: string;
  readonly dataPaths: readonly string[];
  readonly keyPaths: readonly string[];
}

export interface CaptureRequest {
  /** Name of the attempt: what it leaves behind can be found and removed by it. */
  readonly attempt: string;
  readonly cluster: string;
  readonly node: string;
  readonly sources: readonly CaptureSource[];
  /** Snapshot that this one is a change of, if one is known. */
  readonly parent?: string;
  /**
   * Of `capture`, to keep the downtime short: a store that makes preparations (starts its program, opens the repository, takes its lock) makes
   * them while the node still runs, calls this, and reads the data when the promise that it returns is kept. So it stops the node, and rejects
   * where that fails; then nothing is copied. Without it the node stands still already.
   */
  readonly onPrepared?: () => Promise<void>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Told the pid of every program that reads the data, so that a successor of a dead agent can end it. */
  readonly onChild?: (pid: number) => void;
}

export interface Capture {
  readonly snapshot: string;
  readonly files: number;
  /** Bytes of the data as a restore writes them. */
  readonly bytes: number;
  /** Bytes that came to the store. */
  readonly addedBytes: number;
  /** From the first byte that was read; without the preparations. */
  readonly seconds: number;
  /** Bytes of new content, before they were packed. */
  readonly changedBytes: number;
}

export interface FetchRequest {
  readonly point: RecoveryPoint;
  /** Name of the process in the point's record. */
  readonly process: string;
  /** Directory that takes the place of that process's home; made when it is not there. */
  readonly target: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  readonly onChild?: (pid: number) => void;
}

/** A record that cannot be read: torn, of a later schema, or not ours. */
export interface TornRecord {
  readonly snapshot: string;
  readonly text: string;
}

/** Where recovery points are kept. All methods reject with a VaultError whose code says what is wrong; an unknown exit of a tool is a failure. */
export interface PointStore {
  /** Makes the store if it is not there, and takes away locks that dead processes have left. */
  ensure(): Promise<void>;
  /** Copies while the node runs. Files that vanish or change are no error; the result is a parent for `capture` and nothing else. */
  warm(request: CaptureRequest): Promise<Capture>;
  /** Copies a node that stands still. A file that cannot be read is an error. */
  capture(request: CaptureRequest): Promise<Capture>;
  /** Root of the sums over all content of a snapshot; see PointManifest. Asked after the node was started again. */
  digest(snapshot: string): Promise<string>;
  /** Names of all files of a snapshot, as absolute paths. */
  files(snapshot: string): AsyncIterable<{ readonly path: string; readonly size: number }>;
  /** Writes a record, in place of an earlier one of the same id. */
  putRecord(point: RecoveryPoint): Promise<void>;
  /** Every record of a cluster, newest first; of all clusters when none is given. */
  records(
    cluster?: string,
  ): Promise<{ readonly points: readonly RecoveryPoint[]; readonly torn: readonly TornRecord[] }>;
  /** Writes a process's data to a directory, and checks every byte that is written. */
  fetch(request: FetchRequest): Promise<{ readonly bytes: number; readonly seconds: number }>;
  /** Reads every byte of a point and checks it, without writing it anywhere. */
  readAll(point: RecoveryPoint, onProgress?: OnProgress, signal?: AbortSignal): Promise<void>;
  /** Checks the store's structure, and the n-th of t parts of its content. */
  check(part: { readonly n: number; readonly t: number }, onProgress?: OnProgress, signal?: AbortSignal): Promise<void>;
  /** Deletes points with their records; frees the room when `prune` is set. */
  remove(points: readonly RecoveryPoint[], prune: boolean): Promise<void>;
  /** Deletes what an attempt has left that has no record. */
  forgetAttempt(attempt: string): Promise<void>;
  /** Copies a point and its record to another store of the same kind; returns the snapshot's name there. */
  copyTo(other: PointStore, point: RecoveryPoint, onProgress?: OnProgress, signal?: AbortSignal): Promise<string>;
  /** Bytes that the store takes, and those that its place has left; undefined where that is not known. */
  room(): Promise<{ readonly usedBytes: number | undefined; readonly freeBytes: number | undefined }>;
}

export interface StopResult {
  /** Killed: it was still there at the end of its grace. */
  readonly ended: "stopped" | "killed";
  readonly seconds: number;
}

/** Stops and starts the processes of nodes. `start` of one that runs does nothing. */
export interface NodeRuntime {
  stop(process: InventoryProcess): Promise<StopResult>;
  start(process: InventoryProcess): Promise<void>;
  isRunning(process: InventoryProcess): Promise<boolean>;
}

/** Who can be asked: a process of a node, a guest, a reference. */
export interface AskTarget {
  readonly probeUrl: string;
  readonly basicAuthFile?: string;
  readonly questions: HealthProbe;
}

/** What a node says of one block. Hashes are plain lower-case digits; null where it does not tell. */
export interface BlockFacts {
  readonly height: number;
  readonly hash: string | null;
  readonly state: string | null;
  readonly genesis: string | null;
}

/** Asks nodes about their chain, in the words of their client. */
export interface ChainAsker {
  /** The head; undefined when there is no answer, with the reason. */
  head(target: AskTarget): Promise<{ readonly head?: Head; readonly error?: string }>;
  /** Undefined when there is no answer. */
  block(target: AskTarget, height: number): Promise<BlockFacts | undefined>;
}

/** What a piece of work sees of the job that it is part of. */
export interface JobContext {
  readonly id: string;
  readonly signal: AbortSignal;
  /** Begins a step; the one before has ended. */
  step(name: string): void;
  progress(progress: VaultProgress): void;
}

/** What every piece of work with the vault is given. */
export interface VaultWorld {
  readonly inventory: () => AgentInventory;
  readonly vault: () => InventoryVault;
  readonly fleet: () => FleetState;
  readonly store: PointStore;
  /** The store of one of the vault's copies. */
  readonly copy: (name: string) => PointStore;
  readonly runtime: NodeRuntime;
  readonly asker: ChainAsker;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function nodeOf(inventory: AgentInventory, name: string): InventoryNode | undefined {
  return inventory.nodes.find((node) => node.name === name);
}
