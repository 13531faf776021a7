import * as path from "node:path";
import type { Destination, InventoryVault } from "@chainkeep/core";
import type { Log } from "../../log";
import { nameOf } from "./repository";
import { Restic } from "./restic";
import { ResticStore } from "./restic-store";

export interface OpenStoreOptions {
  readonly vault: InventoryVault;
  /** The vault's own destination, or that of one of its copies. */
  readonly destination: Destination;
  /** Directory that the store's caches are below; shared by all stores of an agent. */
  readonly cacheDirectory: string;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** How long a lock of somebody who lives is waited for. Default 300. */
  readonly lockPatienceSeconds?: number;
}

/** The store of one of a vault's places. Nothing is touched before its first call. */
export function openStore(options: OpenStoreOptions): ResticStore {
  const { vault, destination, cacheDirectory, log, now = Date.now, lockPatienceSeconds = 300 } = options;
  const copy = Object.entries(vault.copies).find(([, { repository }]) => repository === destination.repository)?.[0];
  const restic = new Restic({
    program: vault.restic,
    destination,
    passwordFile: vault.passwordFile,
    cache: path.join(cacheDirectory, "restic"),
    temporary: path.join(cacheDirectory, "temporary"),
    lockPatienceSeconds,
    log,
  });
  return new ResticStore({
    restic,
    model: copy === undefined ? undefined : vault.destination,
    memory: path.join(cacheDirectory, "repositories"),
    records: path.join(cacheDirectory, "records", nameOf(destination)),
    now,
    ...(copy === undefined ? {} : { copy }),
  });
}
