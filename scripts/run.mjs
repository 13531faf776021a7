// Runs commands one after another, with a line per step, elapsed time and a summary. Plain Node, no dependencies.
import { spawn } from "node:child_process";

const started = Date.now();

export function elapsed(since = started) {
  const seconds = Math.round((Date.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Runs a command with its output passed through; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Runs steps in order; each has a name and a function that resolves with an exit code. Stops at the first failure unless told otherwise. */
export async function steps(list, { keepGoing = false } = {}) {
  const failed = [];
  for (const [name, action] of list) {
    const since = Date.now();
    console.log(`\n== ${name} (${elapsed()} since start)`);
    const code = await action();
    console.log(`== ${name}: ${code === 0 ? "ok" : `failed with exit code ${code}`} after ${elapsed(since)}`);
    if (code !== 0) {
      failed.push(name);
      if (!keepGoing) break;
    }
  }
  return failed;
}
