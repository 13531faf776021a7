import { z } from "zod";
import { encode } from "./fields";
import { unknownKey } from "./from-zod";
import { knownKeysAt } from "./known-keys";

/**
 * A value whose schema depends on what it looks like, e.g. an object or the word "none". Of a plain union, zod would tell the
 * problems of all sides at once.
 */
export function chosen<T>(choose: (value: unknown) => z.ZodType): z.ZodType<T> {
  return z.custom<T>().superRefine((value, ctx) => {
    const schema = choose(value);
    const parsed = schema.safeParse(value);
    for (const issue of parsed.error?.issues ?? []) {
      const add = (path: readonly PropertyKey[], message: string) =>
        ctx.addIssue({ code: "custom", path: [...path], message, input: value });
      if (issue.code === "unrecognized_keys") {
        const known = knownKeysAt(schema, issue.path);
        for (const key of issue.keys) add([...issue.path, key], encode(unknownKey(key, known), "UNKNOWN_KEY"));
      } else if (issue.code === "invalid_key") add(issue.path, issue.issues[0]?.message ?? issue.message);
      else add(issue.path, issue.message);
    }
  });
}
