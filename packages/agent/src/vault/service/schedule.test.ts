import type { VaultPolicy } from "@chainkeep/core";
import { checkPart, dueNow, type Marks, type Moment, nextBackupAt, retrySeconds } from "./schedule";

const HOUR = 3600;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.UTC(2026, 10, 25) / 1000;
const policy = {
  schedule: "0 3 * * *",
  everyBlocks: null,
  verify: { schedule: "0 5 * * 0", afterEach: false, level: "chain" },
  drill: null,
} as unknown as VaultPolicy;
const fresh: Marks = {
  since: MIDNIGHT,
  backup: null,
  verify: null,
  drill: null,
  check: MIDNIGHT,
  failures: 0,
  failedAt: null,
};
const due = (now: number, marks: Partial<Marks> = {}, change: Partial<Moment> = {}) =>
  dueNow({ now, policy, marks: { ...fresh, ...marks }, height: undefined, newestHeight: undefined, ...change });

describe("dueNow", () => {
  it("is the time of the schedule in UTC, once", () => {
    expect(due(MIDNIGHT + 3 * HOUR - 1)).toEqual([]);
    expect(due(MIDNIGHT + 3 * HOUR)).toEqual(["backup"]);
    expect(due(MIDNIGHT + 3 * HOUR + 5, { backup: MIDNIGHT + 3 * HOUR + 1 })).toEqual([]);
  });

  it("makes up once for what passed while nobody was there, however often it passed", () => {
    const now = MIDNIGHT + 10 * DAY + HOUR;
    expect(due(now, { check: now })).toEqual(["backup", "verify"]);
    expect(due(now, { check: now, backup: now, verify: now })).toEqual([]);
  });

  it("is not overdue on the day that a vault begins", () => {
    expect(due(MIDNIGHT + 4 * HOUR, { since: MIDNIGHT + 4 * HOUR - 5, check: MIDNIGHT + 4 * HOUR })).toEqual([]);
  });

  it("comes again after a failure, later each time, and not before", () => {
    const at = MIDNIGHT + 3 * HOUR;
    const failed = { backup: at, failures: 1, failedAt: at };
    expect(due(at + 299, failed)).toEqual([]);
    expect(due(at + 300, failed)).toEqual(["backup"]);
    expect([0, 1, 2, 3, 20].map((n) => retrySeconds(n, "0 3 * * *"))).toEqual([0, 300, 600, 1200, 6 * HOUR]);
  });

  it("never waits longer for the next try than the schedule does", () => {
    expect([1, 3].map((n) => retrySeconds(n, "* * * * *"))).toEqual([60, 60]);
    expect([1, 3].map((n) => retrySeconds(n, "*/15 * * * *"))).toEqual([300, 900]);
    expect(retrySeconds(20, null)).toBe(6 * HOUR);
  });

  it("goes by height where that is asked for, from the first block on", () => {
    const byBlocks = { policy: { ...policy, schedule: null, everyBlocks: 100 }, height: 250 };
    expect(due(MIDNIGHT, {}, byBlocks)).toEqual(["blocks"]);
    expect(due(MIDNIGHT, {}, { ...byBlocks, newestHeight: 151 })).toEqual([]);
    expect(due(MIDNIGHT, {}, { ...byBlocks, newestHeight: 150 })).toEqual(["blocks"]);
    expect(due(MIDNIGHT, {}, { ...byBlocks, height: undefined })).toEqual([]);
  });

  it("looks over another part of the store each day, over all of it in a week", () => {
    expect(due(MIDNIGHT + DAY, { backup: MIDNIGHT + DAY })).toEqual(["check"]);
    const parts = Array.from({ length: 7 }, (_, i) => checkPart(MIDNIGHT + i * DAY).n);
    expect(parts.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe("nextBackupAt", () => {
  it("is the next time of the schedule, or of the next try", () => {
    const now = MIDNIGHT + 4 * HOUR;
    expect(nextBackupAt({ policy, now, marks: { ...fresh, backup: now } })).toBe(MIDNIGHT + 27 * HOUR);
    expect(nextBackupAt({ policy, now, marks: { ...fresh, backup: now, failures: 1, failedAt: now } })).toBe(now + 300);
    expect(nextBackupAt({ policy: { ...policy, schedule: null }, now, marks: fresh })).toBeNull();
  });
});
