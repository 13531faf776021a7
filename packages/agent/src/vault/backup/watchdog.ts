import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../proof/process-identity";
import { runCommandLine, unmarked } from "../runtime/run-command";
import { maybeStopped, readJournal } from "./journal";
import { endCopies } from "./recover";

const POLL_MS = 500;
const TRY_AGAIN_MS = 2000;
const START_MS = 120_000;
/** A stop that was under way when the agent died may come after the first start. */
const STARTS = 3;

export interface WatchdogOptions {
  readonly say: (line: string) => void;
  readonly now?: () => number;
  readonly pollMs?: number;
  readonly tryAgainMs?: number;
}

/**
 * Watches over a node that stands still for a backup, as a process of its own: when the agent is gone, or has taken too long, it ends the copy and
 * starts the node. Ends by itself when the journal is gone, or tells that the node runs.
 *
 * @returns whether it had to start the node
 */
export async function watchdog(file: string, options: WatchdogOptions): Promise<boolean> {
  const { say, now = Date.now, pollMs = POLL_MS, tryAgainMs = TRY_AGAIN_MS } = options;
  for (;;) {
    const journal = await readJournal(file);
    if (journal === undefined || journal === "torn") return false;
    const gone = !isRunning(journal.agent);
    const late = journal.deadline !== null && now() / 1000 > journal.deadline;
    if (!maybeStopped(journal.phase) && (gone || journal.phase === "recording")) return false;
    if (maybeStopped(journal.phase) && (gone || late)) {
      say(`${journal.node}: ${gone ? "the agent is gone" : "the backup takes too long"}; starting it`);
      for (const pid of endCopies(journal)) say(`ended the copy, pid ${pid}`);
      for (let i = 0; i < STARTS; i++) {
        for (const command of journal.start) await startUntilItDoes(command, say, tryAgainMs);
        await sleep(tryAgainMs);
      }
      say(`${journal.node}: started`);
      return true;
    }
    await sleep(pollMs);
  }
}

async function startUntilItDoes(
  command: readonly string[],
  say: (line: string) => void,
  pauseMs: number,
): Promise<void> {
  for (;;) {
    const end = await runCommandLine(command, START_MS).catch((error: Error) => ({ code: -1, err: error.message }));
    if (end.code === 0) return;
    say(`${command.join(" ")}: code ${end.code}: ${end.err.trim().slice(-500)}`);
    await sleep(pauseMs);
  }
}

/** Starts the watchdog as a process that outlives the agent: in a session of its own, and without the marks by which a supervisor finds its own. */
export function spawnWatchdog(file: string, bundle = process.argv[1] ?? ""): void {
  const log = openSync(path.join(path.dirname(file), "watchdog.log"), "a", 0o600);
  try {
    const child = spawn(process.execPath, [bundle, "watchdog", "--journal", file], {
      detached: true,
      stdio: ["ignore", log, log],
      env: unmarked(),
    });
    child.on("error", () => {});
    child.unref();
  } finally {
    closeSync(log);
  }
}
