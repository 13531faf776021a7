import type { Head, HealthLimits, Observation, Witness } from "@chainkeep/core";

/** What the agent remembers of one process: enough to tell a stall from a start. */
export class History {
  observation: Observation | undefined;
  private lastAnswerAt: number | undefined;
  private lastRiseAt: number | undefined;
  private highest: number | undefined;

  constructor(private readonly watchedSince: number) {}

  record(observation: Observation, limits: HealthLimits): void {
    this.observation = observation;
    const { head } = observation;
    if (!head) return;
    this.lastAnswerAt = observation.at;
    // Far below its own mark, a node has begun anew: that is progress from here on.
    const anew = this.highest === undefined || head.height < this.highest - limits.maxLagBlocks;
    if (!anew && head.height <= (this.highest ?? 0)) return;
    this.highest = head.height;
    this.lastRiseAt = observation.at;
  }

  /** A checkpoint is told after the head that it belongs to. */
  checkpoint(checkpoint: Head["checkpoint"]): void {
    const { observation } = this;
    if (!observation?.head || checkpoint === undefined) return;
    this.observation = { ...observation, head: { ...observation.head, checkpoint } };
  }

  witness(name: string, follower: boolean, countsPeers: boolean): Witness {
    const { observation, lastAnswerAt, lastRiseAt, watchedSince } = this;
    return { name, follower, countsPeers, observation, lastAnswerAt, lastRiseAt, watchedSince };
  }
}

/** When the network last moved, as far as this agent saw. */
export class NetworkHistory {
  riseAt: number | undefined;
  private height: number | undefined;
  private timestamp: number | undefined;
  private lowSince: number | undefined;

  /**
   * A rise is a higher height with a newer head. The mark goes down only when the network has been below it for a while: a
   * node on top that comes and goes is no progress, and a network that was made anew must not wait for its old height.
   */
  record(reference: { height: number; timestamp: number | undefined }, now: number, patienceSeconds: number): void {
    const { height, timestamp } = reference;
    if (this.height === undefined || (height > this.height && this.isNewer(timestamp))) {
      this.mark(height, timestamp);
      this.riseAt = now;
      return;
    }
    this.lowSince = height >= this.height ? undefined : (this.lowSince ?? now);
    if (now - (this.lowSince ?? now) > patienceSeconds * 1000) this.mark(height, this.timestamp);
  }

  private isNewer(timestamp: number | undefined): boolean {
    return timestamp === undefined || this.timestamp === undefined || timestamp > this.timestamp;
  }

  private mark(height: number, timestamp: number | undefined): void {
    this.height = height;
    this.timestamp = timestamp;
    this.lowSince = undefined;
  }
}
