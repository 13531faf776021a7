/* What a benchmark of the vault says while it works, and what it comes to. */

const began = performance.now();

/** A line with the time since the start. */
export function tell(text: string): void {
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}] ${text}`);
}

export interface Outcome {
  readonly name: string;
  /** Everything that was measured, for machines. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** The same for readers, with what it was measured against. */
  readonly lines: readonly string[];
  /** Undefined where there is no goal. */
  readonly met?: boolean;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const gib = (bytes: number): number => round(bytes / 2 ** 30, 3);
