import fc from "fast-check";
import { isCron, longestGapSeconds, nextTime } from "./cron";

const at = (time: string) => Date.parse(time) / 1000;
/** A Thursday. */
const FROM = at("2026-01-01T00:00:00Z");
const HOUR = 3600;
const DAY = 24 * HOUR;

describe("isCron", () => {
  it.each(["0 3 * * *", "*/5 * * * *", " 15 4 1,15 * 1-5 ", "0 0 29 2 *"])("takes %j", (line) => {
    expect(isCron(line)).toBe(true);
  });

  it.each(["", "@daily", "0 3 * *", "0 0 3 * * *", "61 * * * *", "0 0 30 2 *", "a b c d e", "2026-01-01T00:00:00Z"])(
    "refuses %j, which has another form or never comes",
    (line) => {
      expect(isCron(line)).toBe(false);
    },
  );
});

describe("nextTime", () => {
  it("is later, and in UTC", () => {
    expect(nextTime("0 3 * * *", FROM)).toBe(at("2026-01-01T03:00:00Z"));
    expect(nextTime("0 3 * * *", at("2026-01-01T03:00:00Z"))).toBe(at("2026-01-02T03:00:00Z"));
    expect(nextTime("30 2 * * *", at("2026-03-29T00:00:00Z"))).toBe(at("2026-03-29T02:30:00Z"));
  });
});

describe("longestGapSeconds", () => {
  it.each([
    ["0 3 * * *", DAY],
    ["* * * * *", 60],
    ["0 */6 * * *", 6 * HOUR],
    ["0 3,5 * * *", 22 * HOUR],
    ["0 0,20 * * *", 20 * HOUR],
    ["0 3 * * 0", 7 * DAY],
    // Over the weekend, also where the times of a day are many.
    ["*/5 * * * 1-5", 2 * DAY + 300],
    ["0 9-17 * * 1-5", 2 * DAY + 16 * HOUR],
    ["0 0 1 * *", 31 * DAY],
    // From March to May, and from 2096 to 2104.
    ["0 0 31 * *", 61 * DAY],
    ["0 0 29 2 *", 2921 * DAY],
  ])("of %s is %d", (line, seconds) => {
    expect(longestGapSeconds(line, FROM)).toBe(seconds);
  });

  it("is that of a walk from time to time, wherever it begins", () => {
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 4 });
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(hours, days, fc.integer({ min: 0, max: 7 * DAY }), (hour, day, later) => {
        const line = `30 ${hour.join(",")} * * ${day.join(",")}`;
        let walked = 0;
        let last = nextTime(line, FROM) as number;
        while (last < FROM + 21 * DAY) {
          const next = nextTime(line, last) as number;
          walked = Math.max(walked, next - last);
          last = next;
        }
        expect(longestGapSeconds(line, FROM + later)).toBe(walked);
      }),
      { numRuns: 20 },
    );
  });
});
