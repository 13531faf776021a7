import type { StatusPoint } from "../cluster/inventory-types";
import type { Problem } from "../errors/errors";
import type { Level } from "./levels";
import type { Trigger } from "./point";

/** Which point is meant. `newestVerified` and `atHeight` choose among the points of the node's lineage that are not bad. */
export type PointSelector =
  | { readonly id: string }
  | { readonly newestVerified: true }
  /** The highest one that is not above so many blocks; verified ones only. */
  | { readonly atHeight: number };

/** What the agent can be asked for: body of `POST /vault/jobs`. */
export type VaultJobRequest =
  | { readonly kind: "backup"; readonly node?: string; readonly trigger?: Trigger }
  | { readonly kind: "verify"; readonly point?: string; readonly level?: Level }
  | { readonly kind: "drill"; readonly point?: string; readonly from?: string }
  | {
      readonly kind: "restore";
      readonly node: string;
      readonly point: PointSelector;
      readonly forceUnverified?: boolean;
    }
  /** Deletes the data that a restore has put aside. */
  | { readonly kind: "discard-old"; readonly node: string }
  /** Deletes points that no rule keeps, and frees their room. */
  | { readonly kind: "retain" }
  /** Checks the next part of the store. */
  | { readonly kind: "check" }
  /** Lets a mirror serve until it is undone. */
  | { readonly kind: "promote"; readonly node: string; readonly undo?: boolean };

export const JOB_KINDS = ["backup", "verify", "drill", "restore", "discard-old", "retain", "check", "promote"] as const;

/** What a restore would do: answer of `POST /vault/restore-plan`. With problems, nothing is touched. */
export interface RestorePlan {
  readonly node: string;
  /** Null when no point fits. */
  readonly point: StatusPoint | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** What happens, one line each, in order. */
  readonly steps: readonly string[];
  readonly sizeBytes: number;
  /** Room beside the node's data; null where that is not known. */
  readonly freeBytes: number | null;
  /** From the rate of the last restore; null before the first one. */
  readonly estimatedSeconds: number | null;
  /** Blocks and seconds that the node must fetch again. */
  readonly behindBlocks: number | null;
  readonly behindSeconds: number;
}

/** What a restore ended with. */
export interface RestoreResult {
  readonly node: string;
  readonly point: string;
  readonly bytes: number;
  /** From the request until the node was ready. */
  readonly seconds: number;
  /** Of it, the time in which the node did not run. */
  readonly downtimeSeconds: number;
  /** Where the old data is, until it is discarded; empty where there was none. */
  readonly oldData: readonly string[];
  readonly steps: readonly TimedStep[];
}

export interface TimedStep {
  readonly name: string;
  /** Seconds after the start. */
  readonly at: number;
  readonly seconds: number;
}

/** What one process of the chain said of a block, for comparison. */
export interface Testimony {
  readonly who: string;
  readonly chainId: string | null;
  readonly genesis: string | null;
  readonly height: number;
  readonly hash: string | null;
  readonly state: string | null;
}

/** How a proof went; kept as `<id>.json` in the agent's directory of evidence. */
export interface Evidence {
  readonly schemaVersion: 1;
  /** `<point>-<time>`. */
  readonly id: string;
  readonly point: string;
  /** Store that the point was taken from: "vault" or a copy. */
  readonly from: string;
  readonly wanted: Level;
  /** Highest level that holds; null when not even the first does. */
  readonly reached: Level | null;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly bytes: number;
  readonly steps: readonly TimedStep[];
  /** What the guest said, and what the others said of the same block. */
  readonly guest: Testimony | null;
  readonly witnesses: readonly Testimony[];
  /** Head after the start offline, after the start online, and at the end. */
  readonly heights: { readonly opened: number | null; readonly joined: number | null; readonly last: number | null };
  /** The point is bad: which level, and why. Null when nothing was found against it. */
  readonly failure: { readonly level: Level; readonly code: string; readonly text: string } | null;
  /** Why the proof ended below what was wanted although nothing is wrong with the point, e.g. too few witnesses. */
  readonly inconclusive: { readonly code: string; readonly text: string } | null;
  /** Last lines that each client printed. */
  readonly output: Readonly<Record<string, readonly string[]>>;
}

/** How a drill went; kept as JSON and Markdown in the agent's directory of reports. */
export interface DrillReport {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly cluster: string;
  readonly point: string;
  readonly from: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly reached: Level | null;
  /** From the start of the drill until the guest had the head of the network. */
  readonly rtoSeconds: number | null;
  /** Age of the point at the start of the drill: what would have been lost. */
  readonly rpoSeconds: number;
  readonly rpoBlocks: number | null;
  readonly objectives: { readonly rtoSeconds: number; readonly rpoSeconds: number };
  readonly met: boolean;
  readonly bytes: number;
  readonly steps: readonly TimedStep[];
  readonly evidence: string;
}
