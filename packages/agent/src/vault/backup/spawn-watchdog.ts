import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import * as path from "node:path";
import { unmarked } from "../runtime/run-command";
import { VaultError } from "../vault-error";

/** So long a node is not stopped because its watchdog says nothing. */
const PATIENCE_MS = 10_000;

/** What a watchdog sends when it watches. */
const WATCHING = "watching";

export interface SpawnOptions {
  /** The agent's program. */
  readonly bundle?: string;
  readonly patienceMs?: number;
}

/**
 * Starts the watchdog as a process that outlives the agent: in a session of its own, and without the marks by which a supervisor finds its own.
 * Resolves with its pid when it watches.
 *
 * @throws VaultError WATCHDOG_SILENT: there is none, and nothing may be stopped
 */
export async function spawnWatchdog(file: string, attempt: string, options: SpawnOptions = {}): Promise<number> {
  const { bundle = process.argv[1] ?? "", patienceMs = PATIENCE_MS } = options;
  const log = openLog(path.join(path.dirname(file), "watchdog.log"));
  const out = log ?? "ignore";
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [bundle, "watchdog", "--journal", file, "--attempt", attempt], {
      detached: true,
      stdio: ["ignore", out, out, "ipc"],
      env: unmarked(),
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
  try {
    await watching(child, patienceMs);
  } catch (error) {
    child.kill("SIGKILL");
    throw new VaultError("WATCHDOG_SILENT", `${(error as Error).message}; nothing is stopped without a watchdog`);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
  return child.pid ?? 0;
}

/** Tells whoever has started this watchdog that it watches. */
export function tellWatching(): void {
  // Who has gone meanwhile needs to know nothing.
  process.send?.(WATCHING, undefined, undefined, () => {});
}

/** What a watchdog says is good to have, and no condition. */
function openLog(file: string): number | undefined {
  try {
    return openSync(file, "a", 0o600);
  } catch {
    return undefined;
  }
}

function watching(child: ChildProcess, patienceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the watchdog said nothing for ${patienceMs} ms`)), patienceMs);
    const end = (error?: Error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    child.on("error", (error) => end(new Error(`the watchdog cannot be started: ${error.message}`)));
    child.once("exit", (code, signal) => end(new Error(`the watchdog ended with ${signal ?? code} at once`)));
    child.on("message", (message) => {
      if (message === WATCHING) end();
    });
  });
}
