import type { Level } from "./levels";
import type { VaultSpec } from "./spec";

/** How many recovery points are kept. Rules add up: a point stays when one of them wants it. */
export interface KeepArgs {
  /** The newest so many. @default 3 */
  last?: number;
  /** The newest one of each of so many hours that have one. @default 0 */
  hourly?: number;
  /** The newest one of each of so many days, in UTC. @default 7 */
  daily?: number;
  /** The newest one of each of so many ISO weeks. @default 4 */
  weekly?: number;
  /** The newest one of each of so many months. @default 6 */
  monthly?: number;
}

/** An S3-compatible store. */
export interface S3Args {
  /**
   * Name of the bucket. It must exist.
   *
   * @default - required
   */
  bucket: string;
  /**
   * Address of the store.
   *
   * @default "https://s3.amazonaws.com"
   * @example "https://s3.eu-central-1.amazonaws.com"
   */
  endpoint?: string;
  /**
   * Region of the bucket.
   *
   * @default - the store's own
   */
  region?: string;
  /**
   * Folder inside of the bucket.
   *
   * @default - the vault's name
   */
  prefix?: string;
  /**
   * File with the access key id on its first line.
   *
   * @default - what the machine has: environment, instance profile
   */
  accessKeyIdFile?: string;
  /**
   * File with the secret access key on its first line.
   *
   * @default - what the machine has: environment, instance profile
   */
  secretAccessKeyFile?: string;
}

/** A place that holds recovery points: one of the two. */
export interface DestinationArgs {
  /**
   * Absolute path of a directory, best on another disk than the nodes'.
   *
   * @default - none
   */
  directory?: string;
  /**
   * An S3-compatible store.
   *
   * @default - none
   */
  s3?: S3Args;
}

/** Protection from deletion, by mistake or on purpose. */
export interface LockArgs {
  /**
   * `governance`: Chainkeep deletes no point before its time, and who administers the store still can. `compliance`: nobody can; it needs an
   * S3 destination whose bucket has Object Lock in compliance mode, and `confirmCompliance`.
   *
   * @default "governance"
   */
  mode?: "governance" | "compliance";
  /**
   * Days from the taking of a point, 1 to 36500. In compliance mode at least 3.
   *
   * Changing it holds for new points.
   * @default 7
   */
  days?: number;
  /**
   * Only for compliance mode, word for word: "nobody can delete these points before their lock ends, and they are paid for until then".
   *
   * @default - none
   */
  confirmCompliance?: string;
}

/** When recovery points are proven, and how far. */
export interface VerifyArgs {
  /**
   * Five-field cron line in UTC. The newest point that is not proven to `level` is taken.
   *
   * @default "0 5 * * 0"
   */
  schedule?: string;
  /**
   * True proves every point right after it was taken.
   *
   * @default false
   */
  afterEach?: boolean;
  /**
   * `exists`, `intact`, `opens`, `chain` or `progresses`. From `opens` on, a client is started from the copy: it needs the room of the data
   * once more, and the client's memory.
   *
   * @default "chain"
   */
  level?: Exclude<Level, "objectives">;
}

/** Restores that are carried out in isolation to prove that they work, timed. */
export interface DrillArgs {
  /**
   * Five-field cron line in UTC.
   *
   * @default "0 6 1 * *"
   */
  schedule?: string;
  /**
   * `vault`, or the name of one of `copies`, to prove that one, too.
   *
   * @default "vault"
   */
  from?: string;
}

/** A place that keeps recovery points of one or several clusters, and what is done to keep them good. The same on every target. */
export interface VaultArgs {
  /**
   * When recovery points are taken: a five-field cron line in UTC. False for never by the clock.
   *
   * @default "0 3 * * *"
   */
  schedule?: string | false;
  /**
   * Takes a point whenever the chain is so many blocks higher than the newest point, 10 to 1000000000. Beside the schedule, not in its place.
   *
   * @default - not by height
   */
  everyBlocks?: number;
  /**
   * What is kept. Whatever it says: the two newest verified points are never deleted.
   *
   * @default { last: 3, daily: 7, weekly: 4, monthly: 6 }
   */
  keep?: KeepArgs;
  /**
   * Where points are kept.
   *
   * Changing it starts an empty vault in the new place; the old one stays as it is.
   * @default - a place of the target; on this machine the directory `.chainkeep/vaults/<stack>/<name>` of the project
   */
  destination?: DestinationArgs;
  /**
   * Further places by name, to which every point is copied after it was taken.
   *
   * @default - none
   * @example { offsite: { s3: { bucket: "vault-copy", region: "eu-west-1" } } }
   */
  copies?: Record<string, DestinationArgs>;
  /**
   * Protection from deletion. False for none.
   *
   * @default { mode: "governance", days: 7 }
   */
  lock?: LockArgs | false;
  /**
   * When points are proven, and how far. False for never: then nobody knows whether a restore works.
   *
   * @default { schedule: "0 5 * * 0", level: "chain" }
   */
  verify?: VerifyArgs | false;
  /**
   * Timed restores in isolation. False for none.
   *
   * @default { schedule: "0 6 1 * *", from: "vault" }
   */
  drill?: DrillArgs | false;
  /**
   * Age that the newest point may have, and time that a restore may take, in seconds, 60 to 31536000. Alerts and drills are held against them.
   *
   * @default { rpoSeconds: 86400, rtoSeconds: 14400 }; for a schedule that comes less than once a day, its longest pause for rpoSeconds
   */
  objectives?: { rpoSeconds?: number; rtoSeconds?: number };
  /**
   * What becomes of a backup whose node did not stop within its grace and was killed: `skip` takes no point and alerts, `crash-consistent`
   * takes one that is marked as such and is not chosen before it is proven.
   *
   * @default "skip"
   */
  onStopTimeout?: "skip" | "crash-consistent";
  /**
   * So many nodes of its group must stay ready while a node that serves is stopped, 1 to 200. Mirrors serve nobody and may always stop.
   *
   * @default 1
   */
  minReady?: number;
}

/** What a cluster has to do with a vault. */
export interface BackupArgs {
  /**
   * The vault that keeps the recovery points. Several clusters may share one.
   *
   * @default - required
   */
  vault: VaultReference;
  /**
   * Groups whose nodes may be copied. Mirrors are taken first; validators, sentries, seeds and light nodes never.
   *
   * @default - all groups of kind mirror, full and archive
   */
  groups?: string[];
}

/** A `BackupVault` of any target. */
export interface VaultReference {
  readonly vaultSpec: VaultSpec;
}
