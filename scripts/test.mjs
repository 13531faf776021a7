// Everything that can be tested here: the gate, then real binaries, then whole stacks. `npm test`.
// Prints what was skipped and why, and at its end one line: N passed, N failed, N skipped.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, steps } from "./run.mjs";

const only = process.argv[process.argv.indexOf("--only") + 1];
const wanted = (part) => !process.argv.includes("--only") || only === part;
const bin = (name) => `node_modules/.bin/${name}`;
const results = mkdtempSync(join(tmpdir(), "chainkeep-test-"));
const env = { ...process.env, PULUMI_ERROR_OUTPUT_STRING: "1" };

/** Runs a jest project and keeps its counts. */
function jest(project, extra = []) {
  const file = join(results, `${project}.json`);
  return run(bin("jest"), ["--selectProjects", project, "--json", `--outputFile=${file}`, ...extra], { env });
}

// The programs are made first, with progress: no test should have to wait for a build in silence.
const plan = [
  ["format and lint", "check", () => run(bin("biome"), ["ci", "."])],
  ["build", "", () => run("node", ["scripts/build.mjs"])],
  ["types", "check", () => run(bin("tsc"), ["-p", "tsconfig.check.json"])],
  ["docs drift", "check", () => run("node", ["scripts/docs.mjs", "--check"])],
  ["unit and contract tests", "unit", () => jest("unit")],
  [
    "programs (found, downloaded or built)",
    "",
    () => run("node", ["packages/cli/bin/chainkeep.js", "tools", "--resolve"]),
  ],
  [
    "clients whose flags are tested (geth, btcd)",
    "integration",
    () => run("node", ["packages/cli/bin/chainkeep.js", "tools", "--resolve", "geth", "btcd"]),
  ],
  ["tests with real programs", "integration", () => jest("integration", ["--runInBand"])],
  // Side by side: each has ports of its own, and mostly waits.
  ["whole stacks", "e2e", () => jest("e2e", ["--maxWorkers=2"])],
].filter(([, part]) => part === "" || wanted(part));

const failed = await steps(
  plan.map(([name, , action]) => [name, action]),
  { keepGoing: true },
);
const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];
for (const project of ["unit", "integration", "e2e"]) collect(join(results, `${project}.json`));
rmSync(results, { recursive: true, force: true });

// A step that is no test counts as a failed one: the last line must not look green when the build is broken.
const suites = new Set(["unit and contract tests", "tests with real programs", "whole stacks"]);
counts.failed += failed.filter((name) => !suites.has(name)).length;
if (failed.some((name) => suites.has(name)) && counts.failed === 0) counts.failed += 1;
if (skipped.length > 0) console.log(`\nskipped:\n${skipped.map((line) => `  ${line}`).join("\n")}`);
if (failed.length > 0) console.log(`\nfailed steps: ${failed.join(", ")}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(failed.length > 0 || counts.failed > 0 ? 1 : 0);

function collect(file) {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, "utf8"));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === "pending" || test.status === "todo") skipped.push(`${test.fullName}`);
    }
  }
}
