import type { VaultProgress } from "@chainkeep/core";
import type { OnProgress } from "../contracts";

/** The rate is that of the last so many milliseconds: a slow start must not be told for an hour. */
const WINDOW_MS = 15_000;
const PAUSE_MS = 450;

/** Tells bytes, rate and time left, at most about twice a second. */
export class ProgressMeter {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  #told = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly tell: OnProgress | undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** Bytes that are done by now, of so many. */
  update(doneBytes: number, totalBytes: number | null): void {
    if (this.tell === undefined) return;
    const at = this.now();
    const last = this.#samples.at(-1)?.bytes;
    if (at - this.#told < PAUSE_MS && (doneBytes !== totalBytes || last === doneBytes)) return;
    this.#told = at;
    this.#samples.push({ at, bytes: doneBytes });
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    this.tell(this.#progress(doneBytes, totalBytes));
  }

  #progress(doneBytes: number, totalBytes: number | null): VaultProgress {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    const moved = first && last ? last.bytes - first.bytes : 0;
    const bytesPerSecond = seconds > 0 && moved >= 0 ? Math.round(moved / seconds) : null;
    const left = totalBytes === null ? null : Math.max(0, totalBytes - doneBytes);
    const secondsLeft = left === null || !bytesPerSecond ? null : Math.round(left / bytesPerSecond);
    return { doneBytes, totalBytes, bytesPerSecond, secondsLeft: left === 0 ? 0 : secondsLeft };
  }
}
