// Chainkeep in this repository, from a bare checkout on: `npm start`, `npm stop`, `npm run setup`. Installs and builds first, where needed.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { elapsed, run } from "./run.mjs";
import { whyBuild } from "./stamp.mjs";

const started = process.cwd();
const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`chainkeep: Node.js ${process.version} is too old; install 20.19 or newer [NODE_TOO_OLD]`);
  process.exit(2);
}

/** Runs a step; ends everything when it fails. */
async function step(why, command, args) {
  const since = Date.now();
  console.error(`== ${why}`);
  const code = await run(command, args);
  console.error(`== ${code === 0 ? "done" : `failed with exit code ${code}`} after ${elapsed(since)}`);
  if (code !== 0) process.exit(code);
}

// npm writes this file at the end of an installation: without it, one was cut short.
if (!existsSync("node_modules/.package-lock.json"))
  await step("node_modules is missing: npm ci", "npm", ["ci", "--no-audit", "--no-fund"]);
const why = whyBuild();
if (why) await step(`building: ${why}`, process.execPath, ["scripts/build.mjs"]);

const cli = fileURLToPath(new URL("../packages/cli/bin/chainkeep.js", import.meta.url));
// Ctrl-C reaches the command as well, which ends in order.
process.on("SIGINT", () => undefined);
process.exit(await run(process.execPath, [cli, ...process.argv.slice(2)], { cwd: started }));
