// What the components cost in a preview: the stack of stacks/local against a program that registers the same resources from
// data with Pulumi's SDK alone, both with the real CLI and provider, taken in turns. Goal: a ratio of at most 1.05. A third
// program loads the package and then does what the second one does: it tells loading from working.
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Cost, PreviewProject, REPOSITORY, SEED, STACK } from "./preview-project";
import { recordedResources, setSeed } from "./recorded-resources";
import { median } from "./statistics";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const GOAL = 1.05;

async function main(): Promise<void> {
  const rawProgram = path.join(__dirname, "raw-program");
  const projects: Projects = {
    components: new PreviewProject(path.join(REPOSITORY, "stacks", "local")),
    raw: new PreviewProject(rawProgram),
    loaded: new PreviewProject(rawProgram),
  };
  try {
    for (const project of Object.values(projects)) await project.init();
    const resources = await recorded(projects.components);
    for (const project of [projects.raw, projects.loaded]) project.write("resources.json", JSON.stringify(resources));
    const source = readFileSync(path.join(rawProgram, "index.ts"), "utf8");
    projects.loaded.write("index.ts", `import "@chainkeep/local";\n${source}`);
    for (const other of [projects.raw, projects.loaded]) await expectSame(projects.components, other, resources.length);
    report(resources.length, await measure(projects));
  } finally {
    for (const project of Object.values(projects)) project.dispose();
  }
}

type Projects = Readonly<Record<"components" | "raw" | "loaded", PreviewProject>>;

async function recorded(components: PreviewProject): Promise<readonly unknown[]> {
  const before = process.cwd();
  // Paths follow from the project in whose directory a program runs.
  process.chdir(components.program);
  try {
    setSeed(SEED);
    return await recordedResources(() => import(path.join(components.program, "index.ts")), STACK, "chainkeep-local");
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

type Round = Readonly<Record<keyof Projects, Cost>>;

/** In turns, and each one first as often as the others: whatever else the machine does hits all alike. */
async function measure(projects: Projects): Promise<Round[]> {
  const names = Object.keys(projects) as (keyof Projects)[];
  const rounds: Round[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const round: Partial<Record<keyof Projects, Cost>> = {};
    for (let j = 0; j < names.length; j++) {
      const name = names[(i + j) % names.length] as keyof Projects;
      round[name] = await projects[name].preview();
    }
    rounds.push(round as Round);
  }
  return rounds;
}

function report(resources: number, rounds: readonly Round[]): void {
  const against = (of: keyof Projects) => {
    const ratio = (unit: keyof Cost) => median(rounds.map((round) => round.components[unit] / round[of][unit]));
    return { seconds: ratio("seconds"), cpuSeconds: ratio("cpuSeconds") };
  };
  const cost = (of: keyof Projects) => {
    const middle = (unit: keyof Cost) => median(rounds.map((round) => round[of][unit]));
    return { seconds: middle("seconds"), cpuSeconds: middle("cpuSeconds") };
  };
  const costs = { components: cost("components"), raw: cost("raw"), loaded: cost("loaded") };
  const ratios = { raw: against("raw"), loaded: against("loaded") };
  const met = ratios.raw.seconds <= GOAL;
  console.log(JSON.stringify({ bench: "preview", resources, rounds, costs, ratios, goal: GOAL, met }));
  const told = ({ seconds, cpuSeconds }: Cost) => `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)} s)`;
  const ratio = ({ seconds, cpuSeconds }: Cost) => `${seconds.toFixed(3)} (CPU ${cpuSeconds.toFixed(3)})`;
  console.log(`preview of ${resources} resources, median of ${rounds.length} rounds:`);
  console.log(`  components          ${told(costs.components)}`);
  console.log(`  raw                 ${told(costs.raw)}, ratio ${ratio(ratios.raw)}`);
  console.log(`  raw, package loaded ${told(costs.loaded)}, ratio ${ratio(ratios.loaded)}`);
  console.log(`  goal (ratio to raw at most ${GOAL}) ${met ? "met" : "missed"}`);
  process.exitCode = met ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
