import { mkdir } from "node:fs/promises";
import type { InventoryNode, InventoryProcess, RecoveryPoint, VaultProgress } from "@chainkeep/core";
import type { OnProgress, PointStore } from "../contracts";
import { keyInside } from "../proof/keys-inside";
import { VaultError } from "../vault-error";
import { durably } from "./durable-tree";
import { removeTree } from "./own-names";

export interface FetchBeside {
  readonly store: PointStore;
  readonly point: RecoveryPoint;
  /** Directory that each process's copy is written to. */
  readonly targets: readonly { readonly process: InventoryProcess; readonly home: string; readonly fresh: string }[];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly onChild: (pid: number) => void;
}

/**
 * Writes a point's data beside the data that is in force, every byte of it checked and on the disk, and looks through it for keys. What was
 * written is removed when something is wrong with it.
 *
 * @returns bytes that were written
 */
export async function fetchBeside(input: FetchBeside): Promise<number> {
  try {
    return await fetchAll(input);
  } catch (error) {
    for (const { fresh } of input.targets) await removeTree(fresh).catch(() => undefined);
    throw error;
  }
}

async function fetchAll({ store, point, targets, signal, onProgress, onChild }: FetchBeside): Promise<number> {
  let bytes = 0;
  for (const { process, home, fresh } of targets) {
    const written = point.processes.find((p) => p.layer === process.layer);
    if (!written) throw new VaultError("RESTORE_LAYER", `${point.id} holds no data for ${process.name}`);
    // Of a node that has lost everything, not even the home is there.
    await mkdir(home, { recursive: true, mode: 0o700 });
    const before = bytes;
    const told = (progress: VaultProgress) =>
      onProgress(targets.length === 1 ? progress : sum(before, progress, point.sizeBytes));
    const request = { point, process: written.name, target: fresh, onProgress: told, signal, onChild };
    const done = await durably(fresh, () => store.fetch(request));
    bytes += done.bytes;
    const key = await keyInside(fresh, process.vault?.keyPaths ?? []);
    if (key) throw new VaultError("KEYS_FOUND", `${point.id} holds ${key.what}: ${key.file}; the copy was thrown away`);
  }
  if (signal.aborted) throw new VaultError("JOB_CANCELLED", "cancelled before anything was stopped");
  return bytes;
}

/** Of one process, as part of all of them. */
function sum(before: number, { doneBytes, bytesPerSecond }: VaultProgress, totalBytes: number): VaultProgress {
  const done = before + doneBytes;
  const left = Math.max(0, totalBytes - done);
  return { doneBytes: done, totalBytes, bytesPerSecond, secondsLeft: bytesPerSecond ? left / bytesPerSecond : null };
}

/** Processes of a node whose data is kept, with the place of each one's copy. */
export function targetsOf(
  { processes }: Pick<InventoryNode, "processes">,
  fresh: (home: string) => string,
): FetchBeside["targets"] {
  return processes.flatMap((process) => {
    const home = process.vault?.home;
    return home === undefined ? [] : [{ process, home, fresh: fresh(home) }];
  });
}
