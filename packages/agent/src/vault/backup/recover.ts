import { rm } from "node:fs/promises";
import type { VaultWorld } from "../contracts";
import { nodeOf } from "../contracts";
import { isRunning, signalGroup } from "../proof/process-identity";
import { VaultError } from "../vault-error";
import { isOfAnother, isUnderWay, type Journal, journalFile, maybeStopped, readJournal, underWay } from "./journal";
import { startAlways } from "./restart";

export interface RecoveryReport {
  /** Nodes that were started. */
  readonly started: readonly string[];
  /** Attempt whose leftovers were removed. */
  readonly attempt: string | null;
  /** Copies of a dead agent that were ended. */
  readonly ended: readonly number[];
}

const NOTHING: RecoveryReport = { started: [], attempt: null, ended: [] };
/** A node that does not start now is tried again by whoever calls. */
const PATIENCE_MS = 60_000;

/**
 * Puts right what an agent that died in the middle of a backup has left: ends its copy, starts the node, and gives the room of the half copy
 * back. For the start of an agent, before anything else. The node comes first, also where the store cannot be reached.
 *
 * @param pauseMs - Before a failed start is tried again.
 * @throws VaultError of the store: the node runs, and the rest is to be tried again; BACKUP_UNDER_WAY when the agent of the journal lives
 */
export async function recover(world: VaultWorld, pauseMs?: number): Promise<RecoveryReport> {
  const file = journalFile(world.vault().directory);
  const journal = await readJournal(file);
  if (journal === undefined) return NOTHING;
  if (journal === "unreadable") throw new VaultError("JOURNAL_READ", `cannot read ${file}; see its disk`);
  if (journal !== "torn" && isUnderWay(journal.attempt)) return NOTHING;
  if (journal !== "torn" && isOfAnother(journal)) throw underWay(file, journal);
  const ended = journal === "torn" ? [] : endCopies(journal);
  const started = await startNodes(world, journal, pauseMs);
  const attempt = journal === "torn" ? null : journal.attempt;
  world.log("warn", "backup_was_interrupted", { attempt, started, ended, torn: journal === "torn" });
  await world.store.ensure();
  if (attempt !== null) await world.store.forgetAttempt(attempt);
  await rm(file, { force: true });
  return { started, attempt, ended };
}

/** A copy that goes on after its agent reads a node that writes. */
export function endCopies({ children }: Journal): number[] {
  const alive = children.filter(isRunning);
  for (const child of alive) signalGroup(child, "SIGKILL");
  return alive.map(({ pid }) => pid);
}

/**
 * Those that the journal names; all that might have been stopped when it tells nothing. Every one is tried, whatever becomes of the others.
 *
 * @throws the first fault, when all were tried
 */
async function startNodes(world: VaultWorld, journal: Journal | "torn", pauseMs?: number): Promise<string[]> {
  const sources = new Set(world.vault().lineages.flatMap((l) => l.sources));
  const names = journal === "torn" ? [...sources] : maybeStopped(journal.phase) ? [journal.node] : [];
  const nodes = names.flatMap((name) => nodeOf(world.inventory(), name) ?? []);
  // At once: one that hangs keeps none from being started.
  const ends = await Promise.allSettled(nodes.map((node) => startAlways(world, node, pauseMs, PATIENCE_MS)));
  const fault = ends.find((end) => end.status === "rejected");
  if (fault) throw fault.reason;
  return nodes.map(({ name }) => name);
}
