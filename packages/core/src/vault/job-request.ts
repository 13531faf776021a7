import { z } from "zod";
import { type Problem, show } from "../errors/errors";
import { choice, encode, flag, objectOf, words } from "../errors/fields";
import { problemsOf } from "../errors/from-zod";
import { knownKeysAt } from "../errors/known-keys";
import { JOB_KINDS, type VaultJobRequest } from "./job";
import { LEVELS } from "./levels";

const CODE = "JOB_FIELD";
const node = words("the name of a node", CODE);
const point = words("the id of a point", CODE);
const from = words('"vault" or the name of a copy', CODE);
const TRIGGERS = ["schedule", "blocks", "manual", "replacement", "upgrade"] as const;

const selector = z.custom<Extract<VaultJobRequest, { kind: "restore" }>["point"]>(isSelector, {
  error: (issue) =>
    encode(
      `got ${show(issue.input)}; use { id: "..." }, { newestVerified: true } or { atHeight: 1000 }`,
      "JOB_POINT_SELECTOR",
    ),
});

function isSelector(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return false;
  const { id, newestVerified, atHeight } = value as Record<string, unknown>;
  if (id !== undefined) return typeof id === "string" && id.length > 0 && id.length < 200;
  return newestVerified === true || (typeof atHeight === "number" && Number.isSafeInteger(atHeight) && atHeight >= 0);
}

const FORMS = {
  backup: z.strictObject({
    kind: z.literal("backup"),
    node: node.optional(),
    trigger: choice(TRIGGERS, CODE).optional(),
  }),
  verify: z.strictObject({
    kind: z.literal("verify"),
    point: point.optional(),
    level: choice(LEVELS, CODE).optional(),
  }),
  drill: z.strictObject({ kind: z.literal("drill"), point: point.optional(), from: from.optional() }),
  restore: z.strictObject({
    kind: z.literal("restore"),
    node,
    point: selector,
    forceUnverified: flag(CODE).optional(),
  }),
  "discard-old": z.strictObject({ kind: z.literal("discard-old"), node }),
  retain: z.strictObject({ kind: z.literal("retain") }),
  check: z.strictObject({ kind: z.literal("check") }),
  promote: z.strictObject({ kind: z.literal("promote"), node, undo: flag(CODE).optional() }),
} as const;

const kindSchema = z.looseObject(
  { kind: choice(JOB_KINDS, "JOB_KIND") },
  objectOf('an object like { kind: "backup" }', "JOB_FORM"),
);

/** Reads the body of a request for a job, and says everything that is wrong with it at once. */
export function parseJobRequest(
  input: unknown,
): { readonly request: VaultJobRequest } | { readonly problems: readonly Problem[] } {
  const kind = kindSchema.safeParse(input);
  if (!kind.success) return { problems: named(problemsOf(kind.error, input, () => [])) };
  const schema = FORMS[kind.data.kind];
  const parsed = schema.safeParse(input);
  if (parsed.success) return { request: parsed.data as VaultJobRequest };
  return { problems: named(problemsOf(parsed.error, input, (path) => knownKeysAt(schema, path))) };
}

function named(problems: readonly Problem[]): Problem[] {
  return problems.map((p) => (p.path === "args" ? { ...p, path: "body" } : p));
}
