import type { NetworkDefinition } from "../chains/types";
import type { HealthLimits } from "../health/types";
import type { HealthArgs } from "./args";

export interface ProbeTiming {
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
}

export function probeTiming(facts: NetworkDefinition, args: HealthArgs = {}): ProbeTiming {
  const intervalSeconds = args.probeIntervalSeconds ?? (facts.private ? 2 : 15);
  const usual = facts.private ? 1500 : 5000;
  return { intervalSeconds, timeoutMs: args.probeTimeoutMs ?? Math.min(usual, Math.floor(intervalSeconds * 750)) };
}

export interface LimitsInput {
  readonly facts: NetworkDefinition;
  readonly blockTimeSeconds: number;
  readonly nodeCount: number;
  readonly chainId: string | undefined;
  readonly timing: ProbeTiming;
  readonly args?: HealthArgs;
}

/** Limits of a cluster: the user's word first, else figures that follow from the block time. */
export function healthLimits({
  facts,
  blockTimeSeconds,
  nodeCount,
  chainId,
  timing,
  args = {},
}: LimitsInput): HealthLimits {
  const alone = facts.private === true && nodeCount === 1;
  return {
    maxHeadAgeSeconds: args.maxHeadAgeSeconds ?? facts.maxHeadAgeSeconds ?? Math.max(15, 10 * blockTimeSeconds),
    maxLagBlocks: args.maxLagBlocks ?? facts.maxLagBlocks,
    minPeers: args.minPeers ?? (alone ? 0 : 1),
    progressSeconds: args.progressSeconds ?? Math.max(120, 20 * blockTimeSeconds),
    catchUpSeconds: args.catchUpSeconds ?? 21_600,
    silenceSeconds: args.silenceSeconds ?? 120,
    staleSeconds: 3 * timing.intervalSeconds + timing.timeoutMs / 1000,
    ...(chainId === undefined ? {} : { chainId }),
  };
}
