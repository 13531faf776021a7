import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import * as path from "node:path";

/*
 * Names of our own below a home. What is restored lies there beside the data, and so on the same file system: it takes its place by a rename.
 */

export const freshDirectory = (home: string, id: string) => path.join(home, `.chainkeep-restore-${id}`);
export const oldDirectory = (home: string, id: string) => path.join(home, `.chainkeep-before-${id}`);
/** What somebody wrote while the data changed places, e.g. a client that was started in between. */
export const strayDirectory = (home: string, id: string) => path.join(home, `.chainkeep-stray-${id}`);

/** Everything of a bootstrap, also what is being written, in a directory of its own. */
const ofBootstrap = (home: string) => path.join(home, ".chainkeep-bootstrap");
export const bootstrapDirectory = (home: string, id: string) => path.join(ofBootstrap(home), `copy-${id}`);
/** A bootstrap that is under way. */
export const bootstrapJournal = (home: string) => path.join(ofBootstrap(home), "run.json");
/** A bootstrap that was done: which point it took. Whether there is data is told by the data alone. */
export const bootstrapMarker = (home: string) => path.join(ofBootstrap(home), "done.json");

/** Nothing of ours is data. */
export const isOwnName = (name: string) => name.startsWith(".chainkeep-");
export const isOldDirectory = (name: string) => name.startsWith(".chainkeep-before-");
const isLeftover = (name: string) => /^\.chainkeep-(restore|stray)-/.test(name);

/** Removes what a restore without a journal has left. */
export async function removeLeftovers(home: string): Promise<void> {
  for (const name of (await namesIn(home)).filter(isLeftover)) await removeTree(path.join(home, name));
}

/** Removes a bootstrap that is not done: what comes instead is whole. The marker of one that was done stays. */
export async function removeBootstrap(home: string): Promise<void> {
  const directory = ofBootstrap(home);
  for (const name of await namesIn(directory)) if (name !== "done.json") await removeTree(path.join(directory, name));
  await rmdir(directory).catch(() => undefined);
}

async function namesIn(home: string): Promise<string[]> {
  return readdir(home).catch(() => []);
}

export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );
}

export async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
