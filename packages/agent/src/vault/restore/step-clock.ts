import type { TimedStep } from "@chainkeep/core";
import type { JobContext, VaultWorld } from "../contracts";

/** Steps with their times, for the job and for the result. */
export class StepClock {
  private readonly began: number;
  private steps: TimedStep[] = [];
  private last: { readonly name: string; readonly at: number } | undefined;

  constructor(
    private readonly world: Pick<VaultWorld, "now">,
    private readonly job: Pick<JobContext, "step">,
  ) {
    this.began = world.now();
  }

  seconds(): number {
    return Math.round((this.world.now() - this.began) / 100) / 10;
  }

  step(name: string): void {
    this.end();
    this.last = { name, at: this.seconds() };
    this.job.step(name);
  }

  end(): TimedStep[] {
    const { last } = this;
    if (last) this.steps = [...this.steps, { ...last, seconds: Math.round((this.seconds() - last.at) * 10) / 10 }];
    this.last = undefined;
    return this.steps;
  }
}
