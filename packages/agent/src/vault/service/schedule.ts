import { longestGapSeconds, nextTime, type VaultPolicy } from "@chainkeep/core";

/** What is remembered of the times at which things were done. Unix seconds. */
export interface Marks {
  /** When this vault was first seen: nothing is overdue before. */
  readonly since: number;
  readonly backup: number | null;
  readonly verify: number | null;
  readonly drill: number | null;
  readonly check: number | null;
  /** Failed backups in a row, and when the last one was. */
  readonly failures: number;
  readonly failedAt: number | null;
}

export interface Moment {
  readonly now: number;
  readonly policy: VaultPolicy;
  readonly marks: Marks;
  /** Height of the network, and of the newest point; undefined where that is not known. */
  readonly height: number | undefined;
  readonly newestHeight: number | undefined;
}

export type Due = "backup" | "blocks" | "verify" | "drill" | "check";

const DAY = 86_400;
const FIRST_RETRY_SECONDS = 300;
const LAST_RETRY_SECONDS = 6 * 3600;
/** A full look over the store takes so many runs, one a day. */
export const CHECK_PARTS = 7;

/**
 * What is to be done now. A time that passed while nobody was there is made up for once, however many of them passed. After a failed backup the
 * next try comes after five minutes, then after twice as long each time, at most six hours, and never later than the schedule has it.
 */
export function dueNow({ now, policy, marks, height, newestHeight }: Moment): Due[] {
  const due: Due[] = [];
  const passed = (line: string, last: number | null) => {
    const next = nextTime(line, last ?? marks.since);
    return next !== undefined && next <= now;
  };
  const waits = marks.failedAt !== null && now < marks.failedAt + retrySeconds(marks.failures, policy.schedule);
  if (!waits) {
    const retry = marks.failures > 0;
    const byClock = policy.schedule !== null && (passed(policy.schedule, marks.backup) || retry);
    const byBlocks = policy.everyBlocks !== null && rose(height, newestHeight, policy.everyBlocks);
    if (byClock) due.push("backup");
    else if (byBlocks) due.push("blocks");
  }
  if (policy.verify && passed(policy.verify.schedule, marks.verify)) due.push("verify");
  if (policy.drill && passed(policy.drill.schedule, marks.drill)) due.push("drill");
  if (now >= (marks.check ?? marks.since) + DAY) due.push("check");
  return due;
}

/** Without any point, the first one is due as soon as there is something to copy. */
function rose(height: number | undefined, newest: number | undefined, every: number): boolean {
  if (height === undefined) return false;
  return newest === undefined ? height > 0 : height - newest >= every;
}

export function retrySeconds(failures: number, schedule: string | null): number {
  if (failures === 0) return 0;
  const most = Math.min(LAST_RETRY_SECONDS, (schedule === null ? 0 : gapOf(schedule)) || LAST_RETRY_SECONDS);
  return Math.min(most, FIRST_RETRY_SECONDS * 2 ** Math.min(20, failures - 1));
}

const gaps = new Map<string, number>();

/** Longest time between two runs of a schedule. From a fixed day on: the answer never changes, and nobody need reckon a year anew. */
export function gapOf(line: string): number {
  const known = gaps.get(line) ?? longestGapSeconds(line, Date.UTC(2026, 0, 1) / 1000);
  gaps.set(line, known);
  return known;
}

/** When the next backup by the clock is due; null when none is. */
export function nextBackupAt({ policy, marks, now }: Pick<Moment, "policy" | "marks" | "now">): number | null {
  if (policy.schedule === null) return null;
  const next = nextTime(policy.schedule, marks.backup ?? marks.since);
  const retry =
    marks.failedAt === null || marks.failures === 0
      ? undefined
      : marks.failedAt + retrySeconds(marks.failures, policy.schedule);
  return retry ?? (next === undefined ? null : Math.max(next, now));
}

/** Which of the parts is looked at in a run: day by day, so that a week sees all of them. */
export function checkPart(now: number): { readonly n: number; readonly t: number } {
  return { n: (Math.floor(now / DAY) % CHECK_PARTS) + 1, t: CHECK_PARTS };
}
