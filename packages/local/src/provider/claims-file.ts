import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { writeFiles } from "../supervisor/atomic-file";
import { LocalError } from "../supervisor/problem";
import { CLAIMS_FILE } from "./file-set-props";

/** Who wrote a file; with the digest of what was written when the file is left to its program from then on. */
export interface Claim {
  readonly claim: string;
  readonly digest?: string;
}

export type Claims = Readonly<Record<string, Claim>>;

/**
 * Files of a directory that Chainkeep wrote. It tells them from the data beside them, and it lets a set that was renamed or given
 * to another resource keep its files when the former owner is deleted.
 */
export async function readClaims(directory: string): Promise<Claims> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path.join(directory, CLAIMS_FILE), "utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as Claims) : {};
  } catch {
    // Not written yet, or damaged: then every file counts as data, which is the safe side.
    return {};
  }
}

export async function writeClaims(directory: string, claims: Claims): Promise<void> {
  const file = path.join(directory, CLAIMS_FILE);
  if (Object.keys(claims).length === 0) {
    await rm(file, { force: true });
    return;
  }
  const problems = await writeFiles([
    { path: file, content: `${JSON.stringify(claims, undefined, 2)}\n`, mode: 0o600 },
  ]);
  if (problems.length > 0) throw new LocalError(`FileSet ${directory}`, problems);
}

export function withoutPaths(claims: Claims, paths: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([file]) => !paths.includes(file)));
}
