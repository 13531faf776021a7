import { z } from "zod";
import { between, choice, flag, text, whole, words } from "../errors/fields";
import { LEVELS } from "./levels";

/** The file is written by a program: one code for every field that has the wrong form is enough to look it up. */
const FIELD = "INVENTORY_FIELD";
const YEAR = 31_536_000;
const path = text(/^\//, 'a path that begins with "/"', FIELD);
const name = words("a name", FIELD);
const command = z.array(z.string().max(10_000)).min(1);
const layer = choice(["node", "execution", "consensus"], FIELD);
const url = text(/^https?:\/\/\S+$/, "an http address", FIELD);

const destination = z.strictObject({
  repository: words("a restic repository", FIELD),
  region: words("a region", FIELD).optional(),
  accessKeyIdFile: path.optional(),
  secretAccessKeyFile: path.optional(),
});

const count = whole(0, 10_000, FIELD);
const policy = z.strictObject({
  schedule: words("a cron line", FIELD).nullable(),
  everyBlocks: whole(1, 1_000_000_000, FIELD).nullable(),
  keep: z.strictObject({ last: count, hourly: count, daily: count, weekly: count, monthly: count, verified: count }),
  lock: z
    .strictObject({ mode: choice(["governance", "compliance"], FIELD), days: between(0, 36_500, FIELD) })
    .nullable(),
  verify: z
    .strictObject({ schedule: words("a cron line", FIELD), afterEach: flag(FIELD), level: choice(LEVELS, FIELD) })
    .nullable(),
  drill: z.strictObject({ schedule: words("a cron line", FIELD), from: name }).nullable(),
  rpoSeconds: between(0, YEAR, FIELD),
  rtoSeconds: between(0, YEAR, FIELD),
  onStopTimeout: choice(["skip", "crash-consistent"], FIELD),
  minReady: whole(0, 200, FIELD),
});

const start = z.strictObject({
  command,
  env: z.record(z.string(), z.string()),
  prepare: z.array(command),
  argsFile: path.optional(),
  files: path,
  sharedFiles: path.optional(),
  shared: path.optional(),
});

const guest = z.strictObject({
  name,
  directory: path,
  processes: z
    .array(
      z.strictObject({
        name,
        layer,
        client: name,
        version: name,
        home: path,
        questions: name,
        probeUrl: url,
        basicAuthFile: path.optional(),
        stopSignal: choice(["SIGTERM", "SIGINT"], FIELD),
        graceSeconds: whole(0, 3600, FIELD),
        offline: start,
        online: start,
      }),
    )
    .min(1),
});

export const inventoryVaultSchema = z.strictObject({
  name,
  policy,
  restic: path,
  destination,
  copies: z.record(z.string(), destination),
  passwordFile: path,
  directory: path,
  groups: z.array(name),
  lineages: z.array(
    z.strictObject({ id: name, nodes: z.array(name), sources: z.array(name), guest: guest.optional() }),
  ),
});

export const processVaultSchema = z.strictObject({
  home: path,
  dataPaths: z.array(z.string()),
  keyPaths: z.array(z.string()),
  signingState: z.string().optional(),
  freshSigningState: z.string().optional(),
  migrations: z.array(z.strictObject({ version: name, oneWay: flag(FIELD), what: z.string() })).optional(),
  engine: name,
  graceSeconds: whole(0, 3600, FIELD),
  control: z.strictObject({ stop: command, start: command, state: command }),
});
