import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { InventoryNode, RecoveryPoint, RestoreResult, TimedStep } from "@chainkeep/core";
import { startAlways } from "../backup/restart";
import { type JobContext, nodeOf, type VaultWorld } from "../contracts";
import { keyInside } from "../proof/keys-inside";
import { asVaultError, VaultError } from "../vault-error";
import { planRestore, type RestoreRequest } from "./plan-restore";
import { endRestoreJournal, type RestoreJournal, writeRestoreJournal } from "./restore-journal";
import { carryOut, exists, freshDirectory, movesOf, oldDirectory, removeTree, takeBack } from "./swap";

export interface RestoreOptions {
  /** How long a node may take until it is ready. */
  readonly readyMs?: number;
  /** A process that does not run for so long after its start does not take the data. */
  readonly deadMs?: number;
  readonly pollMs?: number;
}

const READY_MS = 30 * 60_000;
const DEAD_MS = 30_000;
const POLL_MS = 500;

/**
 * Brings a node's data back from a recovery point. The copy is written and checked beside the old data while the node still runs; then the node is
 * stopped, the two change places, and it is started. Keys and signing state stay with the node. The old data is kept.
 *
 * @throws VaultError RESTORE_REFUSED with every reason, before anything is touched; RESTORE_ROLLED_BACK; RESTORE_NOT_READY
 */
export async function restoreNode(
  world: VaultWorld,
  request: RestoreRequest,
  job: JobContext,
  options: RestoreOptions = {},
): Promise<RestoreResult> {
  const clock = new StepClock(world, job);
  clock.step("look whether it can be done");
  const { plan, point } = await planRestore(world, request);
  if (plan.problems.length > 0 || !point) {
    throw new VaultError(
      "RESTORE_REFUSED",
      `the restore of ${request.node} is refused; nothing was touched`,
      plan.problems,
    );
  }
  const node = nodeOf(world.inventory(), request.node) as InventoryNode;
  const id = randomBytes(4).toString("hex");
  const { directory } = world.vault();
  const homes = node.processes.flatMap(({ vault }) => (vault ? [vault.home] : []));
  const fresh = homes.map((home) => freshDirectory(home, id));
  let journal: RestoreJournal = {
    schemaVersion: 1,
    id,
    node: node.name,
    point: point.id,
    phase: "fetch",
    fresh,
    moves: [],
  };
  await writeRestoreJournal(directory, journal);
  try {
    await fetchBeside(world, node, point, id, job, clock);
  } catch (error) {
    for (const place of fresh) await removeTree(place).catch(() => undefined);
    await endRestoreJournal(directory);
    throw error;
  }
  const moves = (
    await Promise.all(node.processes.map(({ vault }) => (vault ? movesOf(vault.home, id, vault) : [])))
  ).flat();
  clock.step(`stop ${node.name}`);
  const stoppedAt = world.now() / 1000;
  try {
    for (const process of node.processes.toReversed()) await world.runtime.stop(process);
    clock.step("put the copy in the place of the old data");
    journal = { ...journal, phase: "swap", moves };
    await writeRestoreJournal(directory, journal);
    await carryOut(moves);
    journal = { ...journal, phase: "start" };
    await writeRestoreJournal(directory, journal);
  } catch (error) {
    await rollBack(world, journal, node);
    throw error;
  }
  clock.step(`start ${node.name}`);
  await startAlways(world, node);
  const startedAt = world.now() / 1000;
  for (const place of fresh) await removeTree(place);
  const old = await oldDataOf(homes, id);
  await becomeReady({ world, node, journal, startedAt, old, clock, job, options });
  await endRestoreJournal(directory);
  const steps = clock.end();
  world.log("info", "node_restored", { node: node.name, point: point.id, seconds: clock.seconds() });
  return {
    node: node.name,
    point: point.id,
    bytes: point.sizeBytes,
    seconds: clock.seconds(),
    downtimeSeconds: Math.round((startedAt - stoppedAt) * 10) / 10,
    oldData: old,
    steps,
  };
}

async function fetchBeside(
  { store }: VaultWorld,
  node: InventoryNode,
  point: RecoveryPoint,
  id: string,
  job: JobContext,
  clock: StepClock,
): Promise<void> {
  clock.step("write the copy beside the old data");
  for (const written of point.processes) {
    const home = node.processes.find((p) => p.layer === written.layer)?.vault?.home;
    if (home === undefined) throw new VaultError("RESTORE_LAYER", `${node.name} has no place for ${written.name}`);
    const target = freshDirectory(home, id);
    await store.fetch({ point, process: written.name, target, onProgress: (p) => job.progress(p), signal: job.signal });
    const key = await keyInside(target);
    if (key) throw new VaultError("KEYS_FOUND", `the copy holds ${key.what}: ${key.file}; it was thrown away`);
  }
}

