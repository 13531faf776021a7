// The gate: format, lint, types, unit and contract tests, docs drift. `npm run check`.
import { run, steps } from "./run.mjs";

const bin = (name) => `node_modules/.bin/${name}`;

const failed = await steps(
  [
    ["format and lint", () => run(bin("biome"), ["ci", "."])],
    ["build", () => run("node", ["scripts/build.mjs"])],
    ["types", () => run(bin("tsc"), ["-p", "tsconfig.check.json"])],
    ["unit and contract tests", () => run(bin("jest"), ["--selectProjects", "unit"], { env: testEnv() })],
    ["docs drift", () => run("node", ["scripts/docs.mjs", "--check"])],
  ],
  { keepGoing: true },
);

function testEnv() {
  return { ...process.env, PULUMI_ERROR_OUTPUT_STRING: "1" };
}

if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.join(", ")}`);
  process.exit(1);
}
console.log("\ncheck passed");
