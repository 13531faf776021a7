import { z } from "zod";
import { show } from "./errors";
import { didYouMean } from "./suggest";

const SEPARATOR = "\u0000";

/** Message and code travel through zod in one text; `problemsOf` takes them apart again. */
export function encode(message: string, code: string): string {
  return `${message}${SEPARATOR}${code}`;
}

/** Message and code of an encoded text; no code when zod wrote it. */
export function decode(text: string): { message: string; code: string | undefined } {
  const [message = "", code] = text.split(SEPARATOR);
  return { message, code };
}

type Issue = { readonly input?: unknown };

/** Errors of an object, list or record that is something else; unknown keys inside are told by themselves. */
export function objectOf(allowed: string, code: string) {
  return {
    error: (issue: { code?: string; input?: unknown }) => {
      if (issue.code === "unrecognized_keys") return undefined;
      return issue.input === undefined
        ? encode(`missing; give ${allowed}`, code)
        : encode(`got ${show(issue.input)}; use ${allowed}`, code);
    },
  };
}

function refuse(allowed: string, code: string) {
  return {
    error: (issue: Issue) =>
      issue.input === undefined
        ? encode(`missing; give ${allowed}`, code)
        : encode(`got ${show(issue.input)}; use ${allowed}`, code),
  };
}

/** A whole number of the range, both ends included. */
export function whole(min: number, max: number, code: string) {
  const text = refuse(`a whole number from ${min} to ${max}`, code);
  return z.int(text).min(min, text).max(max, text);
}

/** A number of the range, both ends included. */
export function between(min: number, max: number, code: string) {
  const text = refuse(`a number from ${min} to ${max}`, code);
  return z.number(text).min(min, text).max(max, text);
}

/** One of the given words, with a suggestion for a near miss. */
export function choice<const T extends readonly [string, ...string[]]>(values: T, code: string) {
  const list = values.map((v) => JSON.stringify(v)).join(", ");
  return z.enum(values, {
    error: (issue: Issue) => {
      if (issue.input === undefined) return encode(`missing; give one of ${list}`, code);
      const hint = typeof issue.input === "string" ? didYouMean(issue.input, values) : "";
      return encode(`got ${show(issue.input)}; use one of ${list}${hint}`, code);
    },
  });
}

/** A text of the given form; `allowed` says the form in words. */
export function text(pattern: RegExp, allowed: string, code: string) {
  const message = refuse(allowed, code);
  return z.string(message).regex(pattern, message);
}

/** True or false, and nothing that merely looks like it. */
export function flag(code: string) {
  return z.boolean(refuse("true or false", code));
}

/** A text of one line, 1 to 1000 characters: it ends up on command lines, in paths and in line-based files. */
export function words(allowed: string, code: string) {
  const message = refuse(allowed, code);
  return z.string(message).min(1, message).max(1000, message).refine(isOneLine, message);
}

/** Whether a text has neither line breaks nor other control characters. */
export function isOneLine(value: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(value);
}
