import { readFileSync } from "node:fs";
import * as path from "node:path";
import { run } from "./run";

const { version } = JSON.parse(readFileSync(path.join(__dirname, "..", "package.json"), "utf8")) as { version: string };

// A reader that has seen enough, e.g. `chainkeep logs rpc-0 | head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

run(process.argv.slice(2), version).then((code) => {
  process.exitCode = code;
});
