import { z } from "zod";
import { chosen } from "../errors/chosen";
import { show } from "../errors/errors";
import { between, choice, encode, flag, objectOf, text, whole, words } from "../errors/fields";
import { receiversSchema } from "./receivers/schema";
import { concealed, httpUrl, secretFile } from "./secret-file";
import { PRESETS } from "./types";
import { WEEKDAYS } from "./weekdays";

const YEAR = 31_536_000;
/** Any number: the range is the alert's, and told by `overrideProblems`. */
const figure = () => between(-1e18, 1e18, "ALERT_THRESHOLD");

export const alertOverrideSchema = z.strictObject(
  {
    enabled: flag("ALERT_ENABLED").optional(),
    threshold: figure().optional(),
    forSeconds: whole(0, 604_800, "ALERT_FOR_RANGE").optional(),
    severity: choice(["critical", "warning", "info"], "ALERT_SEVERITY").optional(),
  },
  objectOf("an object like { forSeconds: 60 }, true or false", "ALERT_OVERRIDE_FORM"),
);

const MANY = { error: (issue: { readonly input?: unknown }) => encode(notAShare(issue.input), "SLO_AVAILABILITY") };
const availability = z.number(MANY).min(0.5, MANY).max(0.99999, MANY);

/** Per cent are the usual slip. */
function notAShare(got: unknown): string {
  const share = typeof got === "number" && got >= 50 && got < 100 ? Number((got / 100).toPrecision(12)) : undefined;
  const hint = share === undefined ? "" : `; ${got} % are written ${share}`;
  return `got ${show(got)}; use a share from 0.5 to 0.99999${hint}`;
}

export const sloSchema = z.strictObject(
  {
    availability: availability.optional(),
    latencySeconds: between(0.001, 60, "SLO_LATENCY").optional(),
  },
  objectOf("an object like { availability: 0.999 }, or false", "SLO_FORM"),
);

const seconds = () => whole(60, YEAR, "OBJECTIVE_RANGE").optional();
export const objectivesSchema = z.strictObject(
  { rpoSeconds: seconds(), rtoSeconds: seconds(), verifySeconds: seconds() },
  objectOf("an object like { rpoSeconds: 3600 }", "OBJECTIVES_FORM"),
);

export const referenceSchema = z.strictObject(
  { url: httpUrl("REFERENCE_URL") },
  objectOf('an object like { url: "https://rpc.example.org" }', "REFERENCE_FORM"),
);

export const deadManSchema = z.strictObject(
  { urlFile: secretFile(), intervalSeconds: whole(10, 300, "DEAD_MAN_INTERVAL").optional() },
  concealed('an object like { urlFile: "/run/secrets/dead-man" }', "DEAD_MAN_FORM"),
);

const clock = (code: string) => text(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day like "02:30"', code);
export const maintenanceSchema = z.strictObject(
  {
    days: z
      .array(choice(WEEKDAYS, "MAINTENANCE_DAY"), objectOf("a list of days", "MAINTENANCE_DAY"))
      .min(1, objectOf("at least one day, or leave days out", "MAINTENANCE_DAY"))
      .optional(),
    from: clock("MAINTENANCE_TIME"),
    to: clock("MAINTENANCE_TIME"),
    timeZone: words("a time zone like Europe/Berlin", "MAINTENANCE_ZONE").optional(),
  },
  objectOf('an object like { days: ["sunday"], from: "02:00", to: "04:00" }', "MAINTENANCE_FORM"),
);

export const remoteWriteSchema = z.strictObject(
  {
    url: httpUrl("REMOTE_WRITE_URL"),
    bearerTokenFile: secretFile().optional(),
    username: words("a user name", "REMOTE_WRITE_USER").optional(),
    passwordFile: secretFile().optional(),
    sigv4Region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like "eu-central-1"', "REMOTE_WRITE_REGION").optional(),
    canonicalOnly: flag("REMOTE_WRITE_CANONICAL").optional(),
  },
  objectOf('an object like { url: "https://mimir.example.org/api/v1/push" }', "REMOTE_WRITE_FORM"),
);

export const scrapeSchema = z.strictObject(
  {
    targets: z
      .array(
        text(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, "host:port", "SCRAPE_TARGET"),
        objectOf("a list of host:port", "SCRAPE_TARGET"),
      )
      .min(1, objectOf("at least one host:port", "SCRAPE_TARGET")),
    path: text(
      /^\/[^\s?#]*$/,
      'a path that begins with "/", without "?": parameters go into params',
      "SCRAPE_PATH",
    ).optional(),
    params: z
      .record(
        text(/^[A-Za-z_]\w{0,99}$/, "a parameter's name", "SCRAPE_PARAMS"),
        words("a text", "SCRAPE_PARAMS"),
        objectOf("parameters by name", "SCRAPE_PARAMS"),
      )
      .optional(),
    node: words("a node's name", "SCRAPE_NODE").optional(),
    drop: words("a regular expression", "SCRAPE_DROP").optional(),
  },
  objectOf('an object like { targets: ["127.0.0.1:9100"] }', "SCRAPE_FORM"),
);

const jobName = text(
  /^[a-z][a-z0-9-]{0,39}$/,
  "a job name of 1 to 40 lower-case letters, digits and dashes",
  "SCRAPE_JOB",
);
const listOf = <T extends z.ZodType>(schema: T, allowed: string, code: string) =>
  z.array(schema, objectOf(allowed, code)).max(20, objectOf("at most 20", code));

export const monitoringSchema = z.strictObject(
  {
    enabled: flag("MONITORING_ENABLED").optional(),
    receivers: receiversSchema.optional(),
    presets: z.array(choice(PRESETS, "PRESET_UNKNOWN"), objectOf("a list of presets", "PRESETS_FORM")).optional(),
    alerts: z
      .record(
        z.string(),
        chosen((value) => (typeof value === "boolean" ? z.boolean() : alertOverrideSchema)),
        objectOf("alerts by name", "ALERTS_FORM"),
      )
      .optional(),
    slo: chosen((value) => (value === false ? z.literal(false) : sloSchema)).optional(),
    objectives: objectivesSchema.optional(),
    reference: referenceSchema.optional(),
    deadMan: deadManSchema.optional(),
    maintenance: listOf(maintenanceSchema, "a list of weekly times", "MAINTENANCE_FORM").optional(),
    scrapeIntervalSeconds: whole(1, 60, "SCRAPE_INTERVAL_RANGE").optional(),
    retentionDays: whole(1, 3650, "RETENTION_RANGE").optional(),
    retentionGiB: between(1, 100_000, "RETENTION_SIZE").optional(),
    remoteWrite: listOf(remoteWriteSchema, "a list of stores", "REMOTE_WRITE_FORM").optional(),
    scrape: z.record(jobName, scrapeSchema, objectOf("jobs by name", "SCRAPE_FORM")).optional(),
    runbookUrl: httpUrl("RUNBOOK_URL").optional(),
    grafanaUrl: httpUrl("GRAFANA_URL").optional(),
  },
  objectOf("an object of monitoring settings", "MONITORING_FORM"),
);
