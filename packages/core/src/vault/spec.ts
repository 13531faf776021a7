import type { Level } from "./levels";

/** A vault after every check, with defaults. Plain data: it is written into the agent's inventory. */
export interface VaultSpec {
  readonly name: string;
  readonly policy: VaultPolicy;
  readonly destination: Destination;
  /** Further places by name. */
  readonly copies: Readonly<Record<string, Destination>>;
}

export interface VaultPolicy {
  /** Cron line in UTC; null for never by the clock. */
  readonly schedule: string | null;
  readonly everyBlocks: number | null;
  readonly keep: Keep;
  readonly lock: { readonly mode: "governance" | "compliance"; readonly days: number } | null;
  readonly verify: { readonly schedule: string; readonly afterEach: boolean; readonly level: Level } | null;
  readonly drill: { readonly schedule: string; readonly from: string } | null;
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  readonly onStopTimeout: "skip" | "crash-consistent";
  readonly minReady: number;
}

export interface Keep {
  readonly last: number;
  readonly hourly: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  /** The newest so many verified points, whatever the rest says. */
  readonly verified: number;
}

/** A place as the store takes it. */
export interface Destination {
  /** restic's notation: an absolute directory, or `s3:<endpoint>/<bucket>/<prefix>`. */
  readonly repository: string;
  readonly region?: string;
  readonly accessKeyIdFile?: string;
  readonly secretAccessKeyFile?: string;
}

/** Never fewer: retention cannot take the last proven way back. */
export const VERIFIED_KEPT = 2;
export const DEFAULT_KEEP: Keep = {
  last: 3,
  hourly: 0,
  daily: 7,
  weekly: 4,
  monthly: 6,
  verified: VERIFIED_KEPT,
};
export const COMPLIANCE_CONFIRMATION =
  "nobody can delete these points before their lock ends, and they are paid for until then";
