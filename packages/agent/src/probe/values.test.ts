import type { ValueFormat } from "@chainkeep/core";
import fc from "fast-check";
import { readAs, valueAt } from "./values";

const FORMATS: ValueFormat[] = [
  "decimal",
  "hex",
  "string",
  "boolean",
  "falseOrObject",
  "time",
  "unix",
  "hexUnix",
  "scaleMillis",
  "length",
];

describe("readAs", () => {
  it.each<[ValueFormat, unknown, number | string | boolean]>([
    ["decimal", 7, 7],
    ["decimal", "0012", 12],
    ["decimal", 0, 0],
    ["decimal", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ["hex", "0x0", 0],
    ["hex", "0x1fA", 506],
    ["hex", "0x00000000000000000000000000000001", 1],
    ["string", "", ""],
    ["boolean", false, false],
    ["falseOrObject", false, false],
    ["falseOrObject", { currentBlock: "0x1" }, true],
    ["falseOrObject", true, true],
    ["time", "1970-01-01T00:00:01Z", 1],
    ["time", "2026-11-24T03:10:04.694230903Z", 1795489804.694231],
    ["time", "2026-11-24T05:10:04+02:00", 1795489804],
    ["unix", 1795489804, 1795489804],
    ["unix", "1795489804", 1795489804],
    ["hexUnix", "0x6b04b58c", 1795470732],
    ["scaleMillis", "0x0b00000000000000", 0.011],
    ["length", [1, 2], 2],
  ])("reads %s from %j", (format, raw, expected) => {
    const reading = readAs(raw, format);
    if (typeof expected === "number") {
      expect(reading).toEqual({ value: expect.closeTo(expected, 6) });
    } else expect(reading).toEqual({ value: expected });
  });

  it.each<[ValueFormat, unknown]>([
    ["decimal", -1],
    ["decimal", 1.5],
    ["decimal", 1e300],
    ["decimal", Number.POSITIVE_INFINITY],
    ["decimal", "99999999999999999999"],
    ["decimal", "0x10"],
    ["decimal", " 1"],
    ["decimal", ""],
    ["decimal", true],
    ["hex", 16],
    ["hex", "16"],
    ["hex", "0x"],
    ["hex", "0xfffffffffffffff"],
    ["hex", `0x${"0".repeat(5000)}1`],
    ["string", 7],
    ["boolean", "true"],
    ["falseOrObject", "false"],
    ["falseOrObject", 0],
    ["time", "yesterday"],
    ["time", "2026-13-24T00:00:00Z"],
    ["time", 1795489804],
    ["time", "-000001-01-01T00:00:00Z"],
    ["unix", -5],
    ["unix", 1e20],
    ["unix", "1e9"],
    ["hexUnix", "0xffffffffffffff"],
    ["scaleMillis", "0x0b"],
    ["scaleMillis", `0x${"f".repeat(16)}`],
    ["length", { length: 3 }],
  ])("finds that %s does not fit %j", (format, raw) => {
    expect(readAs(raw, format)).toEqual({ bad: expect.any(String) });
  });

  it("takes null and Go's zero time for not told", () => {
    for (const format of FORMATS) {
      expect(readAs(null, format)).toBe("absent");
      expect(readAs(undefined, format)).toBe("absent");
    }
    expect(readAs("0001-01-01T00:00:00Z", "time")).toBe("absent");
  });

  it("never throws, and numbers are always sound", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FORMATS), fc.oneof(fc.jsonValue(), fc.string(), fc.double()), (format, raw) => {
        const reading = readAs(raw, format);
        if (typeof reading !== "object" || !("value" in reading)) return;
        if (typeof reading.value === "number") expect(reading.value).toBeGreaterThanOrEqual(0);
        if (format === "decimal" || format === "hex") expect(Number.isSafeInteger(reading.value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("shows what does not fit in few printable characters", () => {
    const reading = readAs(`\u001b[31m${"x".repeat(1000)}\n`, "decimal");
    expect(reading).toEqual({ bad: expect.stringMatching(/^[\x20-\x7e]{1,60}$/) });
  });
});

describe("valueAt", () => {
  const answer = { a: { b: [{ c: 1 }] }, "": 2 };

  it.each([
    ["", answer],
    ["a.b.0.c", 1],
    ["a.b.1.c", undefined],
    ["a.x.y", undefined],
    ["a.b.length", 1],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["a.toString.name", undefined],
  ])("%j", (path, expected) => {
    expect(valueAt(answer, path)).toEqual(expected);
  });

  it("walks through anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, path) => {
        valueAt(value, path);
      }),
    );
  });
});
