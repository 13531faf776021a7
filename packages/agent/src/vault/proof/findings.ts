import type { Level } from "@chainkeep/core";
import { asVaultError, type VaultError } from "../vault-error";

/** Something is wrong with the point itself. */
export class PointFault extends Error {
  override readonly name = "PointFault";

  constructor(
    /** Level that does not hold. */
    readonly level: Level,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The proof could not go on, and nothing was found against the point: a fault of ours, of the place, or of the network. */
export class Undecided extends Error {
  override readonly name = "Undecided";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Whether a store says that the point's own content is damaged or gone; everything else is trouble of the place. */
export function isDamaged(error: unknown): boolean {
  return asVaultError(error).code === "STORE_CORRUPT";
}

/**
 * What an error on the way means: only what is known to be the point's own fault is held against it.
 *
 * @param job - Ends when nobody wants the proof any more.
 * @param lifetime - Ends when the guest may live no longer.
 */
export function findingOf(error: unknown, job: AbortSignal, lifetime?: AbortSignal): PointFault | Undecided {
  if (error instanceof PointFault || error instanceof Undecided) return error;
  // Whatever is said once the work was cut off says nothing of the point.
  if (job.aborted) return new Undecided("PROOF_STOPPED", "was stopped before its end");
  if (lifetime?.aborted) return new Undecided("PROOF_EXPIRED", "took longer than a guest may live");
  const fault: VaultError = asVaultError(error);
  if (isDamaged(error)) return new PointFault("intact", fault.code, fault.message);
  return new Undecided(fault.code, fault.message);
}
