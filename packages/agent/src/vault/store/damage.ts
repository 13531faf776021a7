import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { asVaultError } from "../vault-error";
import type { Restic } from "./restic";

interface Noted {
  /** Beginnings of the names of pack files. */
  readonly packs: readonly string[];
}

/**
 * What was found to be damaged, until it was taken out of use. A new copy holds only what restic believes to be missing: as long as a damaged pack
 * is in the index, the next point leads to the same damaged bytes. Once it is not, the next copy brings what is missing back from the node, and
 * with it the earlier points that share it.
 */
export class Damage {
  constructor(
    private readonly restic: Restic,
    private readonly file: string,
  ) {}

  /** Does something, and remembers what it finds damaged. */
  async noting<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const { code, message } = asVaultError(error);
      // What cannot be remembered is found again.
      if (code === "STORE_CORRUPT") await this.#note(packsIn(message)).catch(() => undefined);
      throw error;
    }
  }

  /** Takes damaged pieces out of use; what is whole of them is kept. True when there were some. */
  async mend(signal?: AbortSignal): Promise<boolean> {
    const noted = await this.#noted();
    if (noted === undefined) return false;
    const { log, temporary } = this.restic.options;
    const more = signal ? { signal } : {};
    const { text } = await this.restic.run({ args: ["list", "packs"], output: "text", ...more });
    const packs = text.split("\n").filter((id) => noted.packs.some((start) => id.startsWith(start)));
    log("warn", "vault_repair", { repository: this.restic.repository, packs });
    try {
      if (packs.length > 0) await this.restic.run({ args: ["repair", "packs", ...packs], output: "text", ...more });
      await this.restic.run({ args: ["repair", "index"], output: "text", ...more });
    } finally {
      // restic leaves a copy of each damaged pack where it was started.
      const left = (await readdir(temporary).catch(() => [])).filter((name) => name.startsWith("pack-"));
      for (const name of left) await rm(path.join(temporary, name), { force: true });
    }
    await rm(this.file, { force: true });
    return true;
  }

  async #note(packs: readonly string[]): Promise<void> {
    const before = (await this.#noted())?.packs ?? [];
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    await writeFile(this.file, JSON.stringify({ packs: [...new Set([...before, ...packs])] }), { mode: 0o600 });
  }

  async #noted(): Promise<Noted | undefined> {
    const text = await readFile(this.file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      const { packs } = JSON.parse(text) as Partial<Noted>;
      return { packs: Array.isArray(packs) ? packs : [] };
    } catch {
      return { packs: [] };
    }
  }
}

/** Names of pack files, or their beginnings, in what restic says. */
export function packsIn(text: string): string[] {
  const found = text.matchAll(
    /<data\/([0-9a-f]{8,})>|from ([0-9a-f]{8,}) failed|pack ([0-9a-f]{64})|packs ((?:[0-9a-f]{64} ?)+)/g,
  );
  return [
    ...new Set([...found].flatMap((match) => (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").trim().split(" "))),
  ];
}
