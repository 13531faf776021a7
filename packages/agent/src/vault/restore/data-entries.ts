import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { type InventoryProcessVault, matchesGlob } from "@chainkeep/core";
import { exists, isOwnName } from "./own-names";

/** What of a home is data, and what stays with the node whatever is restored. */
export interface DataPlaces {
  readonly dataPaths: readonly string[];
  readonly keyPaths: readonly string[];
  /** Files below the home, by name: configuration that the target has written. */
  readonly stays: readonly string[];
}

/** The target's list of files that it has written into a home. */
const WRITTEN = ".chainkeep-files";

/**
 * The places of a node, and of the copy: a client may have kept its data elsewhere when the copy was taken.
 *
 * @param written - Globs of the data in the copy's record.
 */
export async function placesOf(vault: InventoryProcessVault, written: readonly string[] = []): Promise<DataPlaces> {
  const { home, dataPaths, keyPaths, signingState } = vault;
  return {
    dataPaths: [...new Set([...dataPaths, ...written])],
    keyPaths,
    stays: [...(signingState === undefined ? [] : [signingState]), ...(await writtenFiles(home))],
  };
}

/** Files that the target has written into a home, by name. */
export async function writtenFiles(home: string): Promise<string[]> {
  try {
    return Object.keys(JSON.parse(await readFile(path.join(home, WRITTEN), "utf8")) as object);
  } catch {
    // Another target has no such list.
    return [];
  }
}

/** Whether a home has a list of its configuration, so that it can be told from the data. */
export function knowsConfiguration(home: string): Promise<boolean> {
  return exists(path.join(home, WRITTEN));
}

/**
 * The entries of a directory that are whole parts of the data: the highest ones that a glob of the data names, without the files that must stay
 * with the node. `data/*.db/**` gives every `data/<x>.db`.
 */
export async function dataEntries(root: string, places: DataPlaces): Promise<string[]> {
  const heads = headsOf(places);
  const found: string[] = [];
  const walk = async (below: string, inside: boolean): Promise<void> => {
    for (const entry of await entriesOf(path.join(root, below))) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (isOwnName(entry.name) || stays(name, places)) continue;
      const isData = inside || heads.some((head) => matchesGlob(name, head));
      if (isData && !(entry.isDirectory() && mayHoldOthers(name, places))) found.push(name);
      else if (entry.isDirectory()) await walk(name, isData);
    }
  };
  await walk("", false);
  return found.sort();
}

/** `data/**` names what is in `data`, and so `data` as a whole; `**` names every entry of the home. */
function headsOf({ dataPaths }: DataPlaces): string[] {
  return dataPaths.map((glob) => (glob === "**" ? "*" : glob.replace(/\/\*\*$/, "")));
}

function stays(name: string, places: DataPlaces): boolean {
  return places.stays.includes(name) || places.keyPaths.some((glob) => matchesGlob(name, glob));
}

/** Whether something that stays may lie below a directory: then it is not moved as a whole. */
function mayHoldOthers(name: string, places: DataPlaces): boolean {
  if (places.stays.some((file) => file.startsWith(`${name}/`))) return true;
  const depth = name.split("/").length;
  return places.keyPaths.some((glob) => {
    const parts = glob.split("/");
    const any = parts.indexOf("**");
    if (any >= 0 && any < depth) return matchesGlob(name, parts.slice(0, any + 1).join("/"));
    return parts.length > depth && matchesGlob(name, parts.slice(0, depth).join("/"));
  });
}

/** Whether there is any file of the chain's data. Empty directories are none. */
export async function hasData(root: string, places: DataPlaces): Promise<boolean> {
  for (const name of await dataEntries(root, places)) if (await holdsFile(path.join(root, name))) return true;
  return false;
}

async function holdsFile(place: string): Promise<boolean> {
  if (!(await lstat(place)).isDirectory()) return true;
  for (const name of await readdir(place)) if (await holdsFile(path.join(place, name))) return true;
  return false;
}

/**
 * A part of the data that lies on another file system than the home, or behind a link: no rename reaches it. Undefined when there is none.
 */
export async function foreignPlace(home: string, places: DataPlaces): Promise<string | undefined> {
  const device = (await lstat(home).catch(() => undefined))?.dev;
  if (device === undefined) return undefined;
  const heads = headsOf(places);
  const walk = async (below: string): Promise<string | undefined> => {
    for (const entry of await entriesOf(path.join(home, below))) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (isOwnName(entry.name) || stays(name, places)) continue;
      const isData = heads.some((head) => matchesGlob(name, head));
      const onTheWay = heads.some((head) => leadsTo(name, head));
      if (entry.isSymbolicLink() && (isData || onTheWay)) return path.join(home, name);
      if (!isData && !(onTheWay && entry.isDirectory())) continue;
      if ((await lstat(path.join(home, name))).dev !== device) return path.join(home, name);
      const deeper = isData ? undefined : await walk(name);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };
  return walk("");
}

/** Whether a directory is one of those above what a glob names. */
function leadsTo(name: string, head: string): boolean {
  const depth = name.split("/").length;
  const parts = head.split("/");
  return parts.length > depth && matchesGlob(name, parts.slice(0, depth).join("/"));
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}