async function oldDataOf(homes: readonly string[], id: string): Promise<string[]> {
  const places = homes.map((home) => oldDirectory(home, id));
  const there = await Promise.all(places.map(exists));
  return places.filter((_, i) => there[i]);
}

/** The old data back in its place, and the node running on it. */
async function rollBack(world: VaultWorld, journal: RestoreJournal, node: InventoryNode): Promise<void> {
  await takeBack(journal.moves);
  for (const place of journal.fresh) await removeTree(place).catch(() => undefined);
  await startAlways(world, node);
  await endRestoreJournal(world.vault().directory);
}

interface Waiting {
  readonly world: VaultWorld;
  readonly node: InventoryNode;
  readonly journal: RestoreJournal;
  readonly startedAt: number;
  readonly old: readonly string[];
  readonly clock: StepClock;
  readonly job: JobContext;
  readonly options: RestoreOptions;
}

/** Until the node is ready. One whose process ends again and again does not take the data: where there is old data, that comes back. */
async function becomeReady({ world, node, journal, startedAt, old, clock, job, options }: Waiting): Promise<void> {
  const { readyMs = READY_MS, deadMs = DEAD_MS, pollMs = POLL_MS } = options;
  clock.step(`wait until ${node.name} is ready`);
  let ranAt = world.now();
  const began = world.now();
  while (world.now() - began < readyMs && !job.signal.aborted) {
    const fleet = world.fleet();
    if (fleet.nodes.get(node.name)?.ready && fleet.at / 1000 > startedAt + 1) return;
    if (await runs(world, node)) ranAt = world.now();
    if (world.now() - ranAt > deadMs) return doesNotTakeIt(world, node, journal, old);
    await sleep(pollMs);
  }
  const reasons =
    world
      .fleet()
      .nodes.get(node.name)
      ?.reasons.map((r) => r.text) ?? [];
  await endRestoreJournal(world.vault().directory);
  const text = `${node.name} runs on ${journal.point} and is not ready yet (${reasons.join(", ") || "no answer"}); it may still be catching up: see chainkeep status. The old data is kept in ${old.join(" and ") || "no place, there was none"}`;
  throw new VaultError("RESTORE_NOT_READY", text);
}

async function runs({ runtime }: VaultWorld, { processes }: InventoryNode): Promise<boolean> {
  const running = await Promise.all(processes.map((p) => runtime.isRunning(p).catch(() => false)));
  return running.every(Boolean);
}

async function doesNotTakeIt(
  world: VaultWorld,
  node: InventoryNode,
  journal: RestoreJournal,
  old: readonly string[],
): Promise<never> {
  const why = `${node.name} does not run on ${journal.point}: its process ends again and again; see chainkeep logs ${node.name}`;
  if (old.length === 0) {
    await endRestoreJournal(world.vault().directory);
    throw new VaultError("RESTORE_DOES_NOT_RUN", `${why}. There was no old data to go back to`);
  }
  for (const process of node.processes.toReversed()) {
    await world.runtime.stop(process).catch((error: unknown) => {
      world.log("warn", "node_not_stopped", { node: node.name, error: asVaultError(error).message });
    });
  }
  await rollBack(world, journal, node);
  throw new VaultError("RESTORE_ROLLED_BACK", `${why}. The old data is back in its place`);
}

/** Steps with their times, for the job and for the result. */
class StepClock {
  private readonly began: number;
  private steps: TimedStep[] = [];
  private last: { readonly name: string; readonly at: number } | undefined;

  constructor(
    private readonly world: Pick<VaultWorld, "now">,
    private readonly job: JobContext,
  ) {
    this.began = world.now();
  }

  seconds(): number {
    return Math.round((this.world.now() - this.began) / 100) / 10;
  }

  step(name: string): void {
    this.end();
    this.last = { name, at: this.seconds() };
    this.job.step(name);
  }

  end(): TimedStep[] {
    const { last } = this;
    if (last) this.steps = [...this.steps, { ...last, seconds: Math.round((this.seconds() - last.at) * 10) / 10 }];
    this.last = undefined;
    return this.steps;
  }
}
