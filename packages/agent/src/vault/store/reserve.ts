import { randomBytes } from "node:crypto";
import { rm, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Destination } from "@chainkeep/core";
import { asVaultError } from "../vault-error";
import { isS3 } from "./restic-env";
import { bytesFree } from "./room";

const BYTES = 8 * 1024 * 1024;
/** A disk with less than this is too small to hold something back. */
const LEAST_FREE = 8 * BYTES;

/**
 * Room that is held back in a directory. restic writes before it deletes: its lock, and a new index. On a disk without any room left nothing could
 * be deleted any more; then this is given up.
 */
export class Reserve {
  readonly #file: string | undefined;

  constructor(destination: Destination) {
    this.#file = isS3(destination) ? undefined : path.join(destination.repository, "chainkeep-reserve");
  }

  /** Holds it back, where there is room enough; without it everything works that works without. */
  async hold(): Promise<void> {
    if (this.#file === undefined) return;
    const there = await stat(this.#file).catch(() => undefined);
    if (there?.size === BYTES || ((await bytesFree(path.dirname(this.#file))) ?? 0) < LEAST_FREE) return;
    // Bytes that a file system cannot make smaller.
    await writeFile(this.#file, randomBytes(BYTES), { mode: 0o600 }).catch(() => this.#release());
  }

  /** Does something, and when there is no room for it, once more with this room. */
  async spend<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (asVaultError(error).code !== "STORE_FULL" || !(await this.#release())) throw error;
      return action();
    }
  }

  async #release(): Promise<boolean> {
    if (this.#file === undefined || (await stat(this.#file).catch(() => undefined)) === undefined) return false;
    await rm(this.#file, { force: true });
    return true;
  }
}
