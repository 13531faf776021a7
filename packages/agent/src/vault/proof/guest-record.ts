import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Identified } from "./process-identity";

/** `guest.pid.json` in a guest's directory: who belongs to it, and how long it may be there. */
export interface GuestRecord {
  readonly schemaVersion: 1;
  readonly job: string;
  readonly agent: Identified;
  /** Unix seconds after which nothing of it may be left. */
  readonly until: number;
  readonly processes: readonly (Identified & { readonly name: string })[];
}

const FILE = "guest.pid.json";

export function pidFileOf(directory: string): string {
  return path.join(directory, FILE);
}

/** Undefined when there is none; one that cannot be understood names nobody and has expired. */
export async function readGuestRecord(directory: string): Promise<GuestRecord | undefined> {
  let text: string;
  try {
    text = await readFile(pidFileOf(directory), "utf8");
  } catch {
    return undefined;
  }
  try {
    const { job, agent, until, processes } = JSON.parse(text) as Partial<Record<keyof GuestRecord, unknown>>;
    if (typeof job !== "string" || typeof until !== "number" || !isIdentified(agent) || !Array.isArray(processes)) {
      return NOBODY;
    }
    const named = processes.filter(isIdentified).map((p) => ({ name: "", ...p }));
    return { schemaVersion: 1, job, agent, until, processes: named };
  } catch {
    return NOBODY;
  }
}

const NOBODY: GuestRecord = {
  schemaVersion: 1,
  job: "",
  agent: { pid: 0, startTime: "" },
  until: 0,
  processes: [],
};

function isIdentified(value: unknown): value is Identified {
  const { pid, startTime } = (value ?? {}) as Partial<Record<keyof Identified, unknown>>;
  // 0 and below would mean whole groups.
  return Number.isSafeInteger(pid) && (pid as number) > 1 && typeof startTime === "string" && startTime !== "";
}
