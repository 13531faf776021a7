import type { z } from "zod";
import { type Problem, show } from "./errors";
import { decode } from "./fields";
import { didYouMean } from "./suggest";

type Path = readonly PropertyKey[];

/** Dotted path; keys that are no plain words are quoted in brackets, long ones are shortened. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const word = String(key);
    const plain = /^[A-Za-z_][\w-]{0,59}$/.test(word);
    if (!plain) return `${text}[${show(word)}]`;
    return text === "" ? word : `${text}.${word}`;
  }, "");
}

/** Turns zod's issues into ours: one per path, first one wins, unknown keys with a suggestion. */
export function problemsOf(error: z.ZodError, input: unknown, knownKeys: (path: Path) => readonly string[]): Problem[] {
  const found = new Map<string, Problem>();
  const add = (path: Path, message: string, code: string) => {
    const key = pathText(path) || "args";
    if (!found.has(key)) found.set(key, { path: key, message, code });
  };
  for (const issue of error.issues) {
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(issue.path);
      for (const key of issue.keys) add([...issue.path, key], unknownKey(key, known), "UNKNOWN_KEY");
      continue;
    }
    if (issue.code === "invalid_key") {
      const inner = issue.issues[0];
      const { message, code } = decode(inner?.message ?? issue.message);
      add(issue.path, message, code ?? "BAD_KEY");
      continue;
    }
    const { message, code } = decode(issue.message);
    if (code !== undefined) add(issue.path, message, code);
    else add(issue.path, plainMessage(issue, valueAt(input, issue.path)), "BAD_TYPE");
  }
  return [...found.values()];
}

/** What is said of a key that nobody knows. */
export function unknownKey(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known);
  const list = known.length > 0 ? `; known keys are ${known.join(", ")}` : "";
  return `unknown key${hint}${list}; remove it or use a known one`;
}

function plainMessage(issue: z.core.$ZodIssue, value: unknown): string {
  const expected = issue.code === "invalid_type" ? issue.expected : "another value";
  const article = expected === "object" || expected === "array" ? "an" : "a";
  return value === undefined
    ? `missing; give ${article} ${expected}`
    : `got ${show(value)}; use ${article} ${expected} (${issue.message})`;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
