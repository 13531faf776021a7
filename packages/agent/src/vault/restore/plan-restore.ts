import {
  type InventoryNode,
  type PointSelector,
  type Problem,
  type RecoveryPoint,
  type RestorePlan,
  restoreProblems,
  selectPoint,
  show,
  statusPoint,
} from "@chainkeep/core";
import { nodeOf, type VaultWorld } from "../contracts";
import { chainFacts } from "./chain-facts";
import { factsOf, placeProblems, placeWarnings } from "./facts";
import { estimateOf } from "./restore-rate";

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
  const inventory = world.inventory();
  const node = nodeOf(inventory, request.node);
  const lineage = world.vault().lineages.find((l) => l.nodes.includes(request.node));
  if (!node || !lineage) return refusedPlan(request, [unknownNode(request.node, world)]);
  const { points } = await world.store.records(inventory.cluster);
  const selected = selectPoint(
    points.filter((p) => p.stack === inventory.stack),
    request.point,
    lineage.id,
  );
  if ("problem" in selected) return refusedPlan(request, [selected.problem]);
  const { point } = selected;
  const chain = await chainFacts(inventory, world.asker, witnesses(world, node, point));
  const facts = await factsOf(node, lineage.id, point, chain, request.forceUnverified === true);
  const { problems, warnings } = restoreProblems(facts);
  const { height } = world.fleet();
  return {
    point,
    plan: {
      node: node.name,
      point: statusPoint(point),
      problems: [...problems, ...(await placeProblems(node, point))],
      warnings: [...warnings, ...(await placeWarnings(node, point))],
      steps: stepsOf(node, point),
      sizeBytes: point.sizeBytes,
      freeBytes: facts.live.freeBytes,
      estimatedSeconds: await estimateOf(world.vault().directory, point.sizeBytes),
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

function refusedPlan({ node }: RestoreRequest, problems: readonly Problem[]): Planned {
  const nothing = { warnings: [], steps: [], sizeBytes: 0, freeBytes: null, estimatedSeconds: null };
  return { plan: { node, point: null, problems, ...nothing, behindBlocks: null, behindSeconds: 0 } };
}

/** In the words of somebody who watches. */
function stepsOf(node: InventoryNode, point: RecoveryPoint): string[] {
  const homes = node.processes.flatMap(({ vault }) => (vault ? [vault.home] : []));
  return [
    `write ${sizeText(point.sizeBytes)} beside the data in ${homes.join(" and ")}, and check every byte`,
    `stop ${node.name}, put its data aside, and put the copy in its place; keys and signing state stay as they are`,
    `start ${node.name}, and wait until it is ready`,
    "keep the old data until it is discarded",
  ];
}

export function sizeText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.max(0.1, bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Ready nodes that tell what chain this is: rather others than the one that is restored, and than the one that was copied. */
function witnesses({ fleet }: VaultWorld, { name }: InventoryNode, point: RecoveryPoint): InventoryNode[] {
  const rank = (node: InventoryNode) => (node.name === name ? 2 : node.name === point.node ? 1 : 0);
  const ready = [...fleet().nodes.values()].filter((state) => state.ready && state.node.kind !== "light");
  return ready.map((state) => state.node).sort((a, b) => rank(a) - rank(b));
}
