// Benchmarks: prints one JSON line and readable lines each. `npm run bench [plan|preview|agent|vault]`; see --help.
import { run, steps } from "./run.mjs";

const HELP = `npm run bench -- [suite...] [options of the vault suite]

  plan      planCluster with 10 to 10,000 nodes
  preview   a Pulumi preview through components and without them
  agent     the agent with 1,000 simulated nodes
  vault     backups and restores, with restic and cometbft: minutes, and several times --gib of free room in the temporary directory
    --gib N         size of a node's data in GiB (default 10)
    --only A,B      some of downtime, restore, verify, growth, genesis

Without a suite, all of them run.`;

const all = ["plan", "preview", "agent", "vault"];
const given = process.argv.slice(2);
if (given.includes("--help") || given.includes("-h")) {
  console.log(HELP);
  process.exit(0);
}
const firstOption = given.findIndex((word) => word.startsWith("-"));
const asked = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: got ${unknown.join(", ")}; use any of ${all.join(", ")}, or none for all`);
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : all;
if (options.length > 0 && !chosen.includes("vault")) {
  console.error(`bench: got ${options.join(" ")}; only the vault suite takes options`);
  process.exit(2);
}
const optionsOf = (name) => (name === "vault" ? options : []);
const bench = (name) => [
  `bench ${name}`,
  () => run("node", ["--import", "tsx", `test/bench/${name}.ts`, ...optionsOf(name)]),
];
const failed = await steps([["build", () => run("node", ["scripts/build.mjs"])], ...chosen.map(bench)], {
  keepGoing: true,
});
process.exit(failed.length > 0 ? 1 : 0);
