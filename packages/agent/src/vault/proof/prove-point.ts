import type { AgentInventory, InventoryGuest, InventoryLineage, Level, RecoveryPoint } from "@chainkeep/core";
import { compareVersions, isProvenTo } from "@chainkeep/core";
import type { JobContext, PointStore, VaultWorld } from "../contracts";
import { compareChain } from "./compare-chain";
import { PointFault, Undecided } from "./findings";
import { followNetwork } from "./follow-network";
import { type Guest, withGuest } from "./guest";
import { openGuest } from "./open-guest";
import { ProofRecord } from "./proof-record";
import { lifetimeSeconds, type ProofTimes, proofTimes } from "./proof-times";
import { restoreInto, roomFor, twice } from "./restore-into";

/** Step in which the guest of another job is awaited. */
export const WAITING = "waiting for another guest";

export interface ProofRequest {
  readonly point: RecoveryPoint;
  /** How far; `objectives` is measured by drills, and means `progresses` here. */
  readonly level: Level;
  /** Store to take it from: "vault", or the name of a copy. */
  readonly from?: string;
}

export interface ProofOptions {
  readonly times?: Partial<ProofTimes>;
  /** Room where a directory is or will be; undefined where that is not known. */
  readonly freeBytes?: (directory: string) => Promise<number | undefined>;
  /** Told as soon as a level holds. */
  readonly onReached?: (level: Level) => void;
}

interface Climb {
  readonly world: VaultWorld;
  readonly store: PointStore;
  readonly point: RecoveryPoint;
  readonly level: Level;
  readonly job: JobContext;
  readonly record: ProofRecord;
  readonly options: ProofOptions;
}

/** Proves a point up to a level, and says in the evidence how far it holds. Never rejects: whatever goes wrong is in the evidence. */
export async function provePoint(
  world: VaultWorld,
  { point, level, from = "vault" }: ProofRequest,
  job: JobContext,
  options: ProofOptions = {},
): Promise<ReturnType<ProofRecord["evidence"]>> {
  const wanted = level === "objectives" ? "progresses" : level;
  const record = new ProofRecord({ point, from, wanted, job, now: world.now, onReached: options.onReached });
  try {
    const store = from === "vault" ? world.store : world.copy(from);
    const listed = await exists(store, point, record);
    await climb({ world, store, point: listed, level: wanted, job, record, options });
  } catch (error) {
    record.end(error, job.signal);
  }
  return record.evidence();
}

/** The point as this store knows it: in a copy, its data goes by another name. */
async function exists(store: PointStore, point: RecoveryPoint, record: ProofRecord): Promise<RecoveryPoint> {
  record.step("exists");
  const { points } = await store.records(point.cluster);
  const listed = points.find(({ id }) => id === point.id);
  if (!listed) throw new PointFault("exists", "POINT_MISSING", "the store does not list it");
  if (listed.sizeBytes <= 0 || listed.processes.length === 0) {
    throw new PointFault("exists", "POINT_EMPTY", "its record says that it holds no data");
  }
  record.reached("exists");
  return listed;
}

async function climb(at: Climb): Promise<void> {
  const { world, point, level, job, record } = at;
  if (level === "exists") return;
  const place = isProvenTo(level, "opens") ? await placeFor(at) : undefined;
  if (!place || place instanceof Undecided) {
    record.step("intact");
    await twice(() => at.store.readAll(point, (progress) => job.progress(progress), job.signal));
    record.bytes = point.sizeBytes;
    record.reached("intact");
    if (place) throw place;
    return;
  }
  const inventory = world.inventory();
  const times = { ...proofTimes(inventory, point.sizeBytes), ...at.options.times };
  const behind = Math.max(0, world.now() / 1000 - point.createdAt);
  const lifetime = lifetimeSeconds(times, point.sizeBytes, Math.min(behind, 12 * 3600));
  record.lifetime = AbortSignal.timeout(lifetime * 1000);
  const signal = AbortSignal.any([job.signal, record.lifetime]);
  const settings = { inventory, job: job.id, lifetimeSeconds: lifetime, signal, now: world.now };
  const onWait = () => record.step(WAITING);
  await withGuest(place, { ...settings, onWait }, (guest) => inGuest(at, guest, inventory, times, signal));
}

async function inGuest(
  { world, store, point, level, job, record }: Climb,
  guest: Guest,
  inventory: AgentInventory,
  times: ProofTimes,
  signal: AbortSignal,
): Promise<void> {
  const { asker } = world;
  record.output = () => guest.output();
  record.step("intact");
  record.bytes = await restoreInto({ store, point, guest, inventory, job, signal });
  record.reached("intact");
  record.step("opens");
  await guest.start("offline", signal);
  const questions = inventory.questions;
  const heads = await openGuest({ guest, asker, questions, times, signal, expected: point.height }, "opens");
  const opened = heads[0]?.height ?? 0;
  record.heights = { ...record.heights, opened };
  record.reached("opens");
  if (!isProvenTo(level, "chain")) return;
  record.step("chain");
  const { judgement, ...testimonies } = await compareChain({ world, guest, point, heads, times, signal });
  record.testimonies = testimonies;
  if (judgement.kind === "bad") throw new PointFault("chain", judgement.code, judgement.text);
  if (judgement.kind === "undecided") throw new Undecided(judgement.code, judgement.text);
  record.reached("chain");
  if (!isProvenTo(level, "progresses")) return;
  record.step("progresses");
  const onHeight = (heights: { joined: number; last: number }) => {
    record.heights = { opened, ...heights };
  };
  await followNetwork({ world, guest, point, opened, times, signal, onHeight });
  record.reached("progresses");
}

/** The guest that can open the point, or why there is none. */
async function placeFor({ world, point, options }: Climb): Promise<InventoryGuest | Undecided> {
  const lineage = world.vault().lineages.find(({ id }) => id === point.lineage);
  const guest = lineage?.guest;
  if (!guest) {
    const why = lineage ? "this target has no place for a guest" : `no node here has its clients (${point.lineage})`;
    return new Undecided("PROOF_NO_GUEST", `${why}: proven up to intact only`);
  }
  return otherClient(point, lineage, guest) ?? (await roomFor(guest.directory, point.sizeBytes, options)) ?? guest;
}

/** Data of another client cannot be opened, and an older version may fail on what a newer one has written. */
function otherClient(point: RecoveryPoint, lineage: InventoryLineage, guest: InventoryGuest): Undecided | undefined {
  for (const process of point.processes) {
    const own = guest.processes.find(({ layer }) => layer === process.layer);
    if (own?.client !== process.client) {
      const text = `the guest of ${lineage.id} runs ${own?.client ?? "nothing"} where the point holds data of ${process.client}`;
      return new Undecided("PROOF_OTHER_CLIENT", text);
    }
    if ((compareVersions(own.version, process.version) ?? 0) < 0) {
      const text = `the guest runs ${own.client} ${own.version}, and ${process.version} has written the data`;
      return new Undecided("PROOF_OLDER_CLIENT", text);
    }
  }
  return undefined;
}
