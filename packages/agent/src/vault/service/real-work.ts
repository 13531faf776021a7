import { afterPoint } from "../backup/after-point";
import { recover } from "../backup/recover";
import { spawnWatchdog } from "../backup/spawn-watchdog";
import { takePoint } from "../backup/take-point";
import { runDrill } from "../drill/run-drill";
import { promote } from "../promote/promote";
import type { Promotions } from "../promote/promotions";
import { reapGuests } from "../proof/reaper";
import { verifyPoint } from "../proof/verify-job";
import { discardOld } from "../restore/discard-old";
import { planRestore } from "../restore/plan-restore";
import { recoverRestore } from "../restore/recover-restore";
import { restoreNode } from "../restore/restore-node";
import type { VaultWork } from "./work";

/** The work itself, of the parts that do it. */
export function realWork(promotions: Promotions, onPromotion: () => Promise<void>): VaultWork {
  return {
    recover: async (world) => {
      // The node first: proofs can wait.
      await recover(world);
      await recoverRestore(world);
      await reapGuests(world);
    },
    takePoint: (world, request, job) => takePoint(world, request, job, { watch: spawnWatchdog }),
    afterPoint,
    verifyPoint: (world, { point, level }, job) =>
      verifyPoint(world, { ...(point === undefined ? {} : { point }), ...(level ? { level } : {}) }, job),
    runDrill,
    planRestore: async (world, request) => (await planRestore(world, request)).plan,
    restoreNode,
    discardOld,
    promote: (world, request, job) => promote(world, request, job, promotions, onPromotion),
    reap: reapGuests,
  };
}
