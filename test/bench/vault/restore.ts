import { rmSync } from "node:fs";
import * as path from "node:path";
import type { RestoreResult } from "../../../packages/core/src/index";
import { median } from "../statistics";
import { coldCaches, copySeconds } from "./disk";
import { NODE, Stage } from "./stage";
import { type Outcome, round, tell } from "./tell";

export const GOAL = 1.25;
const ROUNDS = 3;

/** How long a node that has lost its data is away, against a plain copy of the same bytes that is as durable. In turns, several times. */
export async function restore(size: number): Promise<Outcome> {
  const stage = await Stage.of({ gib: size });
  try {
    const { point } = await stage.takePoint();
    const rounds: { restore: number; copy: number; sync: number; fetch: number }[] = [];
    let cold = false;
    for (let turn = 1; turn <= ROUNDS; turn++) {
      cold = coldCaches();
      tell(`round ${turn} of ${ROUNDS}: cp -a and sync, caches ${cold ? "cold" : "warm"}`);
      const plain = await copySeconds(stage.data, path.join(stage.stack.root, "copy"));
      stage.stack.control("stop", NODE);
      rmSync(stage.data, { recursive: true });
      coldCaches();
      tell(`round ${turn} of ${ROUNDS}: restore of ${NODE}, whose data is gone, caches ${cold ? "cold" : "warm"}`);
      const { job } = await stage.run({
        kind: "restore",
        node: NODE,
        point: { id: point.id },
        forceUnverified: true,
      });
      const { bytes, seconds, steps } = job.result as RestoreResult;
      if (bytes !== point.sizeBytes) throw new Error(`${bytes} bytes were restored, the point has ${point.sizeBytes}`);
      const fetch = steps.find((step) => step.name.includes("write the copy"))?.seconds ?? Number.NaN;
      rounds.push({ restore: seconds, fetch, ...plain });
      tell(`round ${turn}: restored in ${round(seconds)} s, copied in ${round(plain.copy)} + ${round(plain.sync)} s`);
    }
    const ratio = median(rounds.map((r) => r.restore / (r.copy + r.sync)));
    const [restored, written] = [median(rounds.map((r) => r.restore)), median(rounds.map((r) => r.fetch))];
    const copied = median(rounds.map((r) => r.copy + r.sync));
    const cache = cold ? "cold" : "warm";
    return {
      name: "restore",
      figures: {
        gib: size,
        cache,
        rounds: rounds.map((r) => Object.fromEntries(Object.entries(r).map(([key, value]) => [key, round(value)]))),
        restoreSeconds: round(restored),
        fetchSeconds: round(written),
        copySeconds: round(copied),
        ratio: round(ratio),
        goal: GOAL,
      },
      lines: [
        `a lost node with ${size} GiB is ready after ${round(restored)} s, of them ${round(written)} s to write and check the copy`,
        `÷ cp -a and sync of the same data, ${cache} (${round(copied)} s): ${round(ratio)}, goal at most ${GOAL} (median of ${ROUNDS} rounds in turns)`,
      ],
      met: ratio <= GOAL,
    };
  } finally {
    await stage.end();
  }
}
