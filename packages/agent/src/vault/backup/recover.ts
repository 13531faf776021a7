import { rm } from "node:fs/promises";
import type { VaultWorld } from "../contracts";
import { nodeOf } from "../contracts";
import { isRunning, signalGroup } from "../proof/process-identity";
import { VaultError } from "../vault-error";
import { isUnderWay, type Journal, journalFile, maybeStopped, readJournal } from "./journal";
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
 * @throws VaultError of the store: the node runs, and the rest is to be tried again
 */
export async function recover(world: VaultWorld): Promise<RecoveryReport> {
  const file = journalFile(world.vault().directory);
  const journal = await readJournal(file);
  if (journal === undefined) return NOTHING;
  if (journal === "unreadable") throw new VaultError("JOURNAL_READ", `cannot read ${file}; see its disk`);
  if (journal !== "torn" && isUnderWay(journal.attempt)) return NOTHING;
  const ended = journal === "torn" ? [] : endCopies(journal);
  const started = await startNodes(world, journal);
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

/** Those that the journal names; all that might have been stopped when it tells nothing. */
async function startNodes(world: VaultWorld, journal: Journal | "torn"): Promise<string[]> {
  const sources = world.vault().lineages.flatMap((l) => l.sources);
  const names = journal === "torn" ? sources : maybeStopped(journal.phase) ? [journal.node] : [];
  const started: string[] = [];
  for (const name of names) {
    const node = nodeOf(world.inventory(), name);
    if (!node) continue;
    await startAlways(world, node, undefined, PATIENCE_MS);
    started.push(name);
  }
  return started;
}
