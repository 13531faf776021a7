import type { Head, HealthLimits, Verdict } from "./types";
import { type FleetVerdict, type FleetView, judgeFleet, type Witness } from "./verdict";

/** A moment, in unix seconds and milliseconds. */
export const NOW_S = 1_800_000_000;
export const NOW = NOW_S * 1000;

export const LIMITS: HealthLimits = {
  maxHeadAgeSeconds: 60,
  maxLagBlocks: 3,
  minPeers: 1,
  progressSeconds: 240,
  catchUpSeconds: 3600,
  silenceSeconds: 120,
  staleSeconds: 50,
  chainId: "7",
};

export const VIEW: FleetView = { now: NOW, networkRiseAt: NOW - 2000, blockTimeSeconds: 12 };

/** A node in perfect health, but for what is said. */
export function witness(name: string, head: Partial<Head> = {}, rest: Partial<Witness> = {}): Witness {
  return {
    name,
    follower: false,
    countsPeers: true,
    lastAnswerAt: NOW - 1000,
    lastRiseAt: NOW - 2000,
    watchedSince: NOW - 86_400_000,
    observation: {
      at: NOW - 1000,
      durationMs: 5,
      head: { height: 1000, timestamp: NOW_S - 3, peers: 5, syncing: false, chainId: "7", faults: [], ...head },
    },
    ...rest,
  };
}

export function failing(name: string, kind: "timeout" | "garbage" | "oversize", text: string): Witness {
  return witness(name, {}, { observation: { at: NOW - 1000, durationMs: 5, error: { kind, text } } });
}

export function judged(
  witnesses: readonly Witness[],
  limits: Partial<HealthLimits> = {},
  view: Partial<FleetView> = {},
): FleetVerdict {
  return judgeFleet(witnesses, { ...LIMITS, ...limits }, { ...VIEW, ...view });
}

export function verdictOf(fleet: FleetVerdict, name: string): Verdict {
  const found = fleet.nodes.get(name);
  if (!found) throw new Error(`no verdict for ${name}`);
  return found;
}

export function codes(fleet: FleetVerdict, name: string): string[] {
  return verdictOf(fleet, name).reasons.map((r) => r.code);
}
