import type { JobContext, VaultWorld } from "../contracts";
import { checkBucketLock } from "../store/lock-check";
import { asVaultError, VaultError } from "../vault-error";
import { checkPart } from "./schedule";
import type { StateKeeper } from "./service-state";

interface CheckContext {
  readonly world: VaultWorld;
  readonly keeper: StateKeeper | undefined;
}

/**
 * The next part of the store, and whether every place keeps the lock that the policy promises. Where damage was found it is looked at again
 * first, so that it is known when it is gone.
 */
export async function check({ world, keeper }: CheckContext, job: JobContext): Promise<unknown> {
  const before = keeper?.get().lastCheck?.damaged ?? [];
  const { n: today, t } = checkPart(world.now() / 1000);
  const n = before[0] ?? today;
  job.step(`check part ${n} of ${t} of the store`);
  await world.store.ensure();
  const others = before.filter((part) => part !== n);
  const ended = (damaged: readonly number[], text: string) =>
    keeper?.set({ lastCheck: { at: world.now() / 1000, damaged, text } });
  try {
    await world.store.check({ n, t }, (progress) => job.progress(progress), job.signal);
  } catch (error) {
    const { code, message } = asVaultError(error);
    // A store that cannot be asked says nothing of its bytes.
    if (code === "STORE_CORRUPT") await ended([...others, n], message);
    throw error;
  }
  job.step("look at the locks");
  const open = await unlockedPlaces(world);
  await ended(others, [`part ${n} of ${t} is sound`, ...open].join("; "));
  if (open.length > 0 && world.vault().policy.lock?.mode === "compliance") {
    throw new VaultError("STORE_NOT_LOCKED", `points can be deleted before their time: ${open.join("; ")}`);
  }
  return { n, t, unlocked: open };
}

/** Places that keep less than the policy says, and why. */
async function unlockedPlaces({ vault, log }: VaultWorld): Promise<string[]> {
  const { policy, destination, copies } = vault();
  const { lock } = policy;
  if (!lock) return [];
  const open: string[] = [];
  for (const [name, place] of Object.entries({ vault: destination, ...copies })) {
    const { ok, text } = await checkBucketLock(place, lock);
    if (ok) continue;
    log("warn", "vault_not_locked", { place: name, text });
    open.push(`${name}: ${text}`);
  }
  return open;
}
