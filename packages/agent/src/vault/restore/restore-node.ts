import { randomBytes } from "node:crypto";
import type { InventoryNode, RecoveryPoint, RestoreResult } from "@chainkeep/core";
import { startAlways } from "../backup/restart";
import { type JobContext, nodeOf, type VaultWorld } from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { becomeReady, type ReadyOptions, reasonsOf } from "./become-ready";
import { placesOf } from "./data-entries";
import { fetchBeside, targetsOf } from "./fetch-beside";
import { writeFreshSigningState } from "./fresh-signing-state";
import { exists, freshDirectory, oldDirectory, removeBootstrap, removeTree, strayDirectory } from "./own-names";
import { planRestore, type RestoreRequest } from "./plan-restore";
import { recoverRestore } from "./recover-restore";
import { RestoreNotes, restoreJournalFile } from "./restore-journal";
import { rememberRate } from "./restore-rate";
import { StepClock } from "./step-clock";
import { carryOut, type HomeSwap, swapOf, takeBack } from "./swap";

export type RestoreOptions = ReadyOptions;

interface Restore {
  readonly world: VaultWorld;
  readonly node: InventoryNode;
  readonly point: RecoveryPoint;
  readonly job: JobContext;
  readonly clock: StepClock;
  readonly notes: RestoreNotes;
  readonly targets: ReturnType<typeof targetsOf>;
  readonly options: RestoreOptions;
}

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
  // One that could not be ended before is ended first: there is one journal.
  await recoverRestore(world);
  const { plan, point } = await planRestore(world, request);
  const node = nodeOf(world.inventory(), request.node);
  if (plan.problems.length > 0 || !point || !node) {
    const text = `the restore of ${request.node} is refused; nothing was touched`;
    throw new VaultError("RESTORE_REFUSED", text, plan.problems);
  }
  const id = randomBytes(4).toString("hex");
  const targets = targetsOf(node, (home) => freshDirectory(home, id));
  const notes = new RestoreNotes(restoreJournalFile(world.vault().directory), {
    schemaVersion: 1,
    id,
    node: node.name,
    point: point.id,
    phase: "fetch",
    fresh: targets.flatMap(({ home, fresh }) => [fresh, strayDirectory(home, id)]),
    swaps: [],
    children: [],
  });
  return new Restoring({ world, node, point, job, clock, notes, targets, options }).run();
}

class Restoring {
  constructor(private readonly of: Restore) {}

