import type { InventoryNode, InventoryProcess } from "@chainkeep/core";
import type { VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** So often in a row a process may be gone: a supervisor that is being started anew is back by then. */
const GONE_TRIES = 5;

/**
 * Starts all processes of a node, and tries again until they are started: nothing that goes wrong with a backup may leave a node down. The
 * pauses grow to a quarter of a minute; each failure is an event. One process that does not start keeps no other from starting. One that is gone,
 * or whose supervisor is, is given up: nobody can start it this way, and the next job would wait for ever.
 *
 * @param patienceMs - After so long it is given up, for callers that come back. For ever when left out.
 * @throws VaultError PROCESS_GONE, or that of the runtime, when it is given up and every process was tried
 */
export async function startAlways(
  { runtime, log }: Pick<VaultWorld, "runtime" | "log">,
  node: InventoryNode,
  firstPauseMs = FIRST_PAUSE_MS,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const until = performance.now() + patienceMs;
  const gone = new Map<string, number>();
  let lost: VaultError | undefined;
  let left = node.processes;
  let pause = firstPauseMs;
  for (let tries = 1; ; tries++) {
    const again: InventoryProcess[] = [];
    let last: VaultError | undefined;
    for (const process of left) {
      const fault = await runtime.start(process).then(
        () => undefined,
        (error: unknown) => asVaultError(error),
      );
      if (!fault) continue;
      const { code, message } = fault;
      log("error", "node_not_started", { node: node.name, process: process.name, tries, code, error: message });
      const inARow = code === "PROCESS_GONE" ? (gone.get(process.name) ?? 0) + 1 : 0;
      gone.set(process.name, inARow);
      if (inARow < GONE_TRIES) {
        again.push(process);
        last = fault;
      } else lost ??= givenUp(node, fault);
    }
    if (again.length === 0 && lost) throw lost;
    if (again.length === 0) return;
    if (last && performance.now() > until) throw lost ?? last;
    left = again;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
}

function givenUp({ name }: InventoryNode, { code, message }: VaultError): VaultError {
  return new VaultError(code, `${name} stands still and was given up after ${GONE_TRIES} tries: ${message}`);
}
