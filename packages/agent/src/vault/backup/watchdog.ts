import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../proof/process-identity";
import { runCommandLine, unmarked } from "../runtime/run-command";
import { type Journal, maybeStopped, readJournal } from "./journal";
import { endCopies } from "./recover";

const POLL_MS = 500;
const TRY_AGAIN_MS = 2000;
const START_MS = 120_000;
/** A stop that was under way when the agent died may come after the first start. */
const STARTS = 3;
/** How a control program ends when there is no such process any more, or no supervisor. */
const GONE = 3;
const LOST_TRIES = 5;

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
  let known: Journal | undefined;
  for (;;) {
    const journal = await readJournal(file);
    if (journal === undefined || journal === "torn") return false;
    // A disk that does not answer now changes nothing of what was under way.
    if (journal !== "unreadable") {
      if (known && known.attempt !== journal.attempt) return false;
      known = journal;
    }
    if (known) {
      const gone = !isRunning(known.agent);
      const late = known.deadline !== null && now() / 1000 > known.deadline;
      const stopped = maybeStopped(known.phase);
      if (!stopped && (gone || known.phase === "recording")) return false;
      if (stopped && (gone || late)) {
        say(`${known.node}: ${gone ? "the agent is gone" : "the backup takes too long"}; starting it`);
        for (const pid of endCopies(known)) say(`ended the copy, pid ${pid}`);
        await startNode(file, known, say, tryAgainMs);
        return true;
      }
    }
    await sleep(pollMs);
  }
}

/** Until it runs. A next agent that has taken over, or begun something else with the node, is left alone. */
async function startNode(file: string, journal: Journal, say: (line: string) => void, pauseMs: number): Promise<void> {
  for (let i = 0; i < STARTS; i++) {
    for (const command of journal.start) {
      if (!(await startUntilItDoes(file, journal, command, say, pauseMs))) return;
    }
    await sleep(pauseMs);
  }
  say(`${journal.node}: started`);
}

async function startUntilItDoes(
  file: string,
  { attempt }: Journal,
  command: readonly string[],
  say: (line: string) => void,
  pauseMs: number,
): Promise<boolean> {
  for (let lost = 0; lost < LOST_TRIES; ) {
    const now = await readJournal(file);
    if (now === undefined || (typeof now === "object" && (now.attempt !== attempt || !maybeStopped(now.phase))))
      return false;
    const end = await runCommandLine(command, START_MS).catch((error: Error) => ({ code: -1, err: error.message }));
    if (end.code === 0) return true;
    say(`${command.join(" ")}: code ${end.code}: ${end.err.trim().slice(-500)}`);
    // Its supervisor is gone, or the stack was taken down: nobody will ever start it this way.
    lost = end.code === GONE ? lost + 1 : 0;
    await sleep(pauseMs);
  }
  return false;
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
