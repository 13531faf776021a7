import * as path from "node:path";
import { type InventoryProcess, type KeyProof, type Problem, signedHeightOf } from "@chainkeep/core";
import type { PointStore } from "../contracts";
import { keyOf, smallText } from "../key-file";
import { VaultError } from "../vault-error";

/** More than anybody reads; the first ones tell enough. */
const MOST_TOLD = 20;

export interface KeyScan {
  readonly proof: KeyProof;
  /** Height up to which a signing state inside says that it has signed; null where none is inside. */
  readonly signedHeight: number | null;
}

/**
 * Looks at every file of a snapshot. Small files are read as they are now: those that keys could be in do not change, and what is gone was none.
 *
 * @throws VaultError KEYS_FOUND with each file
 */
export async function scanSnapshot(
  store: Pick<PointStore, "files">,
  snapshot: string,
  processes: readonly InventoryProcess[],
  now: () => number,
): Promise<KeyScan> {
  const problems: Problem[] = [];
  let filesSeen = 0;
  let filesRead = 0;
  let signedHeight: number | null = null;
  for await (const { path: file, size } of store.files(snapshot)) {
    filesSeen += 1;
    const text = await smallText(file, size).catch(() => undefined);
    if (text !== undefined) filesRead += 1;
    if (text !== undefined && isSigningState(file, processes)) signedHeight = signedHeightOf(text) ?? signedHeight;
    const { below, keyPaths } = placeOf(file, processes);
    const what = keyOf({ below, text }, keyPaths);
    if (what === undefined) continue;
    const message = `is ${what}; add it to the client's keyPaths, so that it is left out`;
    problems.push({ path: file, message, code: "KEYS_FOUND" });
  }
  if (problems.length > 0) {
    const first = problems.slice(0, MOST_TOLD);
    const files = first.map((p) => path.basename(p.path)).join(", ");
    throw new VaultError("KEYS_FOUND", `the copy held ${problems.length} keys (${files}) and was thrown away`, first);
  }
  const excluded = processes.flatMap((p) => p.vault?.keyPaths ?? []);
  return { proof: { excluded, filesSeen, filesRead, at: Math.floor(now() / 1000) }, signedHeight };
}

/** Of the process that a file belongs to; homes do not lie within each other. */
function placeOf(file: string, processes: readonly InventoryProcess[]): { below: string; keyPaths: readonly string[] } {
  for (const { vault } of processes) {
    const below = vault && path.relative(vault.home, file);
    if (vault && below !== undefined && !below.startsWith("..")) return { below, keyPaths: vault.keyPaths };
  }
  return { below: path.basename(file), keyPaths: [] };
}

function isSigningState(file: string, processes: readonly InventoryProcess[]): boolean {
  return processes.some(({ vault }) => vault?.signingState && path.join(vault.home, vault.signingState) === file);
}
