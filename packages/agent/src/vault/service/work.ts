import type {
  DrillReport,
  Evidence,
  RecoveryPoint,
  RestorePlan,
  RestoreResult,
  Trigger,
  VaultJobRequest,
} from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";

export type RestoreRequest = Omit<Extract<VaultJobRequest, { kind: "restore" }>, "kind">;

/** The pieces of work that the service puts in order. The real ones are in `real-work.ts`; tests bring their own. */
export interface VaultWork {
  /** At the start, before anything else: what a dead agent left behind is put right. Rejects when some of it must be tried again. */
  readonly recover: (world: VaultWorld) => Promise<void>;
  readonly takePoint: (
    world: VaultWorld,
    request: { readonly lineage: string; readonly node?: string; readonly trigger: Trigger },
    job: JobContext,
  ) => Promise<RecoveryPoint>;
  /** Copies, and retention. */
  readonly afterPoint: (
    world: VaultWorld,
    job: JobContext,
  ) => Promise<{ readonly transferErrors: number; readonly removed: readonly string[] }>;
  readonly verifyPoint: (
    world: VaultWorld,
    request: { readonly point?: string; readonly level?: RecoveryPoint["verification"]["level"] },
    job: JobContext,
  ) => Promise<{ readonly evidence: Evidence; readonly point: RecoveryPoint } | null>;
  readonly runDrill: (
    world: VaultWorld,
    request: { readonly point?: string; readonly from?: string },
    job: JobContext,
  ) => Promise<DrillReport>;
  readonly planRestore: (world: VaultWorld, request: RestoreRequest) => Promise<RestorePlan>;
  readonly restoreNode: (world: VaultWorld, request: RestoreRequest, job: JobContext) => Promise<RestoreResult>;
  readonly discardOld: (world: VaultWorld, node: string, job: JobContext) => Promise<unknown>;
  readonly promote: (
    world: VaultWorld,
    request: { readonly node: string; readonly undo?: boolean },
    job: JobContext,
  ) => Promise<unknown>;
  /** From time to time: what proofs left behind is ended. */
  readonly reap: (world: VaultWorld) => Promise<unknown>;
}