  async run(): Promise<RestoreResult> {
    const { world, node, point, clock, notes } = this.of;
    await this.fetch();
    const { stoppedAt, startedAt } = await this.changePlaces();
    await removeAll(notes);
    const old = await this.oldData();
    await this.awaitReady(startedAt, old);
    await notes.end();
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

  private async fetch(): Promise<void> {
    const { world, point, job, clock, notes, targets } = this.of;
    const began = world.now();
    try {
      await notes.change({});
      clock.step("write the copy beside the old data");
      const bytes = await fetchBeside({
        store: world.store,
        point,
        targets,
        signal: job.signal,
        onProgress: (progress) => job.progress(progress),
        onChild: (pid) => notes.child(pid),
      });
      await rememberRate(world.vault().directory, bytes, (world.now() - began) / 1000);
    } catch (error) {
      await removeAll(notes);
      await notes.end();
      throw error;
    }
  }

  /** From the stop to the start. Whatever fails in between, the node runs again, on the old data. */
  private async changePlaces(): Promise<{ readonly stoppedAt: number; readonly startedAt: number }> {
    const { world, node, clock, notes } = this.of;
    clock.step(`stop ${node.name}`);
    const stoppedAt = world.now() / 1000;
    try {
      for (const process of node.processes.toReversed()) await world.runtime.stop(process);
      clock.step("put the copy in the place of the old data");
      const swaps = await this.swaps();
      await notes.change({ phase: "swap", swaps });
      await carryOut(swaps);
      await writeFreshSigningState(node);
      await notes.change({ phase: "start" });
    } catch (error) {
      await this.goBack(asVaultError(error));
      throw error;
    }
    clock.step(`start ${node.name}`);
    await startAlways(world, node);
    return { stoppedAt, startedAt: world.now() / 1000 };
  }

  /** The node stands still: what is there now is all of its data. */
  private async swaps(): Promise<HomeSwap[]> {
    const { point, targets, notes } = this.of;
    const { id } = notes.get();
    const swaps: HomeSwap[] = [];
    for (const { process, home, fresh } of targets) {
      if (!process.vault) continue;
      await removeBootstrap(home);
      const written = point.processes.find((p) => p.layer === process.layer)?.dataPaths ?? [];
      swaps.push(await swapOf(home, id, fresh, await placesOf(process.vault, written)));
    }
    const empty = swaps.find(({ after }) => after.length === 0);
    if (!empty) return swaps;
    throw new VaultError("RESTORE_EMPTY", `${point.id} holds nothing that ${empty.home} would take for data`);
  }

  /** The old data back in its place, and the node running on it. A node is never started on a mix. */
  private async goBack(why: VaultError): Promise<void> {
    const { world, node, notes } = this.of;
    const { swaps } = notes.get();
    try {
      // What cannot be told now does no harm before the new data was in force: a swap that is carried on is whole, too.
      await notes.change({ phase: "back" }).catch(() => undefined);
      await takeBack(swaps);
    } catch (error) {
      const { message } = asVaultError(error);
      const text = `the data of ${node.name} is between two places and the node stands still, so that it does not start on a mix: ${message} (after: ${why.message}); mend that and start the agent anew, which ends the restore`;
      throw new VaultError("RESTORE_STUCK", text);
    }
    await startAlways(world, node);
    await notes.end();
    await removeAll(notes);
  }

  private async oldData(): Promise<string[]> {
    const { notes, targets } = this.of;
    const places = targets.map(({ home }) => oldDirectory(home, notes.get().id));
    const there = await Promise.all(places.map(exists));
    return places.filter((_, i) => there[i]);
  }

  private async awaitReady(startedAt: number, old: readonly string[]): Promise<void> {
    const { world, node, point, job, clock, notes, options } = this.of;
    const outcome = await becomeReady(world, node, startedAt, job, (name) => clock.step(name), options);
    if (outcome === "ready") return;
    if (outcome === "dead") return this.doesNotTakeIt(old);
    await notes.end();
    const kept = old.length > 0 ? `The old data is kept in ${old.join(" and ")}` : "There was no old data";
    const how = outcome === "late" ? "is not ready yet" : "was not waited for any longer";
    const text = `${node.name} runs on ${point.id} and ${how} (${reasonsOf(world, node)}); it may still be catching up: see chainkeep status. ${kept}`;
    throw new VaultError("RESTORE_NOT_READY", text);
  }

  private async doesNotTakeIt(old: readonly string[]): Promise<never> {
    const { world, node, point, notes } = this.of;
    const why = `${node.name} does not run on ${point.id}: its process ends again and again; see chainkeep logs ${node.name}`;
    const noWayBack = async (text: string) => {
      await notes.end();
      return new VaultError("RESTORE_DOES_NOT_RUN", `${why}. ${text}`);
    };
    if (old.length === 0) throw await noWayBack("There was no old data to go back to");
    try {
      for (const process of node.processes.toReversed()) await world.runtime.stop(process);
      // Without it, an agent that dies in the middle would leave a mix.
      await notes.change({ phase: "back" });
    } catch (error) {
      await startAlways(world, node);
      const kept = `The old data could not be put back (${asVaultError(error).message}); it is kept in ${old.join(" and ")}`;
      throw await noWayBack(kept);
    }
    await this.goBack(new VaultError("RESTORE_ROLLED_BACK", why));
    throw new VaultError("RESTORE_ROLLED_BACK", `${why}. The old data is back in its place`);
  }
}

/** What cannot be removed now is removed by the next agent. */
async function removeAll(notes: RestoreNotes): Promise<void> {
  for (const place of notes.get().fresh) await removeTree(place).catch(() => undefined);
}
