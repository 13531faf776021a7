import { setTimeout as sleep } from "node:timers/promises";
import type { InventoryNode } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";
import { RunHistory } from "./run-history";

export interface ReadyOptions {
  /** How long a node may take until it is ready. Default half an hour. */
  readonly readyMs?: number;
  /** A process that does not run for most of so long does not take the data. Default half a minute. */
  readonly deadMs?: number;
  /** Nor does one that has ended so often. Default 5. */
  readonly mostEnds?: number;
  readonly pollMs?: number;
}

/** `ready`; `dead`: its process ends again and again; `late`: it runs, and is not ready yet; `cancelled`: nobody waits any more. */
export type Outcome = "ready" | "dead" | "late" | "cancelled";

/** Waits until a node that was started at some time is ready, and tells how far it is behind whenever half of that is done. */
export async function becomeReady(
  world: VaultWorld,
  node: InventoryNode,
  startedAt: number,
  job: JobContext,
  step: (name: string) => void,
  options: ReadyOptions = {},
): Promise<Outcome> {
  const { readyMs = 30 * 60_000, deadMs = 30_000, mostEnds = 5, pollMs = 500 } = options;
  const history = new RunHistory(deadMs, mostEnds);
  const began = world.now();
  let told = Number.POSITIVE_INFINITY;
  step(`wait until ${node.name} is ready`);
  while (world.now() - began < readyMs) {
    if (job.signal.aborted) return "cancelled";
    const running = await runs(world, node);
    history.note(world.now(), running);
    if (running && (await isReady(world, node, startedAt))) return "ready";
    if (history.isDead()) return "dead";
    const behind = behindOf(world, node);
    if (running && behind !== undefined && behind > 0 && behind <= told / 2) {
      told = behind;
      step(`wait until ${node.name} is ready: ${behind} blocks behind`);
    }
    await sleep(pollMs);
  }
  return "late";
}

/** As it was judged by what it said since it was started: what it said before may not be stale yet. */
async function isReady(world: VaultWorld, { name, processes }: InventoryNode, startedAt: number): Promise<boolean> {
  const fleet = world.fleet();
  const { intervalSeconds, timeoutMs = 0 } = world.inventory().probe;
  const asked = startedAt + intervalSeconds + timeoutMs / 1000;
  if (!fleet.nodes.get(name)?.ready || fleet.at / 1000 <= asked) return false;
  for (const { questions: key, probeUrl, basicAuthFile } of processes) {
    const questions = world.inventory().questions[key];
    const auth = basicAuthFile === undefined ? {} : { basicAuthFile };
    if (questions && !(await world.asker.head({ probeUrl, questions, ...auth })).head) return false;
  }
  return true;
}

async function runs({ runtime }: VaultWorld, { processes }: InventoryNode): Promise<boolean> {
  const running = await Promise.all(processes.map((p) => runtime.isRunning(p).catch(() => false)));
  return running.every(Boolean);
}

function behindOf(world: VaultWorld, { name }: InventoryNode): number | undefined {
  const { height, nodes } = world.fleet();
  const own = nodes.get(name)?.first?.head?.height;
  return height === undefined || own === undefined ? undefined : Math.max(0, height - own);
}

export function reasonsOf(world: VaultWorld, { name }: InventoryNode): string {
  const reasons = world.fleet().nodes.get(name)?.reasons ?? [];
  return reasons.map((r) => r.text).join(", ") || "no answer yet";
}
