import { FILES } from "./disk";
import { Stage } from "./stage";
import { gib, type Outcome, round, tell } from "./tell";

const POINTS = 10;
const KEPT = 3;
const CHANGED = Math.round(0.03 * FILES);

/** What a repository takes, against the bytes that no store can do without: those that were written once, and are still in a point. */
export async function growth(size: number): Promise<Outcome> {
  const stage = await Stage.of({ gib: size });
  try {
    const live = stage.written;
    let changed = 0;
    for (let turn = 0; turn < POINTS; turn++) {
      if (turn > 0) changed = stage.change(Array.from({ length: CHANGED }, (_, i) => turn * CHANGED + i));
      tell(`point ${turn + 1} of ${POINTS}`);
      await stage.takePoint();
    }
    const [used, ideal] = [await stage.usedBytes(), stage.written];
    tell(`retention: ${KEPT} points stay`);
    await stage.watch({ last: KEPT, hourly: 0, daily: 0, weekly: 0, monthly: 0, verified: 0 });
    await stage.run({ kind: "retain" });
    const left = (await stage.stack.store().records()).points.length;
    if (left !== KEPT) throw new Error(`${left} points are left`);
    // Their data, and what was there before the last changes.
    const [usedAfter, idealAfter] = [await stage.usedBytes(), live + (KEPT - 1) * changed];
    const [before, after] = [used / ideal, usedAfter / idealAfter];
    return {
      name: "growth",
      figures: {
        points: POINTS,
        changedGib: gib(changed),
        usedGib: gib(used),
        idealGib: gib(ideal),
        ratio: round(before, 3),
        kept: KEPT,
        usedAfterGib: gib(usedAfter),
        idealAfterGib: gib(idealAfter),
        ratioAfter: round(after, 3),
      },
      lines: [
        `${POINTS} points of ${gib(live)} GiB with ${gib(changed)} GiB changed between each take ${gib(used)} GiB ÷ the data written once (${gib(ideal)} GiB): ${round(before, 3)}`,
        `after retention left ${KEPT}: ${gib(usedAfter)} GiB ÷ what they hold (${gib(idealAfter)} GiB): ${round(after, 3)}`,
      ],
    };
  } finally {
    await stage.end();
  }
}
