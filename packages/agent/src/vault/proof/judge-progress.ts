import type { Judgement } from "./judge-chain";
import type { ProofTimes } from "./proof-times";

/** What was seen of the guest and of the network at one moment. */
export interface ProgressSample {
  /** Seconds since the guest was started with peers. */
  readonly at: number;
  readonly guest: number;
  /** Undefined where nobody tells. */
  readonly network: number | undefined;
  readonly peers: number | undefined;
  /** The agent says that the network stands still. */
  readonly halted: boolean;
}

export interface ProgressCase {
  /** Height of the copy before it had peers. */
  readonly opened: number;
  /** At least one, in order of time. */
  readonly samples: readonly ProgressSample[];
  /** So many blocks must be new. */
  readonly least: number;
  readonly maxLagBlocks: number;
  readonly times: Pick<ProofTimes, "stall" | "quiet">;
  /** Seconds until the head of the network must be reached. */
  readonly limit: number;
}

const undecided = (code: string, text: string): Judgement => ({ kind: "undecided", code, text });

/** Whether a guest that follows the network has caught up with it; undefined while that is open. Pure. */
export function judgeProgress(progress: ProgressCase): Judgement | undefined {
  const { opened, samples, least, maxLagBlocks, times, limit } = progress;
  const last = samples.at(-1) as ProgressSample;
  const imported = last.guest - opened;
  const lag = last.network === undefined ? undefined : last.network - last.guest;
  if (lag !== undefined && lag <= maxLagBlocks && imported >= least) return { kind: "proven" };
  const stood = last.at - (samples.find((s) => s.guest === last.guest)?.at ?? 0);
  const behind = lag !== undefined && lag > 0;
  if (behind && stood >= times.stall) return stalled(progress, last, stood);
  if (last.network === undefined && stood >= times.quiet) {
    return undecided("PROOF_NO_NETWORK", "nobody tells how high the network is");
  }
  const quiet = last.at - (samples.find((s) => s.network === last.network)?.at ?? 0);
  if (!behind && last.network !== undefined && quiet >= times.quiet) {
    const what = last.halted ? "stands still" : "made no block";
    const text = `the network ${what} for ${Math.round(quiet)} s at height ${last.network}, so that ${imported} new blocks is all there was to import`;
    return undecided("PROOF_HALTED", text);
  }
  if (last.at < limit) return undefined;
  const rate = (samples.at(-1)?.guest ?? 0) - (samples[0]?.guest ?? 0);
  const text = `imported ${imported} blocks (${rate} of them seen) in ${Math.round(last.at)} s and is still ${lag ?? "?"} behind: this machine is too slow to catch up in time`;
  return undecided("PROOF_SLOW", text);
}

/** Without a peer it had nothing to import, and that is no fault of its data. */
function stalled({ samples, opened }: ProgressCase, last: ProgressSample, stood: number): Judgement {
  const seen = `at height ${last.guest} for ${Math.round(stood)} s while the network is at ${last.network}`;
  const told = samples.filter((s) => s.peers !== undefined);
  if (told.length > 0 && told.every((s) => s.peers === 0)) {
    return undecided("PROOF_NO_PEERS", `found no peer, and stands ${seen}`);
  }
  const text = `imports nothing more: it stands ${seen}, ${last.guest - opened} blocks after its start`;
  return { kind: "bad", code: "PROGRESS_STALLED", text };
}
