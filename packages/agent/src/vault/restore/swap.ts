import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { type InventoryProcessVault, matchesGlob } from "@chainkeep/core";

/** Names below a home; the restored data and the old data lie beside the rest of it, on the same file system. */
export const freshDirectory = (home: string, id: string) => path.join(home, `.chainkeep-restore-${id}`);
export const oldDirectory = (home: string, id: string) => path.join(home, `.chainkeep-before-${id}`);
export const isOldDirectory = (name: string) => name.startsWith(".chainkeep-before-");

/** One rename: a path below the home that goes from one directory to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * The entries of a directory that are whole parts of the data: the highest ones that a glob of the data names, without the files that must stay
 * with the node. `data/*.db/**` gives every `data/<x>.db`.
 */
export async function dataEntries(root: string, { dataPaths, keyPaths }: InventoryProcessVault): Promise<string[]> {
  // `data/**` names what is in `data`, and so `data` as a whole; `**` names every entry of the home.
  const heads = dataPaths.map((glob) => (glob === "**" ? "*" : glob.replace(/\/\*\*$/, "")));
  const found: string[] = [];
  await walk("", false);
  return found.sort();

  async function walk(below: string, inside: boolean): Promise<void> {
    for (const entry of await readdir(path.join(root, below), { withFileTypes: true }).catch(() => [])) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith(".chainkeep-") || keyPaths.some((glob) => matchesGlob(name, glob))) continue;
      const isData = inside || heads.some((head) => matchesGlob(name, head));
      if (isData && !(entry.isDirectory() && holdsKeys(name, keyPaths))) found.push(name);
      else if (entry.isDirectory()) await walk(name, isData);
    }
  }
}

/** Whether a key of the node may lie below a directory: then it is not moved as a whole. */
function holdsKeys(name: string, keyPaths: readonly string[]): boolean {
  const depth = name.split("/").length;
  return keyPaths.some((glob) => {
    const parts = glob.split("/");
    const any = parts.indexOf("**");
    if (any >= 0 && any < depth) return matchesGlob(name, `${parts.slice(0, any + 1).join("/")}`);
    return parts.length > depth && matchesGlob(name, parts.slice(0, depth).join("/"));
  });
}

/** Moves that put the old data aside and the new data in its place. */
export async function movesOf(home: string, id: string, vault: InventoryProcessVault): Promise<Move[]> {
  const [fresh, old] = [freshDirectory(home, id), oldDirectory(home, id)];
  const before = await dataEntries(home, vault);
  const after = await dataEntries(fresh, vault);
  return [
    ...before.map((name) => ({ from: path.join(home, name), to: path.join(old, name) })),
    ...after.map((name) => ({ from: path.join(fresh, name), to: path.join(home, name) })),
  ];
}

/** Carries out moves that were not carried out yet: what has arrived is never moved again, so that it can be repeated after a crash. */
export async function carryOut(moves: readonly Move[]): Promise<void> {
  for (const { from, to } of moves) {
    if ((await exists(to)) || !(await exists(from))) continue;
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
  }
}

/** The same backwards, the last one first. */
export async function takeBack(moves: readonly Move[]): Promise<void> {
  await carryOut(moves.toReversed().map(({ from, to }) => ({ from: to, to: from })));
}

export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

export async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
