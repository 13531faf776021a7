import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import type { Tool } from "./catalogue";

export type Env = NodeJS.ProcessEnv;

/** Environment variable that names a program's executable: CHAINKEEP_PROCESS_COMPOSE. */
export function overrideName(tool: string): string {
  return `CHAINKEEP_${tool.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/** Whether the user wants to do without an optional program: CHAINKEEP_GRAFANA=off. */
export function isTurnedOff(tool: Pick<Tool, "name" | "use"> | undefined, env: Env): boolean {
  return tool?.use === "optional" && env[overrideName(tool.name)] === "off";
}

/** Where programs are kept for all projects of this user. */
export interface Cache {
  readonly root: string;
  readonly locks: string;
  /** Unfinished downloads and builds. */
  readonly work: string;
  /** Links without versions, for a person's PATH. */
  readonly bin: string;
}

export function cacheOf(env: Env): Cache {
  const asked = env.XDG_CACHE_HOME;
  // The specification says to ignore relative paths.
  const base = asked && path.isAbsolute(asked) ? asked : path.join(env.HOME || homedir(), ".cache");
  const root = path.join(base, "chainkeep");
  return { root, locks: path.join(root, "locks"), work: path.join(root, "work"), bin: path.join(root, "bin") };
}

/** Directory of the programs that were downloaded or built: `chainkeep` below XDG_CACHE_HOME, or below `~/.cache`. */
export function cacheRoot(env: Env = process.env): string {
  return cacheOf(env).root;
}

/** Folder of one program and version. */
export function cachedFolder(cache: Cache, { name }: Pick<Tool, "name">, version: string): string {
  return path.join(cache.root, "tools", `${name}-${version}`);
}

export function cachedPath(cache: Cache, tool: Pick<Tool, "name" | "release">, version: string): string {
  return path.join(cachedFolder(cache, tool, version), tool.release?.tree?.program ?? tool.name);
}

/** Versions of a program that the cache may hold, best one first. */
export function cachedVersions({ version, build }: Tool): string[] {
  return build?.makes === undefined ? [version] : [version, build.makes];
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const found = statSync(file);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/** Every executable of that name on PATH, first one first; our own wrappers are left out. */
export function onPath(name: string, env: Env): string[] {
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set(folders.map((folder) => path.join(folder, name)))].filter(isExecutable).filter((f) => !isShim(f));
}

/** `chainkeep setup` makes wrappers that start the program with the project's settings: they are no program. */
function isShim(file: string): boolean {
  return [file, realpathSync(file)].some((name) => path.dirname(name).endsWith(path.join(".chainkeep", "bin")));
}
