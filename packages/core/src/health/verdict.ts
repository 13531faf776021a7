import type { HealthLimits, Observation, Reason, Verdict } from "./types";

/** What the judge is told of one process of one node. Times are unix milliseconds unless the name says seconds. */
export interface Witness {
  readonly name: string;
  /** Light clients and proxies follow others: their height says nothing about the network's. */
  readonly follower: boolean;
  readonly countsPeers: boolean;
  /** Newest asking, if there was one. */
  readonly observation: Observation | undefined;
  /** When it last answered properly. */
  readonly lastAnswerAt: number | undefined;
  /** When its height last rose, or when it was first seen. */
  readonly lastRiseAt: number | undefined;
  /** When the agent started to watch it. */
  readonly watchedSince: number;
}

export interface FleetView {
  readonly now: number;
  /** When the highest height of the network last rose, as far as the agent saw. */
  readonly networkRiseAt: number | undefined;
}

export interface FleetVerdict {
  readonly halted: boolean;
  readonly height: number | undefined;
  readonly nodes: ReadonlyMap<string, Verdict>;
}

/**
 * Judges all witnesses of one network together: lag needs siblings, and a network that stands still as a whole must not
 * take its whole fleet out of service. Closed on doubt: whatever cannot be known is a reason against the node.
 */
export function judgeFleet(witnesses: readonly Witness[], limits: HealthLimits, view: FleetView): FleetVerdict {
  const answering = witnesses.filter((w) => fresh(w, limits, view.now) && onChain(w, limits));
  const voters = answering.filter((w) => !w.follower);
  const height = voters.reduce<number | undefined>(
    (best, w) => (w.observation?.head ? Math.max(best ?? 0, w.observation.head.height) : best),
    undefined,
  );
  const halted = isHalted(voters, height, limits, view);
  const nodes = new Map<string, Verdict>();
  for (const witness of witnesses) nodes.set(witness.name, judge(witness, { limits, view, height, halted }));
  return { halted, height, nodes };
}

interface Bench {
  readonly limits: HealthLimits;
  readonly view: FleetView;
  readonly height: number | undefined;
  readonly halted: boolean;
}

function fresh(witness: Witness, limits: HealthLimits, now: number): boolean {
  const seen = witness.observation;
  return seen?.head !== undefined && now - seen.at <= limits.staleSeconds * 1000;
}

function onChain(witness: Witness, limits: HealthLimits): boolean {
  const chain = witness.observation?.head?.chainId;
  return limits.chainId === undefined || chain === undefined || chain === limits.chainId;
}

/**
 * The network stands still when the best height has not risen for the head-age limit although at least two nodes with a
 * view of their own agree on it. One node alone cannot tell its own stall from the network's: then it is not halted, and
 * the node is not ready.
 */
function isHalted(
  voters: readonly Witness[],
  height: number | undefined,
  limits: HealthLimits,
  view: FleetView,
): boolean {
  if (height === undefined || view.networkRiseAt === undefined) return false;
  const stillFor = (view.now - view.networkRiseAt) / 1000;
  const newest = Math.max(...voters.map((w) => w.observation?.head?.timestamp ?? Number.NEGATIVE_INFINITY));
  const old = stillFor > limits.maxHeadAgeSeconds || view.now / 1000 - newest > limits.maxHeadAgeSeconds;
  const agreeing = voters.filter((w) => height - (w.observation?.head?.height ?? 0) <= limits.maxLagBlocks);
  return old && agreeing.length >= 2 && stillFor > limits.maxHeadAgeSeconds / 2;
}

function judge(witness: Witness, bench: Bench): Verdict {
  const { limits, view, height } = bench;
  const seen = witness.observation;
  if (seen === undefined) {
    const reason = { code: "NOT_ASKED_YET", text: "not asked yet" };
    return { alive: !silent(witness, limits, view.now), ready: false, reasons: [reason] };
  }
  if (seen.head === undefined) {
    const text = seen.error?.text ?? "no answer";
    const garbage = seen.error?.kind === "garbage" || seen.error?.kind === "oversize";
    const reason = { code: garbage ? "BAD_ANSWER" : "NO_ANSWER", text };
    return { alive: !silent(witness, limits, view.now), ready: false, reasons: [reason] };
  }
  const head = seen.head;
  const lagBlocks = height === undefined ? undefined : Math.max(0, height - head.height);
  const headAgeSeconds = head.timestamp === undefined ? undefined : view.now / 1000 - head.timestamp;
  const reasons: Reason[] = [
    ...freshness(witness, bench),
    ...identity(witness, limits),
    ...progress(witness, bench, lagBlocks, headAgeSeconds),
    ...company(witness, limits),
    ...head.faults,
  ];
  const stuck = stalled(witness, bench, lagBlocks);
  if (stuck) reasons.push(stuck);
  return {
    alive: !stuck && !silent(witness, limits, view.now),
    ready: reasons.length === 0,
    reasons,
    ...(lagBlocks === undefined ? {} : { lagBlocks }),
    ...(headAgeSeconds === undefined ? {} : { headAgeSeconds }),
  };
}

