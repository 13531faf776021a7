// Builds the packages, then bundles the agent. `npm run build`. Quick when nothing has changed.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run, steps } from "./run.mjs";
import { STAMP } from "./stamp.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const BUNDLE = "packages/agent/bundle.mjs";
// What changes while the compiler reads is newer than the stamp, and so is built the next time.
const since = new Date();
const failed = await steps([
  ["compile", () => run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"])],
  ...(existsSync(BUNDLE) ? [["bundle the agent", () => run(process.execPath, [BUNDLE])]] : []),
]);
if (failed.length === 0) {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, `${since.toISOString()}\n`);
}
process.exit(failed.length > 0 ? 1 : 0);
