import { readFile, statfs } from "node:fs/promises";
import * as path from "node:path";
import {
  type InventoryNode,
  type PointSelector,
  type Problem,
  type RecoveryPoint,
  type RestorePlan,
  restoreProblems,
  selectPoint,
  show,
  signedHeightOf,
  statusPoint,
} from "@chainkeep/core";
import { nodeOf, type VaultWorld } from "../contracts";

export interface RestoreRequest {
  readonly node: string;
  readonly point: PointSelector;
  readonly forceUnverified?: boolean;
}

export interface Planned {
  readonly plan: RestorePlan;
  /** Absent when no point fits. */
  readonly point?: RecoveryPoint;
}

/** What a restore would do, and everything that speaks against it. Nothing is touched. */
export async function planRestore(world: VaultWorld, request: RestoreRequest): Promise<Planned> {
  const { cluster, stack } = world.inventory();
  const node = nodeOf(world.inventory(), request.node);
  const lineage = world.vault().lineages.find((l) => l.nodes.includes(request.node));
  if (!node || !lineage) return refusedPlan(request, world, [unknownNode(request.node, world)]);
  const { points } = await world.store.records(cluster);
  const selected = selectPoint(
    points.filter((p) => p.stack === stack),
    request.point,
    lineage.id,
  );
  if ("problem" in selected) return refusedPlan(request, world, [selected.problem]);
  const { point } = selected;
  const freeBytes = await roomBeside(node);
  const { chainId, genesis } = await chainOf(world, point.node);
  const { problems, warnings } = restoreProblems({
    point,
    node: {
      name: node.name,
      kind: node.kind,
      lineage: lineage.id,
      processes: node.processes.map(({ name, layer, client, version }) => ({ name, layer, client, version })),
    },
    live: { chainId, genesis, freeBytes, ...(await signingOf(node)) },
    forceUnverified: request.forceUnverified === true,
  });
  const height = world.fleet().height;
  return {
    point,
    plan: {
      node: node.name,
      point: statusPoint(point),
      problems,
      warnings: [...warnings, ...wholeHome(node, point)],
      steps: stepsOf(node, point),
      sizeBytes: point.sizeBytes,
      freeBytes,
      estimatedSeconds: null,
      behindBlocks: height === undefined ? null : Math.max(0, height - point.height),
      behindSeconds: Math.max(0, Math.round(world.now() / 1000 - point.createdAt)),
    },
  };
}

function unknownNode(name: string, { vault }: VaultWorld): Problem {
  const nodes = vault().lineages.flatMap((l) => l.nodes);
  const message = `got ${show(name)}, for which no points are taken; use one of ${nodes.join(", ")}`;
  return { path: "node", message, code: "RESTORE_NODE" };
}

function refusedPlan({ node }: RestoreRequest, _: VaultWorld, problems: readonly Problem[]): Planned {
  const nothing = { warnings: [], steps: [], sizeBytes: 0, freeBytes: null, estimatedSeconds: null };
  return { plan: { node, point: null, problems, ...nothing, behindBlocks: null, behindSeconds: 0 } };
}

/** A client that names no data paths keeps its configuration among them. */
function wholeHome(node: InventoryNode, point: RecoveryPoint): string[] {
  const whole = node.processes.some(({ vault }) => vault?.dataPaths.includes("**"));
  if (!whole || point.node === node.name) return [];
  return [`the whole home is data: configuration files come from ${point.node}; run pulumi up --refresh afterwards`];
}

/** In the words of somebody who watches. */
function stepsOf(node: InventoryNode, point: RecoveryPoint): string[] {
  const homes = node.processes.flatMap(({ vault }) => (vault ? [vault.home] : []));
  return [
    `write ${megabytes(point.sizeBytes)} beside the data in ${homes.join(" and ")}, and check every byte`,
    `stop ${node.name}, put its data aside, and put the copy in its place; keys and signing state stay as they are`,
    `start ${node.name}, and wait until it is ready`,
    "keep the old data until it is discarded",
  ];
}

function megabytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.max(0.1, bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** As a node that is ready tells: not the lost one, and rather another one than that which was copied. */
async function chainOf(
  { fleet, inventory, asker }: VaultWorld,
  source: string,
): Promise<{ readonly chainId: string | null; readonly genesis: string | null }> {
  const ready = [...fleet().nodes.values()].filter((state) => state.ready && state.node.kind !== "light");
  const [witness] = ready.sort((a, b) => Number(a.node.name === source) - Number(b.node.name === source));
  const questions = witness && inventory().questions[witness.first.process.questions];
  if (!witness || !questions) return { chainId: null, genesis: null };
  const { probeUrl, basicAuthFile } = witness.first.process;
  const target = { probeUrl, questions, ...(basicAuthFile === undefined ? {} : { basicAuthFile }) };
  const height = witness.first.head?.height;
  const block = height === undefined ? undefined : await asker.block(target, height);
  return { chainId: witness.first.head?.chainId ?? null, genesis: block?.genesis ?? null };
}

/** What the node itself remembers of its signatures. Only validators sign. */
async function signingOf({ kind, processes }: InventoryNode) {
  const file = processes
    .flatMap(({ vault }) => (vault?.signingState ? [path.join(vault.home, vault.signingState)] : []))
    .at(0);
  if (kind !== "validator" || file === undefined) return { signedHeight: null, signingStateMissing: false };
  const text = await readFile(file, "utf8").catch(() => undefined);
  const height = text === undefined ? undefined : signedHeightOf(text);
  return { signedHeight: height ?? null, signingStateMissing: height === undefined };
}

/** Of the place with the least, in the nearest directory above that is there. */
async function roomBeside({ processes }: InventoryNode): Promise<number | null> {
  const places = processes.flatMap(({ vault }) => (vault ? [vault.home] : []));
  const free = await Promise.all(places.map(freeAt));
  const known = free.filter((bytes) => bytes !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

async function freeAt(place: string): Promise<number | undefined> {
  try {
    const { bsize, bavail } = await statfs(place);
    return bsize * bavail;
  } catch {
    const parent = path.dirname(place);
    return parent === place ? undefined : freeAt(parent);
  }
}
