// Takes the pictures of the status page anew: `npm run docs:screenshots`. Needs Chromium, and three minutes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../run.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
mkdirSync(join(root, "docs/guides/images"), { recursive: true });
const env = { ...process.env, CHAINKEEP_SCREENSHOTS: "1" };
const code =
  (await run(process.execPath, ["packages/agent/bundle.mjs"], { cwd: root })) ||
  (await run(
    "node_modules/.bin/jest",
    ["test/integration/status-page", "--selectProjects", "integration", "-t", "is shown in the docs"],
    {
      cwd: root,
      env,
    },
  ));
process.exit(code);
