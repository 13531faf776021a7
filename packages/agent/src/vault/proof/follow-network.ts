import type { RecoveryPoint } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { PointFault, Undecided } from "./findings";
import type { Guest } from "./guest";
import { judgeProgress, type ProgressSample } from "./judge-progress";
import { noneEnded, openGuest, targetOf } from "./open-guest";
import { type ProofTimes, pause } from "./proof-times";

/** New blocks that a guest must import. */
const LEAST_BLOCKS = 3;
/** However old a point is: catching up for longer is no proof that anybody waits for. */
const LONGEST_CATCH_UP = 6 * 3600;

export interface FollowNetwork {
  readonly world: Pick<VaultWorld, "inventory" | "fleet" | "asker" | "now">;
  readonly guest: Guest;
  readonly point: RecoveryPoint;
  /** Height that the copy had before it knew anybody. */
  readonly opened: number;
  readonly times: ProofTimes;
  readonly signal: AbortSignal;
  readonly onHeight: (heights: { readonly joined: number; readonly last: number }) => void;
}

/**
 * Starts the guest with peers and awaits that it is at the head of the network.
 *
 * @throws PointFault when it cannot follow, Undecided when that cannot be told
 */
export async function followNetwork(at: FollowNetwork): Promise<void> {
  const { world, guest, point, opened, times, signal } = at;
  const { asker, inventory, fleet } = world;
  const { questions, limits } = inventory();
  const started = performance.now();
  await guest.start("online", signal);
  const [first] = await openGuest({ guest, asker, questions, times, signal, expected: opened }, "progresses");
  const process = guest.of.processes[0];
  if (!first || !process) throw new Undecided("PROOF_NO_GUEST", "the guest has no process");
  const joined = first.height;
  const target = targetOf(process, questions);
  const behind = Math.max(0, world.now() / 1000 - (point.blockTime ?? point.createdAt));
  const limit = times.join + Math.min(behind / 2, LONGEST_CATCH_UP);
  const samples: ProgressSample[] = [];
  for (let head = first; ; ) {
    const { halted, heights } = fleet();
    samples.push({
      at: (performance.now() - started) / 1000,
      guest: head.height,
      network: heights.get(process.layer),
      peers: head.peers,
      halted,
    });
    at.onHeight({ joined, last: head.height });
    const judgement = judgeProgress({
      opened,
      samples,
      least: LEAST_BLOCKS,
      maxLagBlocks: limits.maxLagBlocks,
      times,
      limit,
    });
    if (judgement?.kind === "proven") return;
    if (judgement?.kind === "bad") throw new PointFault("progresses", judgement.code, judgement.text);
    if (judgement) throw new Undecided(judgement.code, judgement.text);
    await pause(times.poll, signal);
    await noneEnded(guest, "progresses");
    // One that does not answer stands where it was.
    head = (await asker.head(target)).head ?? head;
  }
}
