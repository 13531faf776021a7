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

/** Longest distance between two of the next times: what a schedule promises at least. */
export function longestGapSeconds(line: string, from: number, times = 400): number {
  let longest = 0;
  for (let i = 0, at = nextTime(line, from); i < times && at !== undefined; i++) {
    const next = nextTime(line, at);
    if (next === undefined) break;
    longest = Math.max(longest, next - at);
    at = next;
  }
  return longest;
}
