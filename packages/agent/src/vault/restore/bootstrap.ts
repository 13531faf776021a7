import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  type AgentInventory,
  type InventoryNode,
  type InventoryProcess,
  type InventoryProcessVault,
  type InventoryVault,
  type RecoveryPoint,
  restoreProblems,
  selectPoint,
  show,
  type VaultProgress,
} from "@chainkeep/core";
import { type ChainAsker, nodeOf, type PointStore } from "../contracts";
import { writeDurably } from "../proof/durable-file";
import { VaultError } from "../vault-error";
import { chainFacts } from "./chain-facts";
import { hasData, placesOf } from "./data-entries";
import { factsOf, placeProblems } from "./facts";
import { fetchBeside } from "./fetch-beside";
import {
  bootstrapDirectory,
  bootstrapJournal,
  bootstrapMarker,
  oldDirectory,
  removeBootstrap,
  removeTree,
} from "./own-names";
import { sizeText } from "./plan-restore";
import { endChildren, type RestoreJournal, RestoreNotes, readRestoreJournal } from "./restore-journal";
import { carryOut, swapOf } from "./swap";

export interface BootstrapWorld {
  readonly inventory: AgentInventory;
  readonly store: Pick<PointStore, "records" | "fetch">;
  readonly asker: ChainAsker;
  /** Tells a person who reads the log of the process. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface BootstrapRequest {
  readonly node: string;
  readonly process: string;
}

interface Place {
  readonly node: InventoryNode;
  readonly process: InventoryProcess;
  readonly own: InventoryProcessVault;
  readonly vault: InventoryVault;
}

/** Who asks for one process must take the point that its partner takes. So long after it was taken, a newer one is better. */
const SAME_POINT_SECONDS = 24 * 3600;
/** Others that are asked for their chain. */
const MOST_ASKED = 8;

/**
 * Gives a process that has no data that of the newest verified point, before it is started for the first time. One that has data is left alone
 * at once. Never ends well without data: an empty start would sync from the first block, which nobody asked for.
 *
 * @throws VaultError when there is no point yet, when something speaks against it, or when it does not arrive; it is to be tried again
 */
export async function bootstrap(world: BootstrapWorld, request: BootstrapRequest): Promise<void> {
  const place = placeIn(world.inventory, request);
  const { home } = place.own;
  const journal = await readRestoreJournal(bootstrapJournal(home));
  if (journal && journal !== "torn") await endChildren(journal);
  if (journal && journal !== "torn" && journal.phase === "forward") return putIn(world, place, journal);
  await removeBootstrap(home);
  if (await hasData(home, await placesOf(place.own))) return;
  const point = await choose(world, place);
  world.say(
    `${place.process.name} has no data: takes that of ${point.id}, height ${point.height}, proven to ${point.verification.level}`,
  );
  await bring(world, place, point);
}

function placeIn(
  { nodes, vault, ...inventory }: AgentInventory,
  { node: name, process: part }: BootstrapRequest,
): Place {
  const node = nodeOf({ ...inventory, nodes }, name);
  const process = node?.processes.find((p) => p.name === part);
  if (!node || !process) {
    const text = node ? `got process ${show(part)}; ${name} has ${names(node.processes)}` : `got node ${show(name)}`;
    throw new VaultError("BOOTSTRAP_NODE", `${text}; use one of the inventory`);
  }
  if (vault && process.vault) return { node, process, own: process.vault, vault };
  throw new VaultError("BOOTSTRAP_NO_VAULT", `${name} is to take its data from the vault, and the inventory has none`);
}

async function choose(world: BootstrapWorld, { node, process, vault }: Place): Promise<RecoveryPoint> {
  const { inventory, store, asker } = world;
  const lineage = vault.lineages.find((l) => l.nodes.includes(node.name));
  if (!lineage) throw new VaultError("BOOTSTRAP_NODE", `no points are taken for nodes like ${node.name}`);
  const points = (await store.records(inventory.cluster)).points.filter((p) => p.stack === inventory.stack);
  const same = await partnersPoint(world, node, process, points);
  const selected = selectPoint(points, same === undefined ? { newestVerified: true } : { id: same }, lineage.id);
  if ("problem" in selected) {
    const text = `${selected.problem.message}; ${process.name} waits, and does not start empty`;
    throw new VaultError(selected.problem.code, text);
  }
  const { point } = selected;
  const others = inventory.nodes.filter((n) => n.name !== node.name && n.kind !== "light").slice(0, MOST_ASKED);
  const facts = await factsOf(node, lineage.id, point, await chainFacts(inventory, asker, others), false);
  const problems = [...restoreProblems(facts).problems, ...(await placeProblems(node, point))];
  if (problems.length === 0) return point;
  throw new VaultError("BOOTSTRAP_REFUSED", `${process.name} cannot take the data of ${point.id}`, problems);
}

/** Point of another process of the node, so that the two fit each other. The first one chooses; the others wait for its choice. */
async function partnersPoint(
  { now }: BootstrapWorld,
  { processes }: InventoryNode,
  process: InventoryProcess,
  points: readonly RecoveryPoint[],
): Promise<string | undefined> {
  for (const { name, vault } of processes) {
    if (!vault || name === process.name) continue;
    const chosen = await chosenFor(vault.home, now() / 1000 - SAME_POINT_SECONDS);
    if (chosen !== undefined && points.some((p) => p.id === chosen)) return chosen;
  }
  const [first] = processes;
  if (!first?.vault || first.name === process.name || (await hasData(first.vault.home, await placesOf(first.vault))))
    return undefined;
  throw new VaultError("BOOTSTRAP_WAITS", `${process.name} waits until ${first.name} has chosen a point`);
}

async function chosenFor(home: string, notBefore: number): Promise<string | undefined> {
  const journal = await readRestoreJournal(bootstrapJournal(home));
  if (journal && journal !== "torn") return journal.point;
  try {
    const { point, at } = JSON.parse(await readFile(bootstrapMarker(home), "utf8")) as Record<string, unknown>;
    return typeof point === "string" && typeof at === "number" && at >= notBefore ? point : undefined;
  } catch {
    return undefined;
  }
}

async function bring(world: BootstrapWorld, place: Place, point: RecoveryPoint): Promise<void> {
  const { process, own } = place;
  const { home } = own;
  const id = randomBytes(4).toString("hex");
  const fresh = bootstrapDirectory(home, id);
  const notes = new RestoreNotes(bootstrapJournal(home), {
    schemaVersion: 1,
    id,
    node: place.node.name,
    point: point.id,
    phase: "fetch",
    fresh: [fresh],
    swaps: [],
    children: [],
  });
  const progress = progressLines(world);
  try {
    await notes.change({});
    await fetchBeside({
      store: world.store as PointStore,
      point,
      targets: [{ process, home, fresh }],
      signal: world.signal,
      onProgress: progress,
      onChild: (pid) => notes.child(pid),
    });
    const written = point.processes.find((p) => p.layer === process.layer)?.dataPaths ?? [];
    const swap = await swapOf(home, id, fresh, await placesOf(own, written));
    if (swap.after.length === 0) throw new VaultError("RESTORE_EMPTY", `${point.id} holds no data for ${process.name}`);
    await notes.change({ phase: "forward", swaps: [swap] });
  } catch (error) {
    await notes.end();
    await removeBootstrap(home);
    throw error;
  }
  await putIn(world, place, notes.get());
}

/** From here on it only goes forward: whoever is interrupted is carried on by the next start. */
async function putIn({ say, now }: BootstrapWorld, { process, own }: Place, journal: RestoreJournal): Promise<void> {
  const { home } = own;
  const { id, point, swaps } = journal;
  await carryOut(swaps);
  const marker = { schemaVersion: 1, point, at: Math.floor(now() / 1000) };
  await writeDurably(bootstrapMarker(home), `${JSON.stringify(marker)}\n`);
  // Directories in which there was nothing.
  await removeTree(oldDirectory(home, id));
  await removeBootstrap(home);
  say(`${process.name} has the data of ${point}`);
}

const TELL_EVERY_MS = 5000;

/** A line now and then. */
function progressLines({ say, now }: BootstrapWorld): (progress: VaultProgress) => void {
  let told = now();
  return ({ doneBytes, totalBytes, bytesPerSecond, secondsLeft }) => {
    if (now() - told < TELL_EVERY_MS) return;
    told = now();
    const of = totalBytes ? ` of ${sizeText(totalBytes)} (${Math.floor((100 * doneBytes) / totalBytes)} %)` : "";
    const rate = bytesPerSecond ? `, ${sizeText(bytesPerSecond)}/s` : "";
    const left = secondsLeft === null ? "" : `, ${Math.ceil(secondsLeft)} s left`;
    say(`${sizeText(doneBytes)}${of} written${rate}${left}`);
  };
}

function names(processes: readonly InventoryProcess[]): string {
  return processes.map((p) => p.name).join(", ");
}
