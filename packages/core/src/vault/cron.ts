import { Cron } from "croner";

/** Whether a text is a five-field cron line. */
export function isCron(line: string): boolean {
  if (line.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(line, { paused: true, timezone: "UTC" }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** Unix seconds of the first time after another one, in UTC; undefined when there is none. */
export function nextTime(line: string, after: number): number | undefined {
  const next = new Cron(line, { paused: true, timezone: "UTC" }).nextRun(new Date(after * 1000));
  return next === null ? undefined : next.getTime() / 1000;
}

const DAY = 86_400;
const endOfDay = (at: number) => (Math.floor(at / DAY) + 1) * DAY - 1;

/**
 * Longest distance between two of the next times: what a schedule promises at least. 0 where fewer than two come.
 *
 * Minutes and hours are the same on every day that a cron line names, so one of these days is walked through, and after it only from day to
 * day: every minute of a year would take seconds.
 *
 * @param days - So many days that the line names are looked at.
 */
export function longestGapSeconds(line: string, from: number, days = 400): number {
  const first = nextTime(line, endOfDay(from - DAY));
  if (first === undefined) return 0;
  let longest = 0;
  let last = first;
  for (let at = nextTime(line, last); at !== undefined && at <= endOfDay(first); at = nextTime(line, at)) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  const span = last - first;
  for (let i = 0; i < days; i++) {
    const next = nextTime(line, endOfDay(last));
    if (next === undefined) break;
    longest = Math.max(longest, next - last);
    last = next + span;
  }
  return longest;
}
