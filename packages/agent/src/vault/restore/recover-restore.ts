import { rename } from "node:fs/promises";
import type { InventoryNode } from "@chainkeep/core";
import { startAlways } from "../backup/restart";
import { nodeOf, type VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { writeFreshSigningState } from "./fresh-signing-state";
import { removeLeftovers, removeTree } from "./own-names";
import {
  endChildren,
  type RestoreJournal,
  RestoreNotes,
  readRestoreJournal,
  restoreJournalFile,
} from "./restore-journal";
import { carryOut, progressOf, takeBack } from "./swap";

export interface RestoreRecovery {
  readonly node: string;
  readonly data: "old" | "new";
}

/** A node that does not start now is tried again by whoever calls. */
const PATIENCE_MS = 60_000;

/**
 * Ends a restore that an agent died in: before the data changed places, the old data stays; from then on the new data comes, unless a node may
 * have run on a part of it. Never a mix of both. The node is started in any case.
 *
 * @returns what was done; undefined when there was nothing to do
 * @throws VaultError when the node cannot be stopped or started: nothing was lost, and it is to be tried again
 */
export async function recoverRestore(world: VaultWorld): Promise<RestoreRecovery | undefined> {
  const file = restoreJournalFile(world.vault().directory);
  const journal = await readRestoreJournal(file);
  if (journal === "torn") {
    // It was written through, so its disk is damaged. What lies in the homes is left for somebody to look at.
    world.log("error", "restore_journal_torn", { file, fix: "look for .chainkeep-before-* in the homes of the nodes" });
    await rename(file, `${file}.torn`);
    return undefined;
  }
  if (journal === undefined) {
    for (const home of homesOf(world)) await removeLeftovers(home).catch(() => undefined);
    return undefined;
  }
  const notes = new RestoreNotes(file, journal);
  const node = nodeOf(world.inventory(), journal.node);
  await endChildren(journal);
  const data = await putInOrder(world, node, journal, notes);
  if (node && data === "new") await writeFreshSigningState(node);
  if (node) await startAlways(world, node, undefined, PATIENCE_MS);
  for (const place of journal.fresh) await removeTree(place);
  await notes.end();
  world.log("warn", "restore_was_interrupted", { node: journal.node, point: journal.point, data });
  return { node: journal.node, data };
}

async function putInOrder(
  world: VaultWorld,
  node: InventoryNode | undefined,
  { phase, swaps }: RestoreJournal,
  notes: RestoreNotes,
): Promise<"old" | "new"> {
  if (phase === "fetch") return "old";
  if (phase === "start") return "new";
  if (node) await standStill(world, node);
  const { begun, complete, hasOld } = await progressOf(swaps);
  // A machine that was started in between may have started the node on a part of the new data. The old data, all of it aside, is untouched.
  const back = phase === "back" || (phase === "swap" && begun && !complete && hasOld);
  if (complete && !back) {
    await notes.change({ phase: "start" });
    return "new";
  }
  await notes.change({ phase: back ? "back" : "forward" });
  if (back) await takeBack(swaps);
  else await carryOut(swaps);
  // From here on a repetition must not take anything away from the node.
  await notes.change({ phase: back ? "fetch" : "start" });
  return back ? "old" : "new";
}

/** A node that was started meanwhile, or one that cannot be stopped because it does not run. */
async function standStill({ runtime }: VaultWorld, { name, processes }: InventoryNode): Promise<void> {
  for (const process of processes.toReversed()) {
    try {
      await runtime.stop(process);
    } catch (error) {
      if ((await runtime.isRunning(process).catch(() => true)) === false) continue;
      throw new VaultError("RESTORE_STUCK", `${name} cannot be stopped: ${asVaultError(error).message}`);
    }
  }
}

function homesOf({ inventory }: VaultWorld): string[] {
  return inventory().nodes.flatMap(({ processes }) => processes.flatMap(({ vault }) => (vault ? [vault.home] : [])));
}
