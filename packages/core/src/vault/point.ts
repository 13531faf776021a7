import type { Kind, Layer } from "../chains/types";
import type { Level } from "./levels";

/** How the copy came about: of a client that had ended by itself, or of one that did not and was killed. */
export type Consistency = "clean-stop" | "crash-consistent" | "atomic-volume";

/** Why a point was taken. */
export type Trigger = "schedule" | "blocks" | "manual" | "replacement" | "upgrade";

/**
 * One backup, with everything that a restore must know. Stored as JSON beside the data, so that a vault can be read by an agent that has
 * never seen it. Times are unix seconds, hashes are lower-case hexadecimal digits without prefix.
 */
export interface RecoveryPoint {
  readonly schemaVersion: 1;
  /** `<cluster>-<height>-<time>`, e.g. "devnet-1234-20261125T030000Z". Letters, digits, dots and dashes. */
  readonly id: string;
  readonly vault: string;
  readonly stack: string;
  readonly cluster: string;
  readonly protocol: string;
  readonly network: string;
  /** Node that was copied. */
  readonly node: string;
  readonly group: string;
  readonly kind: Kind;
  /** Nodes of the same lineage can take the data: same clients, same depth of history. */
  readonly lineage: string;
  /** As the node reported it; null where the protocol has none. */
  readonly chainId: string | null;
  /** Hash of the first block, as the node reported it; null where it cannot be asked for. */
  readonly genesis: string | null;
  /** Height that the data holds at least: the head that was told right before the stop. */
  readonly height: number;
  readonly blockHash: string;
  /** State root, app hash or the like of that block; null where the client does not tell it. */
  readonly stateHash: string | null;
  readonly blockTime: number | null;
  /** The point in time: when the node had stopped. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Seconds from the stop signal until all processes were started again. */
  readonly downtimeSeconds: number;
  readonly consistency: Consistency;
  readonly trigger: Trigger;
  readonly processes: readonly PointProcess[];
  readonly storage: PointStorage;
  /** Bytes of the data, as a restore writes them. */
  readonly sizeBytes: number;
  readonly manifest: PointManifest;
  readonly keys: KeyProof;
  /** Height up to which a validator's signing state inside says that it has signed; null when there is none inside. */
  readonly signedHeight: number | null;
  /** Nothing of ours deletes the point before; null when it is not locked. */
  readonly lockedUntil: number | null;
  readonly lockMode: "governance" | "compliance" | null;
  readonly verification: Verification;
  /** Further places that hold it. */
  readonly copies: readonly PointCopy[];
}

export interface PointProcess {
  /** Name in the plan of the node, e.g. "rpc-0" or "rpc-0-execution". */
  readonly name: string;
  readonly layer: Layer;
  readonly client: string;
  /** Version of the catalogue that the process was started with. */
  readonly version: string;
  /** As the process told it; null when it did not. */
  readonly reportedVersion: string | null;
  readonly engine: string;
  /** Absolute directory that the paths inside of the copy begin with. */
  readonly home: string;
  readonly dataPaths: readonly string[];
}

export interface PointStorage {
  readonly kind: "restic" | "csi" | "ebs";
  /** Snapshot's name in its store. */
  readonly snapshot: string;
  readonly files: number;
  /** Bytes that this point added to the store. */
  readonly addedBytes: number;
}

export interface PointManifest {
  /** `restic-tree-sha256`: root of the tree of SHA-256 sums over every file's content, name and mode. */
  readonly algorithm: string;
  readonly digest: string;
}

/** That no key is inside, and how it was found out. */
export interface KeyProof {
  /** Globs that were left out. */
  readonly excluded: readonly string[];
  /** Files whose name was looked at, and of them those whose content was read. */
  readonly filesSeen: number;
  readonly filesRead: number;
  /** When the scan ended. */
  readonly at: number;
}

export interface Verification {
  /** Highest level that was proven; null before the first proof. */
  readonly level: Level | null;
  readonly at: number | null;
  /** Name of the evidence, in the agent's directory of evidence. */
  readonly evidence: string | null;
  /** Set once a proof has failed: the point is never chosen by itself again. */
  readonly bad: { readonly level: Level; readonly code: string; readonly text: string; readonly at: number } | null;
}

export interface PointCopy {
  readonly destination: string;
  readonly at: number;
  readonly snapshot: string;
}

export const UNVERIFIED: Verification = { level: null, at: null, evidence: null, bad: null };
