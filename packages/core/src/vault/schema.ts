import { z } from "zod";
import { show } from "../errors/errors";
import { choice, encode, flag, objectOf, text, whole, words } from "../errors/fields";
import { unknownKey } from "../errors/from-zod";
import { isCron } from "./cron";
import { LEVELS } from "./levels";
import { COMPLIANCE_CONFIRMATION } from "./spec";

const YEAR = 31_536_000;
const CRON = 'a five-field cron line in UTC like "0 3 * * *"';
const cron = () =>
  words(CRON, "CRON_FORM").refine(isCron, {
    error: (issue) => encode(`got ${show(issue.input)}; use ${CRON}`, "CRON_FORM"),
  });
const file = (what: string) => text(/^\/\S/, `the absolute path of the file with ${what}`, "VAULT_FILE");

/** A setting, or false for none. */
function orOff<T extends z.ZodType>(schema: T) {
  return z.custom<z.infer<T> | false>().superRefine((value, ctx) => {
    if (value === false || value === undefined) return;
    for (const issue of schema.safeParse(value).error?.issues ?? []) {
      if (issue.code !== "unrecognized_keys") ctx.addIssue({ ...issue, code: "custom" });
      else for (const key of issue.keys) ctx.addIssue(strangerIssue([...issue.path, key], schema));
    }
  });
}

/** Whoever looks for the known keys of a place cannot look into a setting that may be off. */
function strangerIssue(path: PropertyKey[], schema: z.ZodType) {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return { code: "custom" as const, path, message: encode(unknownKey(String(path.at(-1)), known), "UNKNOWN_KEY") };
}

export const vaultName = text(
  /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  "1 to 40 lower-case letters, digits and dashes, starting with a letter, ending with a letter or digit",
  "NAME_FORM",
);

const count = () => whole(0, 10_000, "KEEP_RANGE").optional();
export const keepSchema = z.strictObject(
  {
    last: whole(1, 10_000, "KEEP_RANGE").optional(),
    hourly: count(),
    daily: count(),
    weekly: count(),
    monthly: count(),
  },
  objectOf("an object like { last: 3, daily: 7 }", "KEEP_FORM"),
);

export const s3Schema = z.strictObject(
  {
    bucket: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of a bucket", "S3_BUCKET"),
    endpoint: text(
      /^https?:\/\/[A-Za-z0-9.:[\]-]+$/,
      'an address like "https://s3.eu-west-1.amazonaws.com"',
      "S3_ENDPOINT",
    ).optional(),
    region: text(/^[a-z0-9-]{1,40}$/, 'a region like "eu-west-1"', "S3_REGION").optional(),
    prefix: text(
      /^(?!.{201})[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
      'a folder like "chain/backups"',
      "S3_PREFIX",
    ).optional(),
    accessKeyIdFile: file("the access key id").optional(),
    secretAccessKeyFile: file("the secret access key").optional(),
  },
  objectOf('an object like { bucket: "vault" }', "S3_FORM"),
);

const PLACE = 'an object like { directory: "/srv/vault" } or { s3: { bucket: "vault" } }';
export const destinationSchema = z
  .strictObject(
    {
      directory: text(/^\/\S/, "the absolute path of a directory", "VAULT_DIRECTORY").optional(),
      s3: s3Schema.optional(),
    },
    objectOf(PLACE, "DESTINATION_FORM"),
  )
  .refine((d) => (d.directory === undefined) !== (d.s3 === undefined), {
    error: (issue) => encode(`got ${show(issue.input)}; use one of directory and s3: ${PLACE}`, "DESTINATION_FORM"),
  });

export const lockSchema = z.strictObject(
  {
    mode: choice(["governance", "compliance"], "LOCK_MODE").optional(),
    days: whole(1, 36_500, "LOCK_DAYS").optional(),
    confirmCompliance: words(`the words ${JSON.stringify(COMPLIANCE_CONFIRMATION)}`, "LOCK_CONFIRMATION").optional(),
  },
  objectOf('an object like { mode: "governance", days: 7 }, or false', "LOCK_FORM"),
);

export const verifySchema = z.strictObject(
  {
    schedule: cron().optional(),
    afterEach: flag("VERIFY_AFTER_EACH").optional(),
    level: choice(
      LEVELS.slice(0, 5) as ["exists", "intact", "opens", "chain", "progresses"],
      "VERIFY_LEVEL",
    ).optional(),
  },
  objectOf('an object like { schedule: "0 5 * * 0", level: "chain" }, or false', "VERIFY_FORM"),
);

export const drillSchema = z.strictObject(
  { schedule: cron().optional(), from: words('"vault" or the name of one of copies', "DRILL_FROM").optional() },
  objectOf('an object like { schedule: "0 6 1 * *" }, or false', "DRILL_FORM"),
);

/** The vault itself goes by the name "vault" where a place is named. */
const copyName = text(
  /^(?!vault$)[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/,
  'a name of 1 to 24 lower-case letters, digits and dashes other than "vault"',
  "COPY_NAME",
);

/** What every target's `BackupVault` takes; a target adds its own keys. */
export const vaultSchema = z.strictObject(
  {
    schedule: orOff(cron()).optional(),
    everyBlocks: whole(10, 1_000_000_000, "EVERY_BLOCKS").optional(),
    keep: keepSchema.optional(),
    destination: destinationSchema.optional(),
    copies: z.record(copyName, destinationSchema, objectOf("destinations by name", "COPIES_FORM")).optional(),
    lock: orOff(lockSchema).optional(),
    verify: orOff(verifySchema).optional(),
    drill: orOff(drillSchema).optional(),
    objectives: z
      .strictObject(
        {
          rpoSeconds: whole(60, YEAR, "OBJECTIVE_RANGE").optional(),
          rtoSeconds: whole(60, YEAR, "OBJECTIVE_RANGE").optional(),
        },
        objectOf("an object like { rpoSeconds: 3600 }", "OBJECTIVES_FORM"),
      )
      .optional(),
    onStopTimeout: choice(["skip", "crash-consistent"], "ON_STOP_TIMEOUT").optional(),
    minReady: whole(1, 200, "MIN_READY").optional(),
  },
  objectOf("an object of vault settings", "ARGS_FORM"),
);

/** Whether a value is a target's `BackupVault`: it carries a checked vault. */
function isVault(value: unknown): boolean {
  try {
    const spec: unknown = (value as { vaultSpec?: unknown } | null)?.vaultSpec;
    return typeof spec === "object" && spec !== null && "policy" in spec && "destination" in spec;
  } catch {
    // Objects may refuse to be asked.
    return false;
  }
}

export const backupSchema = z.strictObject(
  {
    vault: z.custom<object>(isVault, {
      error: () => encode("got something that is no vault; use a BackupVault of the same target", "BACKUP_VAULT"),
    }),
    groups: z
      .array(
        words("the name of a group", "BACKUP_GROUPS"),
        objectOf('a list of groups like ["mirror"]', "BACKUP_GROUPS"),
      )
      .min(1, { error: () => encode("got []; use at least one group, or leave it out for all", "BACKUP_GROUPS") })
      .optional(),
  },
  objectOf("an object like { vault }", "BACKUP_FORM"),
);
