import * as path from "node:path";
import { coldCaches, copySeconds, FILES } from "./disk";
import { Stage } from "./stage";
import { gib, type Outcome, percent, round, tell } from "./tell";

export const GOAL = 0.05;
/** Databases that are new between two points. */
const CHANGED = Math.round(0.03 * FILES);

/** How long a node stands still for a point, against the ways that need it to stand still for all of its data. */
export async function downtime(size: number): Promise<Outcome> {
  const stage = await Stage.of({ gib: size, writes: true });
  try {
    tell("first point: everything is new");
    const first = await stage.takePoint();
    const changed = stage.change(Array.from({ length: CHANGED }, (_, i) => i * Math.floor(FILES / CHANGED)));
    tell(`${gib(changed)} GiB have changed, and the node goes on writing 10 MiB/s: second point`);
    const gaps = watchGaps(stage);
    const second = await stage.takePoint();
    const unanswered = await gaps();
    const cold = coldCaches();
    tell(`copy all of it with cp -a, caches ${cold ? "cold" : "warm"}`);
    const beside = path.join(stage.stack.root, "copy");
    const full = await copySeconds(stage.data, beside);
    const still = second.point.downtimeSeconds;
    const [ofCopy, ofPass] = [still / full.copy, still / first.firstPass];
    const met = ofCopy <= GOAL;
    return {
      name: "downtime",
      figures: {
        gib: size,
        changedGib: gib(changed),
        downtimeSeconds: still,
        unansweredSeconds: round(unanswered),
        firstDowntimeSeconds: first.point.downtimeSeconds,
        copySeconds: round(full.copy),
        copyCache: cold ? "cold" : "warm",
        passSeconds: round(first.firstPass),
        ofCopy: round(ofCopy, 3),
        ofPass: round(ofPass, 3),
        goal: GOAL,
      },
      lines: [
        `the node stood still for ${still} s (nobody answered for ${round(unanswered)} s), with ${gib(changed)} of ${size} GiB changed and 10 MiB/s written`,
        `÷ cp -a of all data, ${cold ? "cold" : "warm"} (${round(full.copy)} s): ${percent(ofCopy)}, goal at most ${percent(GOAL)}`,
        `÷ a full pass of restic (${round(first.firstPass)} s): ${percent(ofPass)}`,
      ],
      met,
    };
  } finally {
    await stage.end();
  }
}

/** Asks the node all the time; gives the longest time without an answer. */
function watchGaps(stage: Stage): () => Promise<number> {
  const [node] = stage.agent.inventory.nodes;
  const url = node?.processes[0]?.probeUrl ?? "";
  let over = false;
  let longest = 0;
  const body = JSON.stringify({ method: "head" });
  const asking = (async () => {
    for (let last = performance.now(); !over; ) {
      const ok = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(1000) }).then(
        async (answer) => (await answer.text()) !== "",
        () => false,
      );
      if (ok) {
        longest = Math.max(longest, (performance.now() - last) / 1000);
        last = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return async () => {
    over = true;
    await asking;
    return longest;
  };
}
