import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import * as path from "node:path";
import { AttemptError, HopelessError, hopelessIfFile, lastLines } from "./attempt";
import type { Tool } from "./catalogue";
import { type Cache, cachedFolder, cachedPath } from "./places";
import { tryProgram } from "./probe";
import { runProgram } from "./run-program";

const ABANDONED_MS = 24 * 60 * 60_000;

/** Runs with an empty directory of its own, which is gone afterwards whatever happens. */
export async function withWorkDir<T>(
  cache: Cache,
  name: string,
  action: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = path.join(cache.work, `${name}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await removeAbandoned(cache.work);
    return await action(directory);
  } catch (error) {
    // The directory is gone when its name is read; the cache is what lacks space or rights.
    throw error instanceof HopelessError
      ? new HopelessError(cache.root, error.message, error.code)
      : hopelessIfFile(error, cache.root);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a killed command left. */
async function removeAbandoned(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    const found = await stat(path.join(work, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(path.join(work, name), { recursive: true, force: true });
  }
}

/**
 * Puts a program into the cache, after it has proved that it runs here and is the wanted version.
 *
 * @returns its place in the cache
 */
export async function install(cache: Cache, tool: Tool, version: string, file: string): Promise<string> {
  await prove(tool, version, file);
  const place = cachedPath(cache, tool, version);
  await mkdir(path.dirname(place), { recursive: true });
  await toDisk(file);
  await rename(file, place);
  await link(path.join(cache.bin, tool.name), place);
  return place;
}

/**
 * Puts a program with all that lies beside it into the cache, after the same proof.
 *
 * @returns the program's place in the cache
 */
export async function installTree(cache: Cache, tool: Tool, version: string, folder: string): Promise<string> {
  const place = cachedPath(cache, tool, version);
  const kept = cachedFolder(cache, tool, version);
  await prove(tool, version, path.join(folder, path.relative(kept, place)));
  // Thousands of files: one by one they would take minutes.
  await runProgram("sync", []);
  await mkdir(path.dirname(kept), { recursive: true });
  // What is there is no whole one: it would have been found.
  await rm(kept, { recursive: true, force: true });
  await rename(folder, kept);
  await link(path.join(cache.bin, tool.name), place);
  return place;
}

async function prove(tool: Tool, version: string, file: string): Promise<void> {
  await chmod(file, 0o755);
  const tried = tryProgram(tool, file);
  if (!tried.runs) throw new AttemptError(`${tool.name} does not run on this machine: ${lastLines(tried.detail)}`);
  if (tool.tellsVersion !== false && tried.version !== version)
    throw new AttemptError(`${tool.name} says that it is ${tried.version ?? "of no version"}, not ${version}`);
}

/** Else a power cut could leave a name without its bytes. */
async function toDisk(file: string): Promise<void> {
  const handle = await open(file, "r");
  await handle.sync().finally(() => handle.close());
}

async function link(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(from), { recursive: true });
  const temporary = `${from}.${process.pid}`;
  await rm(temporary, { force: true });
  await symlink(path.relative(path.dirname(from), to), temporary);
  await rename(temporary, from);
}
