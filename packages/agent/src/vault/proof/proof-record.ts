import {
  type Evidence,
  type Level,
  levelBelow,
  type RecoveryPoint,
  type Testimony,
  type TimedStep,
} from "@chainkeep/core";
import type { JobContext } from "../contracts";
import { evidenceId } from "./evidence";
import { findingOf, PointFault } from "./findings";

export interface ProofSettings {
  readonly point: RecoveryPoint;
  readonly from: string;
  readonly wanted: Level;
  readonly job: JobContext;
  readonly now: () => number;
  readonly onReached?: ((level: Level) => void) | undefined;
}

/** Collects what becomes the evidence, while the proof goes on. */
export class ProofRecord {
  bytes = 0;
  heights: Evidence["heights"] = { opened: null, joined: null, last: null };
  testimonies: { readonly guest: Testimony | null; readonly witnesses: readonly Testimony[] } = {
    guest: null,
    witnesses: [],
  };
  output: () => Evidence["output"] = () => ({});
  /** Ends when the guest may live no longer. */
  lifetime: AbortSignal | undefined;
  private readonly startedAt: number;
  private readonly steps: TimedStep[] = [];
  private current: { readonly name: string; readonly at: number } | undefined;
  private highest: Level | null = null;
  private failure: Evidence["failure"] = null;
  private inconclusive: Evidence["inconclusive"] = null;

  constructor(private readonly settings: ProofSettings) {
    this.startedAt = this.seconds();
  }

  step(name: string): void {
    this.closeStep();
    this.current = { name, at: this.seconds() - this.startedAt };
    this.settings.job.step(name);
  }

  reached(level: Level): void {
    this.closeStep();
    this.highest = level;
    this.settings.onReached?.(level);
  }

  end(error: unknown, signal: AbortSignal): void {
    const finding = findingOf(error, signal, this.lifetime);
    const { code, message: text } = finding;
    if (finding instanceof PointFault) {
      this.failure = { level: finding.level, code, text };
      // A fault of a lower level takes back what seemed to hold.
      this.highest = this.highest === finding.level ? levelBelow(finding.level) : this.highest;
    } else this.inconclusive = { code, text };
  }

  evidence(): Evidence {
    this.closeStep();
    const { point, from, wanted, now } = this.settings;
    return {
      schemaVersion: 1,
      id: evidenceId(point.id, now()),
      point: point.id,
      from,
      wanted,
      reached: this.highest,
      startedAt: this.startedAt,
      endedAt: this.seconds(),
      bytes: this.bytes,
      steps: this.steps,
      ...this.testimonies,
      heights: this.heights,
      failure: this.failure,
      inconclusive: this.inconclusive,
      output: this.output(),
    };
  }

  private closeStep(): void {
    if (!this.current) return;
    const { name, at } = this.current;
    this.steps.push({ name, at, seconds: this.seconds() - this.startedAt - at });
    this.current = undefined;
  }

  private seconds(): number {
    return this.settings.now() / 1000;
  }
}
