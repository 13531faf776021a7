import * as path from "node:path";
import type { Problem } from "@chainkeep/core";
import { show } from "../supervisor/problem";
import { UNKNOWN } from "./wire";

/** Checks one value. `at` is its path; what a preview does not know yet is not asked. */
export type Rule = (value: unknown, at: string) => Problem[];

function refuse(at: string, value: unknown, allowed: string, code: string): Problem[] {
  const message = value === undefined ? `missing; give ${allowed}` : `got ${show(value)}; use ${allowed}`;
  return [{ path: at, message, code }];
}

function rule(allowed: string, code: string, holds: (value: unknown) => boolean): Rule {
  return (value, at) => (value === UNKNOWN || holds(value) ? [] : refuse(at, value, allowed, code));
}

export const text = (pattern: RegExp, allowed: string, code: string) =>
  rule(allowed, code, (value) => typeof value === "string" && pattern.test(value));

export const anyText: Rule = rule("a text", "BAD_TYPE", (value) => typeof value === "string");

export const flag: Rule = rule("true or false", "BAD_TYPE", (value) => typeof value === "boolean");

export const whole = (from: number, to: number, code: string) =>
  rule(
    `a whole number from ${from} to ${to}`,
    code,
    (value) => typeof value === "number" && Number.isInteger(value) && value >= from && value <= to,
  );

export const choice = (values: readonly string[], code: string) =>
  rule(`one of ${values.map((v) => JSON.stringify(v)).join(", ")}`, code, (value) => values.includes(value as string));

export const absolutePath: Rule = rule(
  "an absolute path",
  "PATH_NOT_ABSOLUTE",
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no path has one
  (value) => typeof value === "string" && path.isAbsolute(value) && !/[\u0000-\u001f]/.test(value),
);

/** A word of a command line: any text that the system can pass on. */
export const word: Rule = rule(
  "a text without NUL characters",
  "BAD_WORD",
  (value) => typeof value === "string" && !value.includes("\u0000"),
);

export const optional =
  (inner: Rule): Rule =>
  (value, at) =>
    value === undefined ? [] : inner(value, at);

export const listOf =
  (inner: Rule, allowed: string): Rule =>
  (value, at) => {
    if (value === UNKNOWN) return [];
    if (!Array.isArray(value)) return refuse(at, value, allowed, "BAD_TYPE");
    return value.flatMap((item, i) => inner(item, `${at}[${i}]`));
  };

export const mapOf =
  (key: Rule, inner: Rule, allowed: string): Rule =>
  (value, at) => {
    if (value === UNKNOWN) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return refuse(at, value, allowed, "BAD_TYPE");
    return Object.entries(value).flatMap(([name, item]) => {
      const itemAt = /^[A-Za-z_]\w*$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
      return [...key(name, itemAt), ...inner(item, itemAt)];
    });
  };

/** An absolute executable and its arguments. */
export const commandLine: Rule = (value, at) => {
  if (value === UNKNOWN) return [];
  if (!Array.isArray(value) || value.length === 0) {
    return refuse(at, value, "a list of an absolute executable and its arguments", "BAD_COMMAND");
  }
  return value.flatMap((item, i) => (i === 0 ? absolutePath : word)(item, `${at}[${i}]`));
};

/** All problems of an object: every rule, and every key that no rule knows. */
export function objectProblems(
  value: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
  at = "",
): Problem[] {
  const join = (key: string) => (at === "" ? key : `${at}.${key}`);
  const known = Object.entries(rules).flatMap(([key, check]) => check(value[key], join(key)));
  const list = Object.keys(rules).join(", ");
  const unknown = Object.keys(value).filter((key) => !(key in rules) && value[key] !== undefined);
  const strangers = unknown.map((key) => {
    return { path: join(key), message: `unknown key; known keys are ${list}`, code: "UNKNOWN_KEY" };
  });
  return [...known, ...strangers];
}
