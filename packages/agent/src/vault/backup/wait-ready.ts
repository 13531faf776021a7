import { setTimeout as sleep } from "node:timers/promises";
import type { JobContext, VaultWorld } from "../contracts";

const USUAL_MS = 120_000;
const POLL_MS = 250;

/** Waits until a node is ready again, so that nobody stops the next one too early. One that is not is told, and no fault of the point. */
export async function waitUntilReady(
  { fleet, inventory, log, now }: Pick<VaultWorld, "fleet" | "inventory" | "log" | "now">,
  node: string,
  job: JobContext,
  patienceMs = USUAL_MS,
): Promise<boolean> {
  const began = now();
  const until = began + patienceMs;
  // What was found before the stop says nothing.
  const after = began + 2 * inventory().probe.intervalSeconds * 1000;
  job.step(`wait until ${node} is ready`);
  while (now() < until && !job.signal.aborted) {
    const state = fleet();
    if (state.at > after && state.nodes.get(node)?.ready) return true;
    await sleep(POLL_MS);
  }
  const reasons =
    fleet()
      .nodes.get(node)
      ?.reasons.map((r) => r.text) ?? [];
  log("warn", "node_not_ready_after_backup", { node, seconds: Math.round(patienceMs / 1000), reasons });
  return false;
}
