import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Problem } from "@chainkeep/core";
import { isTemporary } from "../supervisor/atomic-file";
import { show } from "../supervisor/problem";
import { type Claims, readClaims } from "./claims-file";
import { CLAIMS_FILE, IDENTITY_FILE } from "./file-set-props";
import { digestOnDisk } from "./files-on-disk";

export async function readIdentity(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(directory, IDENTITY_FILE), "utf8")).trim();
  } catch {
    // No identity was ever given to this directory.
    return undefined;
  }
}

/** Data of one chain must never be opened as another's: a client may delete it, sign twice, or stop for good. */
export async function identityProblems(directory: string, identity: string): Promise<Problem[]> {
  if (identity === "") return [];
  const found = await readIdentity(directory);
  if (found === undefined || found === identity) return [];
  const data = await firstDataFile(directory, await readClaims(directory));
  if (data === undefined) return [];
  const message =
    `got identity ${show(identity)}, but ${directory} holds data of ${show(found)} (${data}); ` +
    "keep the old seed and genesis settings, choose another stateDir, or move the directory away";
  return [{ path: "identity", message, code: "IDENTITY_CONFLICT" }];
}

/** A file that a program wrote or changed, relative to the directory. */
export async function firstDataFile(directory: string, claims: Claims, below = ""): Promise<string | undefined> {
  const entries = await readdir(path.join(directory, below), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = path.posix.join(below, entry.name);
    if (entry.isDirectory()) {
      const found = await firstDataFile(directory, claims, file);
      if (found !== undefined) return found;
    } else if (!(await isOurs(directory, file, claims))) {
      return file;
    }
  }
  return undefined;
}

async function isOurs(directory: string, file: string, claims: Claims): Promise<boolean> {
  if (file === IDENTITY_FILE || file === CLAIMS_FILE || isTemporary(path.basename(file))) return true;
  const claim = claims[file];
  if (claim === undefined) return false;
  return claim.digest === undefined || claim.digest === (await digestOnDisk(path.join(directory, file)));
}
