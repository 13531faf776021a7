import type { Observation, Verdict } from "./types";

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
  /** Whether the judgement before this one found the network standing still. */
  readonly wasHalted?: boolean;
  /** Nominal time between blocks. With it, heights that cannot be are nobody's measure; without it all are believed. */
  readonly blockTimeSeconds?: number;
  /** `reference` of the judgement before this one, if it had one: a further word when two nodes contradict each other. */
  readonly previous?: FleetReference;
}

export interface FleetReference {
  readonly height: number;
  /** Unix seconds. */
  readonly timestamp: number | undefined;
}

export interface FleetVerdict {
  readonly halted: boolean;
  readonly height: number | undefined;
  readonly nodes: ReadonlyMap<string, Verdict>;
  /** Absent when two nodes contradict each other and nobody can tell who is right. */
  readonly reference?: FleetReference;
}
