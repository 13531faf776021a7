import type { OnProgress } from "../contracts";
import { asVaultError } from "../vault-error";
import { ProgressMeter } from "./progress-meter";
import type { Restic } from "./restic";
import { shareIn } from "./restic-lines";

/** A repository that is smaller is read as a whole each time. */
export const SMALL_BYTES = 1024 ** 3;

/**
 * Checks the structure and the n-th of t parts of the content. A check with restic's lock would keep every backup of the vault waiting, for
 * hours where the store is large; without it, a prune by somebody else can look like damage. So it runs without, and what it finds is looked
 * at once more with the lock.
 */
export async function checkRepository(
  restic: Restic,
  { n, t }: { readonly n: number; readonly t: number },
  usedBytes: number | undefined,
  now: () => number,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const whole = t <= 1 || (usedBytes !== undefined && usedBytes < SMALL_BYTES);
  const part = whole ? ["--read-data"] : [`--read-data-subset=${n}/${t}`];
  const total = usedBytes === undefined ? null : Math.round(usedBytes / (whole ? 1 : t));
  const meter = new ProgressMeter(onProgress, now);
  const check = (lock: readonly string[]) =>
    restic.run({
      args: ["check", ...part, ...lock],
      gentle: true,
      onLine: (line) => {
        const share = shareIn(line);
        if (share?.what !== "packs" || total === null) return;
        meter.update(Math.round((total * share.done) / Math.max(1, share.of)), total);
      },
      ...(signal ? { signal } : {}),
    });
  try {
    await check(["--no-lock"]);
  } catch (error) {
    const { code } = asVaultError(error);
    if (code !== "STORE_CORRUPT" && code !== "STORE_FAILED") throw error;
    await check([]);
  }
}
