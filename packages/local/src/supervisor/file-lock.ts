import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoOf, fileProblem, LocalError } from "./problem";
import { type Identified, identify, isRunning } from "./process-table";

const PATIENCE_MS = 10 * 60_000;
const POLL_MS = 25;
const BREAKER_MAX_AGE_MS = 10_000;

const queues = new Map<string, Promise<unknown>>();

/**
 * Runs one at a time, among all processes of this machine that use the same file. A lock whose holder has died is broken: the
 * file names its holder by pid and start time.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  return inTurn(file, async () => {
    await take(file);
    try {
      return await action();
    } finally {
      await rm(file, { force: true });
    }
  });
}

/** Runs one at a time within this process. */
export async function inTurn<T>(key: string, action: () => Promise<T>): Promise<T> {
  const before = queues.get(key) ?? Promise.resolve();
  const turn = before.then(action, action);
  const settled = turn.catch(() => undefined);
  queues.set(key, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}

async function take(file: string): Promise<void> {
  const mine = `${file}.${randomUUID()}`;
  try {
    await writeFile(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await linked(mine, file))) {
      if (await isStale(file)) await breakLock(file);
      else if (Date.now() > deadline) throw await lockedFor(file);
      else await sleep(POLL_MS);
    }
  } catch (error) {
    throw error instanceof LocalError ? error : new LocalError("Supervisor", [fileProblem(file, error)]);
  } finally {
    await rm(mine, { force: true });
  }
}

/** Unlike a write, a link either makes the file with its content or fails. */
async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

type Holder = Identified | "unknown" | "none";

async function holderOf(file: string): Promise<Holder> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Identified;
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? "none" : "unknown";
  }
}

async function isStale(file: string): Promise<boolean> {
  const holder = await holderOf(file);
  if (holder === "none") return false;
  return holder === "unknown" || !isRunning(holder);
}

/** Two that find the same dead holder must not remove each other's fresh lock: breaking has a lock of its own. */
async function breakLock(file: string): Promise<void> {
  const breaker = `${file}.break`;
  const mine = `${breaker}.${randomUUID()}`;
  await writeFile(mine, "", { mode: 0o600 });
  try {
    if (await linked(mine, breaker)) {
      if (await isStale(file)) await unlink(file).catch(() => undefined);
      await rm(breaker, { force: true });
      return;
    }
    const age = Date.now() - ((await stat(breaker).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > BREAKER_MAX_AGE_MS) await rename(breaker, mine).catch(() => undefined);
    else await sleep(POLL_MS);
  } finally {
    await rm(mine, { force: true });
  }
}

async function lockedFor(file: string): Promise<LocalError> {
  const holder = await holderOf(file);
  const message = `held by ${typeof holder === "object" ? `process ${holder.pid}` : "somebody"} for 10 minutes; wait for it to end, or end it and run again`;
  return new LocalError("Supervisor", [{ path: file, message, code: "LOCKED" }]);
}
