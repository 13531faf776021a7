import type { AgentInventory } from "@chainkeep/core";

/** How long a guest may take. All in seconds. */
export interface ProofTimes {
  /** Between two questions. */
  readonly poll: number;
  /** From the start until it tells a height. */
  readonly open: number;
  /** A height below the point's counts as all that there is when it has stood for so long. */
  readonly settle: number;
  /** A block of the guest's or of a witness's that is not told at once is asked for again for so long. */
  readonly testify: number;
  /** Without a new block while the network makes some. */
  readonly stall: number;
  /** From the start with peers until the head of the network, for a point of no age. */
  readonly join: number;
  /** For a network that makes no blocks. */
  readonly quiet: number;
}

/** Databases take their time to open, longer the larger they are; some clients go through all of their blocks. */
export function proofTimes({ blockTimeSeconds }: AgentInventory, bytes: number): ProofTimes {
  const gib = bytes / 2 ** 30;
  return {
    poll: 0.5,
    open: 300 + 3 * gib,
    settle: 30,
    testify: 20,
    stall: Math.max(180, 20 * blockTimeSeconds),
    join: 600 + 3 * gib,
    quiet: Math.max(120, 10 * blockTimeSeconds),
  };
}

/** Timers take no more milliseconds than 32 bits hold. */
const LONGEST = 2_000_000;

/** Longest that a whole proof may take: what lives longer is a leftover. */
export function lifetimeSeconds(times: ProofTimes, bytes: number, behindSeconds: number): number {
  const slowestRead = bytes / (5 * 2 ** 20);
  return Math.min(LONGEST, Math.ceil(3600 + slowestRead + 2 * times.open + times.join + 2 * behindSeconds));
}

export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, seconds * 1000);
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
