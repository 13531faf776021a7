import { createHash } from "node:crypto";
import { access, constants, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Destination } from "@chainkeep/core";
import { asVaultError, VaultError } from "../vault-error";
import type { Restic } from "./restic";
import { isS3 } from "./restic-env";

export interface RepositoryMemory {
  /** Directory where the agent remembers which repositories it has seen. */
  readonly directory: string;
}

/** Repository whose way of cutting files is taken over, so that copies share what they have in common. */
export type Model = Destination | undefined;

/**
 * Makes a repository where there is none. One that was there before and is not there now is an error: its disk is not mounted, or somebody has
 * deleted it, and an empty one in its place would hide that.
 */
export async function ensureRepository(restic: Restic, memory: RepositoryMemory, model: Model): Promise<void> {
  const place = restic.options.destination;
  const file = path.join(memory.directory, `${nameOf(place)}.json`);
  if (!isS3(place)) await usableDirectory(place.repository, await isKnown(file));
  let id = await idOf(restic);
  if (id === undefined) {
    if (await isKnown(file)) throw gone(place.repository, file);
    id = (await init(restic, model)) ?? (await idOf(restic));
  }
  if (id === undefined)
    throw new VaultError("STORE_MISSING", `${place.repository} holds no repository after it was made`);
  await mkdir(memory.directory, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify({ repository: place.repository, id })}\n`, { mode: 0o600 });
}

/** Name of a place in file names. */
export function nameOf({ repository }: Destination): string {
  return createHash("sha256").update(repository).digest("hex").slice(0, 16);
}

async function isKnown(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

function gone(repository: string, file: string): VaultError {
  const ways = `mount its disk or bring it back; to begin an empty one, delete ${file}`;
  return new VaultError("STORE_GONE", `${repository} held a repository before and holds none now; ${ways}`);
}

async function idOf(restic: Restic): Promise<string | undefined> {
  try {
    return (await restic.json<{ id: string }>(["cat", "config"])).id;
  } catch (error) {
    if (asVaultError(error).code === "STORE_MISSING") return undefined;
    throw error;
  }
}

/** Its name; undefined where somebody else was faster. */
async function init(restic: Restic, model: Model): Promise<string | undefined> {
  const from = model ? ["--from-repo", model.repository, "--copy-chunker-params"] : [];
  const env = model ? { RESTIC_FROM_PASSWORD_FILE: restic.options.passwordFile } : {};
  try {
    return (await restic.json<{ id: string }>(["init", ...from], { env })).id;
  } catch (error) {
    // Two agents that share a vault may come at the same time.
    if (!/already (?:exists|initialized)/.test(asVaultError(error).message)) throw error;
    return undefined;
  }
}

async function usableDirectory(directory: string, known: boolean): Promise<void> {
  const fail = (why: string) => new VaultError("STORE_DIRECTORY", `${directory}: ${why}`);
  const words: Readonly<Record<string, string>> = {
    EROFS: "its disk is read-only",
    EACCES: "this user may not write there",
    EPERM: "this user may not write there",
    ENOTDIR: "a part of its path is no directory",
    EEXIST: "it is no directory",
    ENOSPC: "its disk is full",
  };
  const reason = (error: NodeJS.ErrnoException) => fail(words[error.code ?? ""] ?? error.message);
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw reason(error);
  });
  if (found === undefined) {
    if (known) return;
    await makeDirectory(directory).catch((error: NodeJS.ErrnoException) => {
      throw reason(error);
    });
    return;
  }
  if (!found.isDirectory()) throw fail("it is no directory");
  await access(directory, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    throw reason(error);
  });
}

/** With its parents; the system's own way to make them at once tells of a read-only disk as if a parent were missing. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || path.dirname(directory) === directory) throw error;
    await makeDirectory(path.dirname(directory));
    await mkdir(directory, { mode: 0o700 });
  }
}
