import { readFile } from "node:fs/promises";
import * as path from "node:path";
import {
  type InventoryProcess,
  KEY_FILE_BYTES,
  type KeyProof,
  keyContent,
  keyFileName,
  matchesGlob,
  type Problem,
  signedHeightOf,
} from "@chainkeep/core";
import type { PointStore } from "../contracts";
import { VaultError } from "../vault-error";

/** More than anybody reads; the first ones tell enough. */
const MOST_TOLD = 20;

export interface KeyScan {
  readonly proof: KeyProof;
  /** Height up to which a signing state inside says that it has signed; null where none is inside. */
  readonly signedHeight: number | null;
}

/**
 * Looks at every file of a snapshot: by the paths that the client's keys have, by names that keys go by anywhere, and for small files by what
 * is in them. So a protocol of the user's own that names no keys is covered, too.
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
    const small = size > 0 && size <= KEY_FILE_BYTES;
    const text = small ? await textOf(file) : undefined;
    if (text !== undefined) filesRead += 1;
    if (text !== undefined && isSigningState(file, processes)) signedHeight = signedHeightOf(text) ?? signedHeight;
    const what =
      keyPathOf(file, processes) ??
      keyFileName(belowHome(file, processes)) ??
      (text === undefined ? undefined : keyContent(text));
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

/** A home may itself lie in a directory that is called like one of keys. */
function belowHome(file: string, processes: readonly InventoryProcess[]): string {
  const below = processes
    .map(({ vault }) => (vault ? path.relative(vault.home, file) : ".."))
    .find((relative) => !relative.startsWith(".."));
  return below ?? path.basename(file);
}

function keyPathOf(file: string, processes: readonly InventoryProcess[]): string | undefined {
  for (const { vault, name } of processes) {
    const below = vault && path.relative(vault.home, file);
    if (!vault || below === undefined || below.startsWith("..")) continue;
    const glob = vault.keyPaths.find((g) => matchesGlob(below, g));
    if (glob !== undefined) return `a key of ${name} (${glob})`;
  }
  return undefined;
}

function isSigningState(file: string, processes: readonly InventoryProcess[]): boolean {
  return processes.some(({ vault }) => vault?.signingState && path.join(vault.home, vault.signingState) === file);
}

/** As it is now: small files that keys could be in do not change, and what is gone was none. */
function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "latin1").catch(() => undefined);
}
