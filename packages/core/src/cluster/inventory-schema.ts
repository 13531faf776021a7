import { z } from "zod";
import { KINDS } from "../chains/types";
import { show } from "../errors/errors";
import { between, choice, encode, flag, text, whole, words } from "../errors/fields";

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

const YEAR = 31_536_000;
const port = whole(1, 65_535, "PORT_RANGE");
const host = text(/^[A-Za-z0-9.:_-]{1,253}$/, "a host name or address", "HOST_FORM");
const name = text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "1 to 100 letters, digits, dots and dashes", "NAME_FORM");
const path = text(/^\//, 'a path that begins with "/"', "PATH_FORM");

const httpUrl = z.custom<string>((value) => typeof value === "string" && isHttpUrl(value), {
  error: (issue) =>
    issue.input === undefined
      ? encode("missing; give an http or https address", "URL_FORM")
      : encode(`got ${show(issue.input)}; use an address like "http://127.0.0.1:26657"`, "URL_FORM"),
});

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === "http:" || url.protocol === "https:") && url.username === "" && url.password === "";
}

const expression = z.custom<string>((value) => typeof value === "string" && compiles(value), {
  error: (issue) => encode(`got ${show(issue.input)}; use a regular expression`, "REGEXP_FORM"),
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
  from: words("the name of a request", "VALUE_SOURCE"),
  path: z.string().max(1000),
  as: choice(FORMATS, "VALUE_FORMAT"),
});

const slotTime = z.strictObject({
  slot: source,
  genesisTime: source,
  secondsPerSlot: between(0.001, 86_400, "SLOT_SECONDS"),
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
      method: words("a JSON-RPC method", "RPC_METHOD"),
      params: z.array(z.unknown()).optional(),
      version: choice(["1.0", "2.0"], "RPC_VERSION").optional(),
    })
    .optional(),
  get: path.optional(),
  optional: flag("OPTIONAL_FORM").optional(),
  acceptStatus: z.array(whole(100, 599, "STATUS_RANGE")).optional(),
});

export const probeSchema = z.strictObject({
  port: words("the name of a port", "PORT_NAME"),
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
        code: words("a code in upper snake case", "FAULT_CODE"),
        text: words("what is wrong", "FAULT_TEXT"),
      }),
    )
    .optional(),
  countsPeers: flag("COUNTS_PEERS").optional(),
  basicAuthFile: words("a path below the home", "AUTH_FILE").optional(),
});

const limits = z.strictObject({
  maxHeadAgeSeconds: between(0, 1000 * YEAR, "HEAD_AGE_RANGE"),
  maxLagBlocks: whole(0, 1_000_000_000, "LAG_RANGE"),
  minPeers: whole(0, 100_000, "MIN_PEERS_RANGE"),
  progressSeconds: between(0, 1000 * YEAR, "PROGRESS_RANGE"),
  catchUpSeconds: between(0, 1000 * YEAR, "CATCH_UP_RANGE"),
  silenceSeconds: between(0, 1000 * YEAR, "SILENCE_RANGE"),
  staleSeconds: between(0, 1000 * YEAR, "STALE_RANGE"),
  chainId: words("the chain id that nodes report", "CHAIN_ID_FORM").optional(),
});

const process = z.strictObject({
  name,
  layer: choice(["node", "execution", "consensus"], "LAYER_UNKNOWN"),
  client: name,
  version: words("a version", "VERSION_FORM"),
  questions: words("a key of questions", "QUESTIONS_FORM"),
  probeUrl: httpUrl,
  rpcUrl: httpUrl.optional(),
  basicAuthFile: path.optional(),
});

export const inventorySchema = z.strictObject({
  schemaVersion: z.literal(1, {
    error: (issue) =>
      encode(`got ${show(issue.input)}; use 1, or the agent that belongs to this file`, "SCHEMA_VERSION"),
  }),
  stack: words("the stack's name", "NAME_FORM"),
  cluster: words("the cluster's name", "NAME_FORM"),
  protocol: words("the protocol's name", "NAME_FORM"),
  network: words("the network's name", "NAME_FORM"),
  listen: z.strictObject({ host, port }),
  proxy: z
    .strictObject({
      host,
      port,
      defaultGroup: name,
      writes: expression,
      timeoutMs: whole(1, 600_000, "TIMEOUT_RANGE"),
      maxBodyBytes: whole(1, 1024 ** 3, "BODY_RANGE"),
    })
    .optional(),
  probe: z.strictObject({
    intervalSeconds: between(0.05, 86_400, "PROBE_INTERVAL_RANGE"),
    timeoutMs: whole(1, 600_000, "PROBE_TIMEOUT_RANGE"),
    maxAnswerBytes: whole(100, 1024 ** 3, "ANSWER_RANGE"),
  }),
  limits,
  blockTimeSeconds: between(0.001, 86_400, "BLOCK_TIME_RANGE"),
  questions: z.record(z.string(), probeSchema),
  nodes: z
    .array(
      z.strictObject({
        name,
        group: name,
        kind: choice(KINDS, "KIND_UNKNOWN"),
        servesRpc: flag("SERVES_RPC"),
        processes: z.array(process).min(1, encode("got []; use at least one process", "PROCESSES_EMPTY")),
      }),
    )
    .max(10_000, encode("got too many; use at most 10000 nodes per agent", "NODES_COUNT")),
});
