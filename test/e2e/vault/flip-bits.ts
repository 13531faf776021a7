import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { InventoryVault } from "@chainkeep/core";

/** A pack may hold data of several points side by side; so many places of it are sure to hit each of them. */
const PLACES = 16;

/**
 * Flips bits of a snapshot's data, in the newest of the repository's packs that hold some of it: older ones are those of other points, too. Only
 * restic can tell which these are, since what retention has deleted is cleared up by packing anew.
 */
export function flipBits({ restic, destination, passwordFile }: InventoryVault, snapshot: string): void {
  const { repository } = destination;
  const packs = readdirSync(path.join(repository, "data"), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.join(file.parentPath, file.name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const env = { ...process.env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD_FILE: passwordFile };
  const holds = (pack: string): boolean => {
    const words = ["find", "--json", "--no-cache", "--pack", "--snapshot", snapshot, path.basename(pack)];
    return (JSON.parse(execFileSync(restic, words, { env, encoding: "utf8" })) as unknown[]).length > 0;
  };
  const own = packs.find(holds);
  if (!own) throw new Error(`none of ${packs.length} packs holds data of ${snapshot}`);
  const bytes = readFileSync(own);
  for (let i = 0; i < PLACES; i++) {
    const at = Math.floor((bytes.length * (i + 0.5)) / PLACES);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(own, bytes);
}
