import { setFlagsFromString } from "node:v8";
import { runCommand } from "./run/commands";

// The agent's work is small and steady: the engine's usual habit of letting garbage lie would double its memory.
setFlagsFromString("--optimize-for-size");

// Whoever reads our output may go away; that is no reason to stop watching nodes.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
    // A connection that is still half open must not keep a stopped agent.
    setTimeout(() => process.exit(code), 500).unref();
  },
  (error: unknown) => {
    process.stderr.write(`agent: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
