import * as path from "node:path";
import type { InventoryNode } from "@chainkeep/core";
import { createDurably } from "../proof/durable-file";

/**
 * Gives a node that never signs the memory of its signatures again when that was lost with its data: some clients do not start without one. What
 * is there is never touched, and validators have no such text in the inventory.
 */
export async function writeFreshSigningState({ kind, processes }: InventoryNode): Promise<void> {
  if (kind === "validator") return;
  for (const { vault } of processes) {
    if (vault?.signingState === undefined || vault.freshSigningState === undefined) continue;
    await createDurably(path.join(vault.home, vault.signingState), vault.freshSigningState);
  }
}
