import { isDoubted, type Reference, referenceOf, settled } from "./reference";
import type { Head, HealthLimits, Observation, Reason, Verdict } from "./types";
import type { FleetVerdict, FleetView, Witness } from "./witness";

export type { FleetReference, FleetVerdict, FleetView, Witness } from "./witness";

/**
 * Judges all witnesses of one network together: lag needs siblings, and a network that stands still as a whole must not
 * take its whole fleet out of service. Closed on doubt: whatever cannot be known is a reason against the node.
 */
export function judgeFleet(witnesses: readonly Witness[], limits: HealthLimits, view: FleetView): FleetVerdict {
  const voters = witnesses.filter((w) => !w.follower && fresh(w, limits, view.now) && onChain(w, limits));
  const reference = referenceOf(voters, limits, view);
  const halted = isHalted(voters, reference, limits, view);
  const nodes = new Map<string, Verdict>();
  for (const witness of witnesses) nodes.set(witness.name, judge(witness, { limits, view, reference, halted }));
  const told = reference?.sure ? { height: reference.height, timestamp: reference.timestamp } : undefined;
  return { halted, height: reference?.height, nodes, ...(told ? { reference: told } : {}) };
}

interface Bench {
  readonly limits: HealthLimits;
  readonly view: FleetView;
  readonly reference: Reference | undefined;
  readonly halted: boolean;
}

function fresh(witness: Witness, limits: HealthLimits, now: number): boolean {
  const seen = witness.observation;
  return seen?.head !== undefined && now - seen.at <= limits.staleSeconds * 1000;
}

function onChain(witness: Witness, limits: HealthLimits): boolean {
  return limits.chainId === undefined || witness.observation?.head?.chainId === limits.chainId;
}

/**
 * The network stands still when the best height has not risen for the head-age limit although at least two nodes agree on
 * it that know the present: on the best height, not catching up, with peers. One node alone cannot tell its own stall from
 * the network's: then it is not halted, and the node is not ready. Heads that were old long before anybody watched are
 * those of nodes that have not begun to follow the chain.
 */
function isHalted(
  voters: readonly Witness[],
  reference: Reference | undefined,
  limits: HealthLimits,
  view: FleetView,
): boolean {
  if (reference === undefined || view.networkRiseAt === undefined) return false;
  const agreeing = voters.flatMap((w) => {
    const head = w.observation?.head;
    return head && agrees(head, w, reference, limits) ? [head] : [];
  });
  if (agreeing.length < 2) return false;
  const stillFor = (view.now - view.networkRiseAt) / 1000;
  const times = agreeing.flatMap((head) => (head.timestamp === undefined ? [] : [head.timestamp]));
  const age = times.length === 0 ? stillFor : view.now / 1000 - Math.max(...times);
  if (age > stillFor + limits.catchUpSeconds) return false;
  if (stillFor > limits.maxHeadAgeSeconds) return true;
  // The first block after a halt may carry a time from before it (CometBFT takes the median of the old votes): until a head
  // is young again the network is on its way, and the fleet stays in service.
  return age > limits.maxHeadAgeSeconds && (view.wasHalted === true || stillFor > limits.maxHeadAgeSeconds / 2);
}

function agrees(head: Head, witness: Witness, reference: Reference, limits: HealthLimits): boolean {
  const lag = reference.height - head.height;
  return lag >= 0 && lag <= limits.maxLagBlocks && settled(head, limits) && company(witness, limits).length === 0;
}

function judge(witness: Witness, bench: Bench): Verdict {
  const { limits, view, reference } = bench;
  const silence = silent(witness, limits, view.now);
  const seen = witness.observation;
  if (seen?.head === undefined) return { alive: silence === undefined, ready: false, reasons: [unanswered(seen)] };
  const head = seen.head;
  const lagBlocks = reference === undefined ? undefined : Math.max(0, reference.height - head.height);
  const headAgeSeconds = head.timestamp === undefined ? undefined : view.now / 1000 - head.timestamp;
  const stuck = stalled(witness, head, bench, lagBlocks);
  const reasons: Reason[] = [
    ...freshness(witness, bench, silence),
    ...identity(head, limits),
    ...progress(head, bench, lagBlocks, headAgeSeconds),
    ...company(witness, limits),
    ...head.faults,
    ...(stuck ? [stuck] : []),
  ];
  return {
    alive: stuck === undefined && silence === undefined,
    ready: reasons.length === 0,
    reasons,
    ...(lagBlocks === undefined ? {} : { lagBlocks }),
    ...(headAgeSeconds === undefined ? {} : { headAgeSeconds }),
  };
}

