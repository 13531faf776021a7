import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import type { VaultWorld } from "../contracts";
import { isActive } from "./guest";
import { markedBy } from "./guest-process";
import { type GuestRecord, readGuestRecord } from "./guest-record";
import { type Identified, identify, isRunning, signalGroup } from "./process-identity";

/** What a dead agent's proof had left behind. */
export interface Reaped {
  readonly directory: string;
  readonly job: string;
  /** Processes that were ended. */
  readonly pids: readonly number[];
}

const GONE_MS = 10_000;

/**
 * Ends and wipes guests whose job is not running any more. For the agent's start and from time to time. Nobody's pid is believed without the
 * time at which that process was started.
 */
export async function reapGuests(world: Pick<VaultWorld, "vault" | "log" | "now">): Promise<Reaped[]> {
  const reaped: Reaped[] = [];
  for (const directory of await candidates(world)) {
    try {
      const found = await reap(directory, world.now() / 1000);
      if (!found) continue;
      reaped.push(found);
      world.log("warn", "guest_reaped", { ...found });
    } catch (error) {
      world.log("error", "guest_not_reaped", { directory, error: (error as Error).message });
    }
  }
  return reaped;
}

/** Those that the inventory knows, and those beside them that it knew once. */
async function candidates({ vault }: Pick<VaultWorld, "vault">): Promise<Set<string>> {
  const known = vault().lineages.flatMap(({ guest }) => (guest ? [guest.directory] : []));
  const found = new Set(known);
  for (const parent of new Set(known.map((directory) => path.dirname(directory)))) {
    for (const entry of await readdir(parent, { withFileTypes: true }).catch(() => [])) {
      const directory = path.join(parent, entry.name);
      if (entry.isDirectory() && (await readGuestRecord(directory))) found.add(directory);
    }
  }
  return found;
}

async function reap(directory: string, now: number): Promise<Reaped | undefined> {
  const record = await readGuestRecord(directory);
  const marked = markedBy(directory);
  if (!record && marked.length === 0) return undefined;
  if (record && isInUse(directory, record, now)) return undefined;
  const all = [...(record?.processes ?? []), ...marked].filter(isRunning);
  const pids = [...new Set(all.map(({ pid }) => pid))];
  for (const one of all) signalGroup(one, "SIGKILL");
  await allGone(all);
  // By a job that has begun meanwhile: it is no leftover any more.
  if (!isActive(directory)) await rm(directory, { recursive: true, force: true });
  return { directory, job: record?.job ?? "", pids };
}

/** Its agent lives and its time is not over. Of this agent, only what is really under way counts. */
function isInUse(directory: string, { agent, until }: GuestRecord, now: number): boolean {
  if (isActive(directory)) return now <= until + 60;
  const own = identify(process.pid);
  return !(agent.pid === own?.pid && agent.startTime === own.startTime) && isRunning(agent) && now <= until;
}

async function allGone(processes: readonly Identified[]): Promise<void> {
  const end = performance.now() + GONE_MS;
  while (processes.some(isRunning)) {
    if (performance.now() > end) throw new Error(`process ${processes.find(isRunning)?.pid} does not end`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
