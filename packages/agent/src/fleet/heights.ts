import type { HistoryDocument } from "@chainkeep/core";
import type { FleetState } from "./judge";

/** Ten minutes of samples each five seconds: what a person wants to see who has just been woken. */
const CAPACITY = 120;
const LEAST_INTERVAL_SECONDS = 5;

/** Heights of all nodes in the last minutes, in rings of fixed size: 8 bytes per sample, about a MiB for a thousand nodes. */
export class HeightHistory {
  private readonly times: Float64Array;
  private readonly rings = new Map<string, Float64Array>();
  /** Where the next sample goes, and how many there are. */
  private next = 0;
  private count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fleet: () => FleetState,
    private readonly now: () => number = Date.now,
    private readonly capacity = CAPACITY,
  ) {
    this.times = new Float64Array(capacity);
  }

  /** @param probeSeconds How often nodes are asked: samples in between would say nothing new. */
  start(probeSeconds: () => number): void {
    const wait = Math.max(LEAST_INTERVAL_SECONDS, probeSeconds()) * 1000;
    this.timer = setTimeout(() => {
      this.record();
      this.start(probeSeconds);
    }, wait);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Takes one sample. Nodes that have left the fleet are forgotten; those that are new have no heights before now. */
  record(): void {
    const { nodes } = this.fleet();
    for (const name of this.rings.keys()) if (!nodes.has(name)) this.rings.delete(name);
    for (const [name, { first }] of nodes) {
      const ring = this.rings.get(name) ?? new Float64Array(this.capacity).fill(Number.NaN);
      ring[this.next] = first.head?.height ?? Number.NaN;
      this.rings.set(name, ring);
    }
    this.times[this.next] = Math.round(this.now() / 100) / 10;
    this.next = (this.next + 1) % this.capacity;
    this.count = Math.min(this.count + 1, this.capacity);
  }

  document(): HistoryDocument {
    const heights = [...this.rings].map(([name, ring]): [string, (number | null)[]] => [
      name,
      this.ordered(ring).map((height) => (Number.isNaN(height) ? null : height)),
    ]);
    return { schemaVersion: 1, times: this.ordered(this.times), heights: Object.fromEntries(heights) };
  }

  /** Oldest first. */
  private ordered(ring: Float64Array): number[] {
    const start = this.count < this.capacity ? 0 : this.next;
    return Array.from({ length: this.count }, (_, i) => ring[(start + i) % this.capacity] ?? Number.NaN);
  }
}
