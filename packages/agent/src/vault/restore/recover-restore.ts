import { startAlways } from "../backup/restart";
import { nodeOf, type VaultWorld } from "../contracts";
import { endRestoreJournal, readRestoreJournal } from "./restore-journal";
import { carryOut, removeTree } from "./swap";

/**
 * Ends a restore that an agent died in: before the data changed places, the old data stays; from then on the new data comes. Never a mix of both.
 * The node is started in any case.
 *
 * @returns what was done; undefined when there was nothing to do
 */
export async function recoverRestore(
  world: VaultWorld,
): Promise<{ readonly node: string; readonly data: "old" | "new" } | undefined> {
  const { directory } = world.vault();
  const journal = await readRestoreJournal(directory);
  if (!journal) {
    await endRestoreJournal(directory);
    return undefined;
  }
  const data = journal.phase === "fetch" ? "old" : "new";
  if (data === "new") await carryOut(journal.moves);
  for (const place of journal.fresh) await removeTree(place);
  const node = nodeOf(world.inventory(), journal.node);
  if (node) await startAlways(world, node);
  await endRestoreJournal(directory);
  world.log("warn", "restore_was_interrupted", { node: journal.node, point: journal.point, data });
  return { node: journal.node, data };
}
