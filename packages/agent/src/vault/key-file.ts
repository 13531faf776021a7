import { readFile } from "node:fs/promises";
import { type AgentInventory, KEY_FILE_BYTES, keyContent, keyFileName, matchesGlob } from "@chainkeep/core";

/** A file of a copy, as it is held against the rules for keys. */
export interface ScannedFile {
  /** Path below the home: a home may itself lie in a directory that is called like one of keys. */
  readonly below: string;
  /** What is in it; undefined for one that is too large to be a key. */
  readonly text: string | undefined;
}

/**
 * Why a file must not be in a recovery point: by the paths that the client's keys have, by names that keys go by anywhere, and for small files
 * by what is in them. So a protocol of the user's own that names no keys is covered, too.
 */
export function keyOf({ below, text }: ScannedFile, keyPaths: readonly string[] = []): string | undefined {
  const glob = keyPaths.find((g) => matchesGlob(below, g));
  if (glob !== undefined) return `a key of its client (${glob})`;
  return keyFileName(below) ?? (text === undefined ? undefined : keyContent(text));
}

/** What is in a file that a key could be in, byte by byte. */
export async function smallText(file: string, size: number): Promise<string | undefined> {
  return size === 0 || size > KEY_FILE_BYTES ? undefined : readFile(file, "latin1");
}

/** Where a client of the cluster keeps its keys. */
export function keyPathsOf({ nodes }: Pick<AgentInventory, "nodes">, client: string): readonly string[] {
  const same = nodes.flatMap((n) => n.processes).filter((p) => p.client === client);
  return [...new Set(same.flatMap((p) => p.vault?.keyPaths ?? []))];
}
