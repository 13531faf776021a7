import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { writeFiles } from "./atomic-file";
import { statePaths } from "./paths";
import { LocalError, show } from "./problem";
import { type Identified, isRunning, until } from "./process-table";

/*
 * A process that is stopped while somebody copies or replaces its data must not be started by a `pulumi up` in between: the copy would be of a
 * database that changes. Whoever stops it may hold it, as long as he lives.
 */

/** A copy of what has changed takes seconds; whoever waits longer waits for a restore, and is told so. */
const PATIENCE_MS = 5 * 60_000;

function holdFileOf(stateDir: string, name: string): string {
  return path.join(statePaths(stateDir).holds, `${name}.json`);
}

export async function hold(stateDir: string, name: string, by: Identified): Promise<void> {
  const problems = await writeFiles([{ path: holdFileOf(stateDir, name), content: JSON.stringify(by), mode: 0o600 }]);
  if (problems.length > 0) throw new LocalError(`Process ${show(name)}`, problems);
}

export async function release(stateDir: string, name: string): Promise<void> {
  await rm(holdFileOf(stateDir, name), { force: true });
}

/** Who holds a process; undefined when nobody does, or whoever did is gone. */
export async function holderOf(stateDir: string, name: string): Promise<Identified | undefined> {
  try {
    const holder = JSON.parse(await readFile(holdFileOf(stateDir, name), "utf8")) as Identified;
    return isRunning(holder) ? holder : undefined;
  } catch {
    // Nobody holds it, or the file is torn: then nobody knows who to wait for.
    return undefined;
  }
}

/** @throws LocalError when it takes too long */
export async function untilReleased(stateDir: string, name: string, patienceMs = PATIENCE_MS): Promise<void> {
  let holder: Identified | undefined;
  const released = async () => {
    holder = await holderOf(stateDir, name);
    return holder === undefined;
  };
  if (await until(released, patienceMs)) return;
  const message = `is kept stopped by process ${holder?.pid}, which copies or restores its data; wait until \`chainkeep status\` shows no backup job any more and run again`;
  throw new LocalError(`Process ${show(name)}`, [{ path: "name", message, code: "PROCESS_HELD" }]);
}
