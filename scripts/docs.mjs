// Writes the generated sections of docs/, or checks them: `npm run docs`, `node scripts/docs.mjs --check`.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const args = ["--import", "tsx", "scripts/docs/main.ts", ...process.argv.slice(2)];
process.exit(await run(process.execPath, args, { cwd: root }));
