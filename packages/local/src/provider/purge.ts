import { lstat, realpath, rm } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { STATE_MARKER } from "../supervisor/paths";
import { fileProblem, LocalError } from "../supervisor/problem";
import { isBelow } from "./file-set-props";
import { exists } from "./files-on-disk";

/**
 * Deletes a directory with everything in it: only one that lies below a Chainkeep state directory, and never through a symbolic
 * link, because then something else would be deleted than what was named.
 */
export async function purge(directory: string, stateDir: string | undefined): Promise<void> {
  const found = await lstat(directory).catch(() => undefined);
  if (found === undefined) return;
  const refuse = (reason: string) => {
    const message = `${reason}; delete it by hand, or deploy purgeData: false first`;
    return new LocalError(`FileSet ${directory}`, [{ path: "purgeData", message, code: "PURGE_REFUSED" }]);
  };
  if (!found.isDirectory()) throw refuse("is no directory but a link or a file");
  const real = await realpath(directory);
  if (real === homedir() || !(await liesInState(real, stateDir)))
    throw refuse("is not below a state directory of Chainkeep");
  await rm(real, { recursive: true, force: true, maxRetries: 3 }).catch((error) => {
    throw new LocalError(`FileSet ${directory}`, [fileProblem(directory, error)]);
  });
}

/** Below the directory that the set names, or below one that a supervisor has marked as its own. */
async function liesInState(real: string, stateDir: string | undefined): Promise<boolean> {
  if (stateDir !== undefined) {
    const root = await realpath(stateDir).catch(() => undefined);
    return root !== undefined && isBelow(real, root);
  }
  for (let parent = path.dirname(real); parent !== path.dirname(parent); parent = path.dirname(parent)) {
    if (await exists(path.join(parent, STATE_MARKER))) return true;
  }
  return false;
}
