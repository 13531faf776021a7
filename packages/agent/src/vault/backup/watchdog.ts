import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../proof/process-identity";
import { GONE_EXIT } from "../runtime/command-runtime";
import { runCommandLine } from "../runtime/run-command";
import { type Journal, maybeStopped, readJournal } from "./journal";
import { endCopies } from "./recover";

const POLL_MS = 500;
const TRY_AGAIN_MS = 2000;
const START_MS = 120_000;
/** A stop that was under way when the agent died may come after the first start. */
const STARTS = 3;
const GONE_TRIES = 5;

export interface WatchdogOptions {
  /** Attempt that it watches over; the journal of another one is none of its business. */
  readonly attempt: string;
  readonly say: (line: string) => void;
  /** Called when it has read the journal and watches from now on. */
  readonly onWatching?: () => void;
  readonly now?: () => number;
  readonly pollMs?: number;
  readonly tryAgainMs?: number;
}

/** `left`: somebody else has seen to the node. `failed`: some process of it could not be started. */
export type WatchdogEnd = "left" | "started" | "failed";

/**
 * Watches over a node that stands still for a backup, as a process of its own: when the agent is gone, or has taken too long, it ends the copy and
 * starts the node. Ends by itself when the journal is gone, or tells that the node runs. A journal that tells nothing, or cannot be read, changes
 * nothing of what was known before.
 */
export async function watchdog(file: string, options: WatchdogOptions): Promise<WatchdogEnd> {
  const { attempt, say, onWatching, now = Date.now, pollMs = POLL_MS, tryAgainMs = TRY_AGAIN_MS } = options;
  let known: Journal | undefined;
  for (;;) {
    const journal = await readJournal(file);
    if (journal === undefined) return "left";
    if (typeof journal === "object") {
      if (journal.attempt !== attempt) return "left";
      if (!known) onWatching?.();
      known = journal;
    } else if (!known) {
      say(`${file}: ${journal}; nobody knows what to watch over`);
      return "failed";
    }
    const gone = !isRunning(known.agent);
    const late = known.deadline !== null && now() / 1000 > known.deadline;
    const stopped = maybeStopped(known.phase);
    if (!stopped && (gone || known.phase === "recording")) return "left";
    if (stopped && (gone || late)) {
      say(`${known.node}: ${gone ? "the agent is gone" : "the backup takes too long"}; starting it`);
      for (const pid of endCopies(known)) say(`ended the copy, pid ${pid}`);
      const end = await startNode(file, known, say, tryAgainMs);
      say(`${known.node}: ${end === "left" ? "another agent has taken over" : end}`);
      return end;
    }
    await sleep(pollMs);
  }
}

interface Starting {
  readonly command: readonly string[];
  started: number;
  /** How often in a row there was no such process, or no supervisor. */
  gone: number;
}

/** Until all of it runs. Each process by itself: one that is given up keeps no other from being started. */
async function startNode(
  file: string,
  journal: Journal,
  say: (line: string) => void,
  pauseMs: number,
): Promise<WatchdogEnd> {
  const all = journal.start.map((command): Starting => ({ command, started: 0, gone: 0 }));
  const isOpen = ({ started, gone }: Starting) => started < STARTS && gone < GONE_TRIES;
  while (all.some(isOpen)) {
    for (const one of all.filter(isOpen)) {
      if (await isTakenOver(file, journal)) return "left";
      await startOne(one, say);
    }
    await sleep(pauseMs);
  }
  return all.every(({ started }) => started > 0) ? "started" : "failed";
}

async function startOne(one: Starting, say: (line: string) => void): Promise<void> {
  const { command } = one;
  const end = await runCommandLine(command, START_MS).catch((error: Error) => ({ code: -1, err: error.message }));
  one.gone = end.code === GONE_EXIT ? one.gone + 1 : 0;
  if (end.code === 0) one.started += 1;
  else say(`${command.join(" ")}: code ${end.code}: ${end.err.trim().slice(-500)}`);
  // Its supervisor is gone, or the stack was taken down: nobody will ever start it this way.
  if (one.gone === GONE_TRIES) say(`${command.join(" ")}: given up after ${GONE_TRIES} tries`);
}

/** A next agent that has put things right, or begun something else with the node, is left alone. */
async function isTakenOver(file: string, { attempt }: Journal): Promise<boolean> {
  const now = await readJournal(file);
  return now === undefined || (typeof now === "object" && (now.attempt !== attempt || !maybeStopped(now.phase)));
}
