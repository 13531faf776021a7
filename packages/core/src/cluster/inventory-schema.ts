import { z } from "zod";
import { KINDS } from "../chains/types";
import { show } from "../errors/errors";
import { between, choice, encode, flag, text, whole, words } from "../errors/fields";
import { proofSchema } from "../health/proof-schema";
import { processVaultSchema, inventoryVaultSchema as vaultSchema } from "../vault/inventory-schema";

const FORMATS = [
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
] as const;

/** The file is written by a program: one code for every field that has the wrong form is enough to look it up. */
const FIELD = "INVENTORY_FIELD";
const YEAR = 31_536_000;
const port = whole(1, 65_535, FIELD);
const host = text(/^[A-Za-z0-9.:_-]{1,253}$/, "a host name or address", FIELD);
const name = text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "1 to 100 letters, digits, dots and dashes", FIELD);
const path = text(/^\//, 'a path that begins with "/"', FIELD);

const httpUrl = z.custom<string>((value) => typeof value === "string" && isHttpUrl(value), {
  error: (issue) =>
    issue.input === undefined
      ? encode("missing; give an http or https address", FIELD)
      : encode(`got ${show(issue.input)}; use an address like "http://127.0.0.1:26657"`, FIELD),
});

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === "http:" || url.protocol === "https:") && url.username === "" && url.password === "";
}

const expression = z.custom<string>((value) => typeof value === "string" && compiles(value), {
  error: (issue) => encode(`got ${show(issue.input)}; use a regular expression`, FIELD),
});

function compiles(value: string): boolean {
  try {
    new RegExp(value);
    return true;
  } catch {
    return false;
  }
}

const source = z.strictObject({
  from: words("the name of a request", FIELD),
  path: z.string().max(1000),
  as: choice(FORMATS, FIELD),
});

const slotTime = z.strictObject({
  slot: source,
  genesisTime: source,
  secondsPerSlot: between(0.001, 86_400, FIELD),
});

/** Told apart by a key first: of a plain union, zod would report both sides' problems at once. */
const timestamp = z.custom<z.infer<typeof source> | z.infer<typeof slotTime>>().superRefine((value, ctx) => {
  const isSlot = typeof value === "object" && value !== null && "slot" in value;
  const parsed = (isSlot ? slotTime : source).safeParse(value);
  for (const issue of parsed.error?.issues ?? []) ctx.addIssue({ ...issue, code: "custom", message: plain(issue) });
});

function plain(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys"
    ? encode(`unknown key ${issue.keys.join(", ")}; remove it`, "UNKNOWN_KEY")
    : issue.message;
}

const request = z.strictObject({
  rpc: z
    .strictObject({
      method: words("a JSON-RPC method", FIELD),
      params: z.array(z.unknown()).optional(),
      version: choice(["1.0", "2.0"], FIELD).optional(),
    })
    .optional(),
  get: path.optional(),
  optional: flag(FIELD).optional(),
  acceptStatus: z.array(whole(100, 599, FIELD)).optional(),
});

export const probeSchema = z.strictObject({
  port: words("the name of a port", FIELD),
  requests: z.record(z.string(), request),
  head: z.strictObject({
    height: source,
    hash: source.optional(),
    timestamp: timestamp.optional(),
    peers: source.optional(),
    syncing: source.optional(),
    target: source.optional(),
    finalizedHeight: source.optional(),
    mempool: source.optional(),
    chainId: source.optional(),
    version: source.optional(),
    genesis: source.optional(),
  }),
  faults: z
    .array(
      z.strictObject({
        value: source,
        code: words("a code in upper snake case", FIELD),
        text: words("what is wrong", FIELD),
      }),
    )
    .optional(),
  checkpoint: z.strictObject({ request, path: z.string().max(1000) }).optional(),
  proof: proofSchema(request).optional(),
  countsPeers: flag(FIELD).optional(),
  basicAuthFile: words("a path below the home", FIELD).optional(),
});

const limits = z.strictObject({
  maxHeadAgeSeconds: between(0, 1000 * YEAR, FIELD),
  maxLagBlocks: whole(0, 1_000_000_000, FIELD),
  minPeers: whole(0, 100_000, FIELD),
  progressSeconds: between(0, 1000 * YEAR, FIELD),
  catchUpSeconds: between(0, 1000 * YEAR, FIELD),
  silenceSeconds: between(0, 1000 * YEAR, FIELD),
  staleSeconds: between(0, 1000 * YEAR, FIELD),
  chainId: words("the chain id that nodes report", FIELD).optional(),
});

const process = z.strictObject({
  name,
  layer: choice(["node", "execution", "consensus"], FIELD),
  client: name,
  version: words("a version", FIELD),
  questions: words("a key of questions", FIELD),
  probeUrl: httpUrl,
  rpcUrl: httpUrl.optional(),
  dataDir: path.optional(),
  basicAuthFile: path.optional(),
  vault: processVaultSchema.optional(),
});

const monitoring = z.strictObject({
  prometheusUrl: httpUrl,
  alertmanagerUrl: httpUrl,
  grafanaUrl: httpUrl.optional(),
  runbookUrl: httpUrl.optional(),
  alerts: z.array(
    z.strictObject({
      name: words("an alert's name", FIELD),
      severity: words("a severity", FIELD),
      replicatedSeverity: words("a severity", FIELD).optional(),
      owner: words("a role", FIELD),
      forSeconds: between(0, YEAR, FIELD),
      threshold: z.number().optional(),
      expr: z.string().max(100_000),
      current: z.string().max(100_000).optional(),
    }),
  ),
});

export const inventorySchema = z.strictObject({
  schemaVersion: z.literal(1, {
    error: (issue) =>
      encode(`got ${show(issue.input)}; use 1, or the agent that belongs to this file`, "SCHEMA_VERSION"),
  }),
  stack: words("the stack's name", FIELD),
  cluster: words("the cluster's name", FIELD),
  protocol: words("the protocol's name", FIELD),
  network: words("the network's name", FIELD),
  listen: z.strictObject({ host, port }),
  proxy: z
    .strictObject({
      host,
      port,
      defaultGroup: name,
      writes: expression,
      timeoutMs: whole(1, 600_000, FIELD),
      maxBodyBytes: whole(1, 1024 ** 3, FIELD),
    })
    .optional(),
  probe: z.strictObject({
    intervalSeconds: between(0.05, 86_400, FIELD),
    timeoutMs: whole(1, 600_000, FIELD),
    maxAnswerBytes: whole(100, 1024 ** 3, FIELD),
  }),
  limits,
  blockTimeSeconds: between(0.001, 86_400, FIELD),
  checkpointBlocks: whole(1, 1_000_000_000, FIELD).optional(),
  reorgBlocks: whole(0, 1_000_000, FIELD).optional(),
  reference: z.strictObject({ questions: words("a key of questions", FIELD), probeUrl: httpUrl }).optional(),
  monitoring: monitoring.optional(),
  vault: vaultSchema.optional(),
  questions: z.record(z.string(), probeSchema),
  nodes: z
    .array(
      z.strictObject({
        name,
        group: name,
        kind: choice(KINDS, FIELD),
        servesRpc: flag(FIELD),
        processes: z.array(process).min(1, encode("got []; use at least one process", FIELD)),
      }),
    )
    .max(10_000, encode("got too many; use at most 10000 nodes per agent", FIELD)),
});
