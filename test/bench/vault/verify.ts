import { coldCaches, timed } from "./disk";
import { Stage } from "./stage";
import { gib, type Outcome, round, tell } from "./tell";

const PARTS = 7;

/** What it costs to read every byte of a point and compare it with its sum, and to check a part of the repository. */
export async function verify(size: number): Promise<Outcome> {
  const stage = await Stage.of({ gib: size });
  try {
    const { point } = await stage.takePoint();
    const cold = coldCaches();
    tell(`read every byte of the point, caches ${cold ? "cold" : "warm"}`);
    const { job, seconds } = await stage.run({ kind: "verify", point: point.id, level: "intact" });
    const { reached } = job.result as { reached: string | null };
    if (reached !== "intact") throw new Error(`the point was proven to ${reached}`);
    const used = await stage.usedBytes();
    coldCaches();
    const store = stage.stack.store();
    tell(`check part 1 of ${PARTS} of the repository`);
    const part = await timed(() => store.check({ n: 1, t: PARTS }));
    coldCaches();
    tell("check all of the repository");
    const whole = await timed(() => store.check({ n: 1, t: 1 }));
    const [points, repository] = [point.sizeBytes / 2 ** 30, used / 2 ** 30];
    const small = repository < 1;
    return {
      name: "verify",
      figures: {
        gib: gib(point.sizeBytes),
        cache: cold ? "cold" : "warm",
        intactSeconds: round(seconds),
        intactSecondsPerGib: round(seconds / points),
        repositoryGib: gib(used),
        parts: PARTS,
        partSeconds: round(part),
        wholeSeconds: round(whole),
        wholeSecondsPerGib: round(whole / repository),
      },
      lines: [
        `every byte of ${gib(point.sizeBytes)} GiB read and compared (intact) in ${round(seconds)} s: ${round(seconds / points)} s per GiB`,
        `check of the repository (${gib(used)} GiB): one part of ${PARTS} in ${round(part)} s${small ? " (a small one is read as a whole)" : ""}, all of it in ${round(whole)} s: ${round(whole / repository)} s per GiB`,
      ],
    };
  } finally {
    await stage.end();
  }
}
