import { randomBytes } from "node:crypto";
import { type InventoryLineage, type InventoryNode, newestFirst, type RecoveryPoint } from "@chainkeep/core";
import {
  type AskTarget,
  type Capture,
  type CaptureRequest,
  type JobContext,
  nodeOf,
  type VaultWorld,
} from "../contracts";
import { asVaultError, VaultError } from "../vault-error";
import { chooseNode } from "./choose-node";
import type { Before, Copied, Standstill, TakeRequest } from "./copied";
import { BackupJournal } from "./journal";
import { scanSnapshot } from "./key-scan";
import { recordOf } from "./record-of";
import { recover } from "./recover";
import { startAlways } from "./restart";
import { waitUntilReady } from "./wait-ready";

export interface TakeOptions {
  /** Starts the watchdog on a journal, and rejects when it does not watch. Without one, only the next agent puts things right. */
  readonly watch?: (journalFile: string, attempt: string) => Promise<unknown>;
  /** Pause before a failed start is tried again. */
  readonly restartPauseMs?: number;
  readonly readyWaitMs?: number;
}

const MOST_PASSES = 3;
const SHORT_PASS_SECONDS = 5;
/** After so much longer than the grace a watchdog starts the node: a copy that hangs must not cost a node. */
const STANDSTILL_SECONDS = 900;
/** So many times the last pass while the node ran: a large delta is no hanging copy. */
const PASSES = 10;

/**
 * Takes a recovery point: copies the node while it runs until little is left, stops it by its own signal, copies what has changed meanwhile, and
 * starts it again, whatever happens. The point exists when its record is written, and not before.
 *
 * @throws VaultError; then there is no point, and the node runs
 */
export async function takePoint(
  world: VaultWorld,
  request: TakeRequest,
  job: JobContext,
  options: TakeOptions = {},
): Promise<RecoveryPoint> {
  const startedAt = world.now() / 1000;
  const lineage = lineageOf(world, request.lineage);
  job.step("choose a node");
  const name = chooseNode(world, lineage, request.node, request.trigger);
  const node = nodeOf(world.inventory(), name) as InventoryNode;
  const attempt = `${world.inventory().cluster}-${randomBytes(6).toString("hex")}`;
  const start = node.processes.flatMap(({ vault }) => (vault ? [vault.control.start] : []));
  // What an earlier attempt has left is put right before its journal gives way to this one.
  await recover(world, options.restartPauseMs);
  const journal = await BackupJournal.begin(world.vault().directory, { attempt, node: name, start });
  try {
    const source = sourceOf(world, node, attempt, journal, job);
    const warm = await warmPasses(world, source, node, job);
    const copied = await copyStandingStill(world, { node, lineage, request, source, ...warm, journal, job, options });
    await journal.change({ phase: "recording" }).catch(() => undefined);
    job.step("look for keys");
    const scan = await scanSnapshot(world.store, copied.capture.snapshot, node.processes, world.now);
    job.step("write the record");
    const digest = await world.store.digest(copied.capture.snapshot);
    const point = recordOf({ world, node, lineage, request, startedAt, scan, digest, ...copied });
    await world.store.putRecord(point);
    world.log("info", "point_taken", { point: point.id, node: name, downtimeSeconds: point.downtimeSeconds });
    await clearUp(world, journal, name);
    await waitUntilReady(world, name, job, options.readyWaitMs);
    return point;
  } catch (error) {
    // What has no record is no point; the room that it takes is given back now or by the next agent.
    await clearUp(world, journal, name, codeOf(error) === "PROCESS_GONE");
    throw job.signal.aborted && codeOf(error) === "STORE_CANCELLED" ? cancelled(name) : error;
  }
}

/**
 * Removes what an attempt has left beside its point, and then the journal. Where one of it fails, or the node stands still, the journal stays: the
 * next agent, or the next backup, tries again.
 */
async function clearUp(world: VaultWorld, journal: BackupJournal, name: string, isDown = false): Promise<void> {
  try {
    await world.store.forgetAttempt(journal.attempt);
    if (!isDown) await journal.end();
  } catch (fault) {
    tell(world, "vault_leftovers", name, fault);
    if (!isDown) await journal.change({ phase: "recording" }).catch(() => undefined);
  } finally {
    journal.leave();
  }
}

const codeOf = (error: unknown) => asVaultError(error).code;

function cancelled(name: string): VaultError {
  return new VaultError("JOB_CANCELLED", `cancelled while ${name} was copied; it runs, and there is no point of it`);
}

function tell({ log }: VaultWorld, event: string, node: string, error: unknown): void {
  log("warn", event, { node, error: asVaultError(error).message });
}

function lineageOf({ vault }: VaultWorld, id: string): InventoryLineage {
  const found = vault().lineages.find((l) => l.id === id);
  if (found) return found;
  throw new VaultError("LINEAGE_UNKNOWN", `no lineage ${id} in this vault`);
}

function sourceOf(
  world: VaultWorld,
  node: InventoryNode,
  attempt: string,
  journal: BackupJournal,
  job: JobContext,
): CaptureRequest {
  return {
    attempt,
    cluster: world.inventory().cluster,
    node: node.name,
    sources: node.processes.flatMap(({ name, vault }) =>
      vault ? [{ process: name, home: vault.home, dataPaths: vault.dataPaths, keyPaths: vault.keyPaths }] : [],
    ),
    signal: job.signal,
    onProgress: (progress) => job.progress(progress),
    onChild: (pid) => journal.child(pid),
  };
}

interface Warm {
  readonly parent: string | undefined;
  readonly passSeconds: number;
}

