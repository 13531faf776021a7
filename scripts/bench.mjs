// Benchmarks: prints one JSON line and readable lines each. `npm run bench [plan|preview|agent]`.
import { run, steps } from "./run.mjs";

const all = ["plan", "preview", "agent"];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: got ${unknown.join(", ")}; use any of ${all.join(", ")}, or none for all`);
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : all;
const bench = (name) => [`bench ${name}`, () => run("node", ["--import", "tsx", `test/bench/${name}.ts`])];
const failed = await steps([["build", () => run("node", ["scripts/build.mjs"])], ...chosen.map(bench)], {
  keepGoing: true,
});
process.exit(failed.length > 0 ? 1 : 0);