function freshness(witness: Witness, { limits, view }: Bench): Reason[] {
  if (fresh(witness, limits, view.now)) return [];
  const age = Math.round((view.now - (witness.observation?.at ?? 0)) / 1000);
  return [{ code: "NO_ANSWER", text: `last answer is ${age} s old, limit ${limits.staleSeconds} s` }];
}

function identity(witness: Witness, limits: HealthLimits): Reason[] {
  const chain = witness.observation?.head?.chainId;
  if (limits.chainId === undefined || chain === limits.chainId) return [];
  const got = chain === undefined ? "does not tell its chain" : `is on chain ${JSON.stringify(chain)}`;
  return [{ code: "WRONG_CHAIN", text: `${got}, expected ${JSON.stringify(limits.chainId)}` }];
}

function progress(witness: Witness, bench: Bench, lag: number | undefined, age: number | undefined): Reason[] {
  const { limits, halted } = bench;
  const head = witness.observation?.head;
  const reasons: Reason[] = [];
  if (head?.syncing === true) reasons.push({ code: "SYNCING", text: "says that it is catching up" });
  else if (head?.target !== undefined && head.target - head.height > limits.maxLagBlocks) {
    const left = head.target - head.height;
    reasons.push({ code: "SYNCING", text: `is ${left} blocks below the height it aims for` });
  }
  if (lag !== undefined && lag > limits.maxLagBlocks) {
    reasons.push({ code: "BEHIND", text: `${lag} blocks behind its siblings, limit ${limits.maxLagBlocks}` });
  }
  if (age === undefined) reasons.push({ code: "HEAD_TIME_UNKNOWN", text: "does not tell the time of its head" });
  else if (age < -limits.maxHeadAgeSeconds) {
    reasons.push({ code: "HEAD_IN_FUTURE", text: `head is ${Math.round(-age)} s in the future: check the clocks` });
  } else if (age > limits.maxHeadAgeSeconds && !halted) {
    reasons.push({ code: "HEAD_OLD", text: `head is ${Math.round(age)} s old, limit ${limits.maxHeadAgeSeconds} s` });
  }
  return reasons;
}

function company(witness: Witness, limits: HealthLimits): Reason[] {
  if (!witness.countsPeers || limits.minPeers === 0) return [];
  const peers = witness.observation?.head?.peers;
  if (peers === undefined) return [{ code: "PEERS_UNKNOWN", text: "does not tell how many peers it has" }];
  if (peers >= limits.minPeers) return [];
  return [{ code: "NO_PEERS", text: `has ${peers} peers, needs ${limits.minPeers}` }];
}

function silent(witness: Witness, limits: HealthLimits, now: number): boolean {
  return now - (witness.lastAnswerAt ?? witness.watchedSince) > limits.silenceSeconds * 1000;
}

/** Stands still while others move. A node that catches up is given the long allowance. */
function stalled(witness: Witness, bench: Bench, lag: number | undefined): Reason | undefined {
  const { limits, view, halted } = bench;
  if (halted || witness.lastRiseAt === undefined) return undefined;
  const catchingUp = witness.observation?.head?.syncing === true || (lag ?? 0) > limits.maxLagBlocks;
  const allowance = catchingUp ? limits.catchUpSeconds : limits.progressSeconds;
  const still = (view.now - witness.lastRiseAt) / 1000;
  const othersMoved = view.networkRiseAt !== undefined && view.networkRiseAt > witness.lastRiseAt;
  if (still <= allowance || !(othersMoved || (lag ?? 0) > 0)) return undefined;
  return { code: "STALLED", text: `height stands still for ${Math.round(still)} s, allowed ${allowance} s` };
}