/** Copies while the node runs, again while that makes what is left smaller. Each pass is the parent of the next. */
async function warmPasses(
  world: VaultWorld,
  source: CaptureRequest,
  node: InventoryNode,
  job: JobContext,
): Promise<Warm> {
  let parent = await lastSnapshotOf(world, node.name);
  let before: Capture | undefined;
  let passSeconds = 0;
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    job.step(`copy ${node.name} while it runs, pass ${pass}`);
    const capture = await world.store.warm({ ...source, ...(parent === undefined ? {} : { parent }) });
    parent = capture.snapshot;
    passSeconds = capture.seconds;
    const shrinks = before === undefined || capture.seconds < 0.8 * before.seconds;
    if (capture.seconds < SHORT_PASS_SECONDS || !shrinks) break;
    before = capture;
  }
  return { parent, passSeconds };
}

/** Of the same node, not bad: what the next copy is a change of. */
async function lastSnapshotOf(world: VaultWorld, node: string): Promise<string | undefined> {
  const { points } = await world.store.records(world.inventory().cluster);
  const own = points.filter((p) => p.node === node && p.verification.bad === null);
  return [...own].sort(newestFirst)[0]?.storage.snapshot;
}

interface Still extends Warm {
  readonly node: InventoryNode;
  readonly lineage: InventoryLineage;
  readonly request: TakeRequest;
  readonly source: CaptureRequest;
  readonly journal: BackupJournal;
  readonly job: JobContext;
  readonly options: TakeOptions;
}

/** The short part: stop, copy, start. */
async function copyStandingStill(world: VaultWorld, given: Still): Promise<Copied> {
  const { node, lineage, request, source, parent, passSeconds, journal, job, options } = given;
  let before: Before | undefined;
  let still: Standstill | undefined;
  let touched = false;
  const onPrepared = async () => {
    // Passes may have taken hours: it may be the last one that is ready by now.
    chooseNode(world, lineage, node.name, request.trigger);
    await journal.change({ phase: "stopping", deadline: deadlineOf(world, node, passSeconds) });
    await options.watch?.(journal.file, journal.attempt);
    before = await askBefore(world, node);
    if (job.signal.aborted) throw new VaultError("JOB_CANCELLED", `cancelled before ${node.name} was stopped`);
    job.step(`stop ${node.name}`);
    touched = true;
    still = await stopAll(world, node);
    if (still.killed && world.vault().policy.onStopTimeout === "skip") {
      const text = `${node.name} did not stop within its grace and was killed; no point was taken, because such a copy may not open (onStopTimeout: skip)`;
      throw new VaultError("NODE_KILLED", text);
    }
    await journal.change({ phase: "copying" });
    job.step(`copy what changed of ${node.name}`);
  };
  let capture: Capture | undefined;
  let early = false;
  try {
    capture = await world.store.capture({ ...source, ...(parent === undefined ? {} : { parent }), onPrepared });
    early = await someRuns(world, node);
  } finally {
    if (touched) {
      job.step(`start ${node.name}`);
      await journal
        .change({ phase: "starting" })
        .catch((error: Error) => tell(world, "journal_not_written", node.name, error));
      await startAlways(world, node, options.restartPauseMs);
    }
  }
  if (!capture || !before || !still) throw new VaultError("CAPTURE_FAILED", `the copy of ${node.name} was not begun`);
  if (early) {
    const text = `${node.name} was started by somebody else while it was copied; the copy was thrown away`;
    throw new VaultError("NODE_STARTED_EARLY", text);
  }
  return { before, still, capture, startedAgainAt: world.now() / 1000 };
}

/** Whether the copy is worthless: somebody, or the watchdog at its deadline, has started a process meanwhile. */
async function someRuns({ runtime }: VaultWorld, { processes }: InventoryNode): Promise<boolean> {
  const running = await Promise.all(processes.map((p) => runtime.isRunning(p)));
  return running.includes(true);
}

function deadlineOf({ now }: VaultWorld, { processes }: InventoryNode, passSeconds: number): number {
  const grace = processes.reduce((sum, { vault }) => sum + (vault?.graceSeconds ?? 0), 0);
  return now() / 1000 + grace + Math.max(STANDSTILL_SECONDS, PASSES * passSeconds);
}

async function askBefore({ asker, inventory }: VaultWorld, node: InventoryNode): Promise<Before> {
  const [first] = node.processes;
  const questions = first && inventory().questions[first.questions];
  if (!first || !questions) throw new VaultError("HEAD_UNKNOWN", `${node.name} has no process that can be asked`);
  const { probeUrl, basicAuthFile } = first;
  const target: AskTarget = { probeUrl, questions, ...(basicAuthFile === undefined ? {} : { basicAuthFile }) };
  const { head, error } = await asker.head(target);
  if (!head) throw new VaultError("HEAD_UNKNOWN", `${node.name} does not tell its head (${error}); it was not stopped`);
  const block = await asker.block(target, head.height);
  if ((head.hash ?? block?.hash ?? null) === null) {
    throw new VaultError(
      "HEAD_UNKNOWN",
      `${node.name} does not tell the hash of block ${head.height}; it was not stopped`,
    );
  }
  return { head, block };
}

/** The last one first: what leans on another process stops before it. */
async function stopAll({ runtime, now }: VaultWorld, { processes }: InventoryNode): Promise<Standstill> {
  const stopAt = now() / 1000;
  let killed = false;
  for (const process of processes.toReversed()) {
    const { ended } = await runtime.stop(process);
    killed ||= ended === "killed";
  }
  return { stopAt, stoppedAt: now() / 1000, killed };
}
