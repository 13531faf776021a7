import type { Head, HealthLimits } from "./types";
import type { FleetView, Witness } from "./witness";

/**
 * So many times faster than the nominal block time a chain may grow before a height counts as impossible. Wide on purpose:
 * test networks have storms of blocks, and a figure for the block time may be wrong; a lie in the millions is still caught.
 */
const FASTEST = 1000;

/** Where the network is, as far as its nodes can be believed. */
export interface Reference {
  readonly height: number;
  /** Time of the newest head at that height, if one is told. */
  readonly timestamp: number | undefined;
  /** False when one word stands against one other: then nobody is blamed. */
  readonly sure: boolean;
}

interface Claim {
  readonly height: number;
  readonly timestamp?: number | undefined;
}

/**
 * The highest height that can be believed. One node that answers nonsense must not make all others look far behind:
 * a claim counts when another node is near it, or when the time between the heads allows the distance to most others.
 */
export function referenceOf(voters: readonly Witness[], limits: HealthLimits, view: FleetView): Reference | undefined {
  const heads = entitled(voters, limits, view).sort((a, b) => b.height - a.height);
  let sure = true;
  for (const [index, head] of heads.entries()) {
    const { against, jury } = hear(heads, index, limits, view);
    if (against * 2 <= jury) return { height: head.height, timestamp: newest(heads, head.height), sure };
    if (jury < 2) sure = false;
  }
  return undefined;
}

/** Whether a head is further above the reference than blocks can have been made. */
export function isDoubted(
  head: Head,
  reference: Reference | undefined,
  limits: HealthLimits,
  view: FleetView,
): boolean {
  return reference?.sure === true && contradicts(head, reference, limits, view);
}

/** A claim without a time cannot be checked, and one from the future proves nothing. */
function entitled(voters: readonly Witness[], limits: HealthLimits, view: FleetView): Head[] {
  const horizon = view.now / 1000 + limits.maxHeadAgeSeconds;
  const heads = voters.flatMap((w) => (w.observation?.head ? [w.observation.head] : []));
  const present = heads.filter((head) => (head.timestamp ?? 0) <= horizon);
  const timed = present.filter((head) => head.timestamp !== undefined);
  return timed.length > 0 ? timed : present;
}

/** How many speak against a claim, and how many were asked. `sorted` is highest first. */
function hear(sorted: readonly Head[], index: number, limits: HealthLimits, view: FleetView) {
  const claim = sorted[index];
  const below = sorted[index + 1];
  // Alone it is the only word there is; with a neighbour it has its witness.
  if (!claim || sorted.length === 1) return { against: 0, jury: 0 };
  if (below && claim.height - below.height <= limits.maxLagBlocks) return { against: 0, jury: 0 };
  const others: Claim[] = sorted.filter((other, at) => at !== index && settled(other, limits));
  const jury = view.previous ? [...others, view.previous] : others;
  return { against: jury.filter((juror) => contradicts(claim, juror, limits, view)).length, jury: jury.length };
}

/** A node that catches up knows little of the present and cannot testify against others. */
export function settled(head: Head, limits: HealthLimits): boolean {
  return head.syncing !== true && !(head.target !== undefined && head.target - head.height > limits.maxLagBlocks);
}

function contradicts(high: Claim, low: Claim, limits: HealthLimits, view: FleetView): boolean {
  if (view.blockTimeSeconds === undefined || high.timestamp === undefined || low.timestamp === undefined) return false;
  const seconds = Math.max(0, high.timestamp - low.timestamp);
  return high.height - low.height > limits.maxLagBlocks + FASTEST * (1 + seconds / view.blockTimeSeconds);
}

function newest(heads: readonly Head[], height: number): number | undefined {
  const times = heads.flatMap((h) => (h.height === height && h.timestamp !== undefined ? [h.timestamp] : []));
  return times.length === 0 ? undefined : Math.max(...times);
}
