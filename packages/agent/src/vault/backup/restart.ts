import type { InventoryNode } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { asVaultError } from "../vault-error";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Starts all processes of a node, and tries again until they are started: nothing that goes wrong with a backup may leave a node down. The
 * pauses grow to a quarter of a minute; each failure is an event.
 */
export async function startAlways(
  { runtime, log }: Pick<VaultWorld, "runtime" | "log">,
  node: InventoryNode,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<void> {
  let pause = firstPauseMs;
  for (let tries = 1; ; tries++) {
    try {
      for (const process of node.processes) await runtime.start(process);
      return;
    } catch (error) {
      const { code, message } = asVaultError(error);
      log("error", "node_not_started", { node: node.name, tries, code, error: message });
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }
}
