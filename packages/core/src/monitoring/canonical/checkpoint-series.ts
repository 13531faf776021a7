import type { Canonical } from "./series";

/** Blocks of one layer are compared with each other only: a consensus client counts slots. Processes that lag are left out. */
function newestCheckpoint(layer: string, withHeight: "and" | "unless"): string {
  const hasHeight = `${withHeight} on (network, stack, node, client) chain:height`;
  const newest = `max by (network, stack) (chain:checkpoint_height ${hasHeight})`;
  const there = `and on (network, stack, node, client) (chain:checkpoint_height == on (network, stack) group_left () ${newest})`;
  return `label_replace(chain:checkpoint_hash48 ${hasHeight} ${there}, "layer", "${layer}", "", "")`;
}

const COMPARED = "chain:checkpoint_compared";
const LAYER = "by (network, stack, layer)";
const BY_LAYER = "on (network, stack, layer)";
/** The middle one of equal numbers is that number: what most have. */
const MIDDLE = `${BY_LAYER} group_left () quantile ${LAYER} (0.5, ${COMPARED})`;
const FEW_AGREE = `2 * count ${LAYER} (${COMPARED} == ${MIDDLE}) <= count ${LAYER} (${COMPARED})`;

/** At an old height all nodes of one chain have the same block. */
export const CHECKPOINT_SERIES: readonly Canonical[] = [
  {
    name: "chain:checkpoint_height",
    scope: "node",
    unit: "blocks",
    says: "height of the old block whose hash is compared",
    agent: "chain_probe_checkpoint_height",
  },
  {
    name: "chain:checkpoint_hash48",
    scope: "node",
    unit: "number",
    says: "first 48 bits of the hash of that block, zeros in front left out",
    agent: "chain_probe_checkpoint_hash48",
  },
  {
    name: COMPARED,
    scope: "node",
    unit: "number",
    says: "that hash, of the processes that are at the newest checkpoint of their layer: `head` tells the chain's height, `other` runs beside it",
    more: ["layer"],
    derived: `${newestCheckpoint("head", "and")} or ${newestCheckpoint("other", "unless")}`,
  },
  {
    // Where no block has a majority nobody can say who is right, and all of them differ.
    name: "chain:checkpoint_differs",
    scope: "node",
    unit: "blocks",
    says: "height of that block, of the processes that have another one than most, or of all where there is no majority; absent for all others",
    derived: `chain:checkpoint_height and on (network, stack, node, client) ((${COMPARED} != ${MIDDLE}) or (${COMPARED} and ${BY_LAYER} (${FEW_AGREE})))`,
  },
];
