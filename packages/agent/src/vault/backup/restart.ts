import type { InventoryNode, InventoryProcess } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { asVaultError } from "../vault-error";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Starts all processes of a node, and tries again until they are started: nothing that goes wrong with a backup may leave a node down. The
 * pauses grow to a quarter of a minute; each failure is an event. One process that does not start keeps no other from starting.
 *
 * @param patienceMs - After so long it is given up, for callers that come back. For ever when left out.
 * @throws VaultError of the runtime, when it is given up
 */
export async function startAlways(
  { runtime, log }: Pick<VaultWorld, "runtime" | "log">,
  node: InventoryNode,
  firstPauseMs = FIRST_PAUSE_MS,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const until = performance.now() + patienceMs;
  let left = node.processes;
  let pause = firstPauseMs;
  for (let tries = 1; left.length > 0; tries++) {
    const failed: InventoryProcess[] = [];
    for (const process of left) {
      try {
        await runtime.start(process);
      } catch (error) {
        failed.push(process);
        const { code, message } = asVaultError(error);
        log("error", "node_not_started", { node: node.name, process: process.name, tries, code, error: message });
        if (performance.now() > until) throw error;
      }
    }
    left = failed;
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
}
