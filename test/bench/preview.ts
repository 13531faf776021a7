// What the components cost in a preview: the stack of stacks/local against a program that registers the same resources from
// data with Pulumi's SDK alone, both with the real CLI and provider, taken in turns. Goal: a ratio of at most 1.05.

import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { PreviewProject, REPOSITORY, SEED, STACK } from "./preview-project";
import { recordedResources, setSeed } from "./recorded-resources";
import { median } from "./statistics";

const PAIRS = Number(process.env.BENCH_PAIRS ?? 9);
const GOAL = 1.05;

async function main(): Promise<void> {
  const components = new PreviewProject(path.join(REPOSITORY, "stacks", "local"));
  const raw = new PreviewProject(path.join(__dirname, "raw-program"));
  try {
    for (const project of [components, raw]) await project.init();
    const count = await writeRaw(components, raw);
    await expectSame(components, raw, count);
    report(count, await measure(components, raw));
  } finally {
    components.dispose();
    raw.dispose();
  }
}

async function writeRaw(components: PreviewProject, raw: PreviewProject): Promise<number> {
  const before = process.cwd();
  // Paths follow from the project in whose directory a program runs.
  process.chdir(components.program);
  try {
    setSeed(SEED);
    const program = () => import(path.join(components.program, "index.ts"));
    const resources = await recordedResources(program, STACK, "chainkeep-local");
    raw.write("resources.json", JSON.stringify(resources));
    return resources.length;
  } finally {
    process.chdir(before);
  }
}

/** A ratio of two different things would say nothing. */
async function expectSame(components: PreviewProject, raw: PreviewProject, count: number): Promise<void> {
  const [ours, theirs] = [await components.planned(), await raw.planned()];
  const planned = Object.keys(ours).length;
  if (planned !== count) throw new Error(`the preview has ${planned} resources, the mocks saw ${count}`);
  const urns = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const different = [...urns].filter((urn) => !isDeepStrictEqual(ours[urn], theirs[urn]));
  if (different.length === 0) return;
  const urn = different[0] as string;
  const shown = [ours[urn], theirs[urn]].map((state) => JSON.stringify(state)?.slice(0, 2000));
  throw new Error(`${different.length} of ${urns.size} resources differ, first ${urn}:\n${shown.join("\n")}`);
}

interface Pair {
  readonly components: number;
  readonly raw: number;
}

/** In turns, and each kind first as often as the other: whatever else the machine does hits both alike. */
async function measure(components: PreviewProject, raw: PreviewProject): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const first = i % 2 === 0 ? components : raw;
    const a = await first.preview();
    const b = await (first === components ? raw : components).preview();
    pairs.push(first === components ? { components: a, raw: b } : { components: b, raw: a });
  }
  return pairs;
}

function report(resources: number, pairs: readonly Pair[]): void {
  const ratio = median(pairs.map((p) => p.components / p.raw));
  const seconds = { components: median(pairs.map((p) => p.components)), raw: median(pairs.map((p) => p.raw)) };
  const met = ratio <= GOAL;
  console.log(JSON.stringify({ bench: "preview", resources, pairs, seconds, ratio, goal: GOAL, met }));
  console.log(
    `preview of ${resources} resources: components ${seconds.components.toFixed(2)} s, raw ${seconds.raw.toFixed(2)} s, ` +
      `median ratio of ${pairs.length} pairs ${ratio.toFixed(3)}; goal (at most ${GOAL}) ${met ? "met" : "missed"}`,
  );
  process.exitCode = met ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
