import type { Head, Trigger } from "@chainkeep/core";
import type { BlockFacts, Capture } from "../contracts";

export interface TakeRequest {
  readonly lineage: string;
  readonly node?: string;
  readonly trigger: Trigger;
}

/** What the node said right before it was stopped. */
export interface Before {
  readonly head: Head;
  readonly block: BlockFacts | undefined;
}

/** How the node stood still. Unix seconds. */
export interface Standstill {
  readonly stopAt: number;
  readonly stoppedAt: number;
  readonly killed: boolean;
}

export interface Copied {
  readonly before: Before;
  readonly still: Standstill;
  readonly capture: Capture;
  readonly startedAgainAt: number;
}
