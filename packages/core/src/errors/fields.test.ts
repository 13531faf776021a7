import type { z } from "zod";
import { between, choice, decode, encode, flag, text, whole, words } from "./fields";

function told(schema: z.ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const { message, code } = decode(parsed.error.issues[0]?.message ?? "");
  return `${message} [${code}]`;
}

const count = whole(1, 200, "COUNT");
const seconds = between(0.2, 60, "SECONDS");
const kind = choice(["full", "validator"], "KIND");
const name = text(/^[a-z]{1,3}$/, "1 to 3 letters", "NAME");
const directory = words("a directory", "DIR");
const enabled = flag("FLAG");

describe("fields", () => {
  it.each([
    [count, 1],
    [count, 200],
    [seconds, 0.2],
    [seconds, 60],
    [kind, "validator"],
    [name, "abc"],
    [directory, "a b/ü"],
    [directory, "x".repeat(1000)],
    [enabled, false],
  ])("take what is allowed", (schema, value) => {
    expect(told(schema, value)).toBeUndefined();
  });

  it.each([
    [count, 0, "got 0; use a whole number from 1 to 200 [COUNT]"],
    [count, 201, "got 201; use a whole number from 1 to 200 [COUNT]"],
    [count, 1.5, "got 1.5; use a whole number from 1 to 200 [COUNT]"],
    [count, "3", 'got "3"; use a whole number from 1 to 200 [COUNT]'],
    [count, Number.NaN, "got NaN; use a whole number from 1 to 200 [COUNT]"],
    [count, undefined, "missing; give a whole number from 1 to 200 [COUNT]"],
    [count, null, "got null; use a whole number from 1 to 200 [COUNT]"],
    [seconds, 0.19, "got 0.19; use a number from 0.2 to 60 [SECONDS]"],
    [seconds, Number.POSITIVE_INFINITY, "got Infinity; use a number from 0.2 to 60 [SECONDS]"],
    [kind, "validater", 'got "validater"; use one of "full", "validator"; did you mean "validator" [KIND]'],
    [kind, "x", 'got "x"; use one of "full", "validator" [KIND]'],
    [kind, 5, 'got 5; use one of "full", "validator" [KIND]'],
    [kind, undefined, 'missing; give one of "full", "validator" [KIND]'],
    [name, "abcd", 'got "abcd"; use 1 to 3 letters [NAME]'],
    [name, "ab\n", 'got "ab\\n"; use 1 to 3 letters [NAME]'],
    [directory, "", 'got ""; use a directory [DIR]'],
    [directory, "a\u0000b", 'got "a\\u0000b"; use a directory [DIR]'],
    [directory, "a\u2028b", expect.stringMatching(/^got "a.b"; use a directory \[DIR\]$/s)],
    [enabled, "true", 'got "true"; use true or false [FLAG]'],
    [enabled, 1, "got 1; use true or false [FLAG]"],
  ])("say what they got and what is allowed", (schema, value, line) => {
    expect(told(schema, value)).toEqual(line);
  });

  it("refuse texts that are too long, and shorten them", () => {
    expect(told(directory, "x".repeat(1001))).toMatch(/^got "x{76}\.\.\.; use a directory \[DIR\]$/);
  });

  it("take message and code apart again, also where there is no code", () => {
    expect(decode(encode("got 1; use 2", "CODE"))).toEqual({ message: "got 1; use 2", code: "CODE" });
    expect(decode("written by zod")).toEqual({ message: "written by zod", code: undefined });
  });
});