function unanswered(seen: Observation | undefined): Reason {
  if (seen === undefined) return { code: "NOT_ASKED_YET", text: "not asked yet" };
  const garbage = seen.error?.kind === "garbage" || seen.error?.kind === "oversize";
  return { code: garbage ? "BAD_ANSWER" : "NO_ANSWER", text: seen.error?.text ?? "no answer" };
}

function freshness(witness: Witness, { limits, view }: Bench, silence: Reason | undefined): Reason[] {
  if (fresh(witness, limits, view.now)) return silence ? [silence] : [];
  const age = Math.round((view.now - (witness.observation?.at ?? 0)) / 1000);
  return [{ code: "NO_ANSWER", text: `last answer is ${age} s old, limit ${limits.staleSeconds} s` }];
}

function identity(head: Head, limits: HealthLimits): Reason[] {
  const chain = head.chainId;
  if (limits.chainId === undefined || chain === limits.chainId) return [];
  const got = chain === undefined ? "does not tell its chain" : `is on chain ${JSON.stringify(chain)}`;
  return [{ code: "WRONG_CHAIN", text: `${got}, expected ${JSON.stringify(limits.chainId)}` }];
}

function progress(head: Head, bench: Bench, lag: number | undefined, age: number | undefined): Reason[] {
  const { limits, halted, reference, view } = bench;
  const reasons: Reason[] = [];
  if (head.syncing === true) reasons.push({ code: "SYNCING", text: "says that it is catching up" });
  else if (head.target !== undefined && !settled(head, limits)) {
    const left = head.target - head.height;
    reasons.push({ code: "SYNCING", text: `is ${left} blocks below the height it aims for` });
  }
  if (lag !== undefined && lag > limits.maxLagBlocks) {
    reasons.push({ code: "BEHIND", text: `${lag} blocks behind its siblings, limit ${limits.maxLagBlocks}` });
  }
  if (isDoubted(head, reference, limits, view)) {
    const above = head.height - (reference?.height ?? 0);
    reasons.push({
      code: "HEIGHT_DOUBTED",
      text: `claims ${above} blocks more than its siblings: too many for the time`,
    });
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

function silent(witness: Witness, limits: HealthLimits, now: number): Reason | undefined {
  const since = (now - (witness.lastAnswerAt ?? witness.watchedSince)) / 1000;
  if (since <= limits.silenceSeconds) return undefined;
  return { code: "NO_ANSWER", text: `silent for ${Math.round(since)} s, limit ${limits.silenceSeconds} s` };
}

/** Stands still while others move. A node that catches up is given the long allowance. */
function stalled(witness: Witness, head: Head, bench: Bench, lag: number | undefined): Reason | undefined {
  const { limits, view, halted } = bench;
  if (halted || witness.lastRiseAt === undefined) return undefined;
  // Most clients say whether they catch up. Of one that does not, being behind is the only sign.
  const mute = head.syncing === undefined && head.target === undefined;
  const catchingUp = !settled(head, limits) || (mute && (lag ?? 0) > limits.maxLagBlocks);
  const allowance = catchingUp ? limits.catchUpSeconds : limits.progressSeconds;
  const still = (view.now - witness.lastRiseAt) / 1000;
  const othersMoved = view.networkRiseAt !== undefined && view.networkRiseAt > witness.lastRiseAt;
  if (still <= allowance || !(othersMoved || (lag ?? 0) > 0)) return undefined;
  return { code: "STALLED", text: `height stands still for ${Math.round(still)} s, allowed ${allowance} s` };
}
