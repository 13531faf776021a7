import { z } from "zod";
import { show } from "../errors/errors";
import { between, choice, decode, encode, flag, text, whole, words } from "../errors/fields";
import { knownKeysAt } from "../errors/known-keys";
import { proofSchema } from "../health/proof-schema";
import { floatingImage, floatingVersion } from "./pinned";
import { KINDS } from "./types";

const LAYERS = ["node", "execution", "consensus"] as const;
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
/** Names end up in paths, labels and resource names. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const NAME_TEXT = "1 to 40 lower-case letters, digits and dashes, beginning with a letter";

const name = (code: string) => text(NAME, NAME_TEXT, code);
const line = (allowed: string) => words(allowed, "TEXT_REQUIRED");
const required = (what: string) => ({
  error: (issue: { readonly input?: unknown }) =>
    encode(issue.input === undefined ? `missing; give ${what}` : `got ${show(issue.input)}; use ${what}`, "BAD_TYPE"),
});
const date = text(/^\d{4}-\d{2}-\d{2}$/, 'a day as "2026-11-24"', "DATE_FORMAT");
/** The form that fits the value best, so that a message names the field at fault instead of "invalid input". */
const either = (form: (value: unknown) => z.ZodType) =>
  z.unknown().check((ctx) => {
    const parsed = form(ctx.value).safeParse(ctx.value);
    if (parsed.success) return;
    for (const issue of parsed.error.issues) ctx.issues.push({ ...issue, input: ctx.value } as z.core.$ZodRawIssue);
  });

/** Codes of texts that are wrong in themselves: they keep nothing else from being checked. */
const CONTENT_CODES: readonly (string | undefined)[] = [
  "VERSION_FLOATING",
  "IMAGE_FLOATING",
  "DROP_REGEXP",
  "WRITES_REGEXP",
];

/** A text with a check of its own, which says what is wrong or nothing. */
const checked = (allowed: string, wrong: (value: string) => readonly string[], code: string) =>
  line(allowed).check((ctx) => {
    for (const message of wrong(ctx.value)) {
      ctx.issues.push({ code: "custom", message: encode(message, code), input: ctx.value });
    }
  });

const expression = (code: string) => checked("a regular expression", wrongExpression, code);

const globs = z.array(line("a glob below the home"));

/** A function of ours; what it returns is looked at later, with a sample context. */
const callable = (what: string) =>
  z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", {
    error: (issue) =>
      issue.input === undefined
        ? encode(`missing; give a function that returns ${what}`, "NOT_A_FUNCTION")
        : encode(`got ${show(issue.input)}; use a function that returns ${what}`, "NOT_A_FUNCTION"),
  });

const port = z.strictObject({
  name: name("PORT_NAME"),
  port: whole(1, 65535, "PORT_RANGE"),
  transport: choice(["tcp", "udp", "both"], "PORT_TRANSPORT"),
  exposure: choice(["p2p", "rpc", "internal", "metrics"], "PORT_EXPOSURE"),
});

const release = z.strictObject({
  version: checked("the exact version", floatingVersion, "VERSION_FLOATING"),
  image: checked("an image with a fixed tag", floatingImage, "IMAGE_FLOATING"),
  reviewed: date,
  source: line("where the release is published").optional(),
  program: z
    .strictObject({
      binary: text(/^[^/\s]+$/, "the executable's name without a path", "PROGRAM_BINARY"),
      goModule: z
        .strictObject({
          module: line("a Go module path"),
          package: line("a Go package path"),
          version: text(/^v\d/, 'a Go module version, e.g. "v1.4.2"', "GO_VERSION"),
        })
        .optional(),
      versionArgs: z.array(z.string()).optional(),
    })
    .optional(),
});

const sizes = z.strictObject({
  cpu: between(0.05, 1024, "SIZING_RANGE"),
  memoryGiB: between(0.05, 24576, "SIZING_RANGE"),
  diskGiB: between(0.1, 1048576, "SIZING_RANGE"),
  growthGiBPerMonth: between(0, 1048576, "SIZING_RANGE"),
});

const sizesOrFunction = either((value) => {
  if (typeof value === "object" && value !== null) return sizes;
  return callable("cpu, memoryGiB, diskGiB and growthGiBPerMonth, or these figures themselves");
});

const source = z.strictObject({
  from: line("the name of a request"),
  path: z.string(),
  as: choice(FORMATS, "VALUE_FORMAT"),
});

const request = z.strictObject({
  rpc: z
    .strictObject({
      method: line("a JSON-RPC method"),
      params: z.array(z.unknown()).optional(),
      version: choice(["1.0", "2.0"], "RPC_VERSION").optional(),
    })
    .optional(),
  get: text(/^\//, 'a path that begins with "/"', "REQUEST_PATH").optional(),
  optional: flag("NOT_BOOLEAN").optional(),
  acceptStatus: z.array(whole(100, 599, "STATUS_RANGE")).optional(),
});

const slotTime = z.strictObject({
  slot: source,
  genesisTime: source,
  secondsPerSlot: between(0.05, 86400, "SLOT_SECONDS"),
});

const health = z.strictObject({
  port: line("the name of a port"),
  requests: z.record(z.string(), request, required("requests by name")),
  head: z.strictObject({
    height: source,
    hash: source.optional(),
    timestamp: either((value) => (hasKey(value, "slot") ? slotTime : source)).optional(),
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
        code: text(/^[A-Z][A-Z0-9_]*$/, "a code in upper snake case", "FAULT_CODE"),
        text: line("what is wrong, in words"),
      }),
    )
    .optional(),
  checkpoint: z.strictObject({ request, path: z.string() }).optional(),
  proof: proofSchema(request).optional(),
  countsPeers: flag("NOT_BOOLEAN").optional(),
  basicAuthFile: text(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, "a path below the home", "PATH_OUTSIDE").optional(),
});

const option = z.strictObject({
  type: choice(["string", "number", "boolean"], "OPTION_TYPE"),
  description: line("what the option does"),
  min: z.number().optional(),
  max: z.number().optional(),
  allowed: z.array(z.string()).optional(),
});

const clientSchema = z.strictObject({
  name: name("CLIENT_NAME"),
  title: line("a title").optional(),
  layer: choice(LAYERS, "LAYER_UNKNOWN").optional(),
  kinds: z.array(choice(KINDS, "KIND_UNKNOWN")).min(1, encode("got []; use at least one kind", "KINDS_EMPTY")),
  networks: z
    .array(z.string())
    .min(1, encode("got []; use at least one network, or leave it out for all", "NETWORKS_EMPTY"))
    .optional(),
  release,
  ports: z.array(port).min(1, encode("got []; use at least the port that health is asked on", "PORTS_EMPTY")),
  stop: z
    .strictObject({
      signal: choice(["SIGTERM", "SIGINT"], "STOP_SIGNAL"),
      graceSeconds: whole(1, 86400, "GRACE_RANGE"),
    })
    .optional(),
  database: z
    .strictObject({
      engine: line("the name of the engine"),
      consistency: choice(["stop", "atomic-volume"], "DATABASE_CONSISTENCY"),
      note: line("how the data is laid out"),
    })
    .optional(),
  dataPaths: globs.optional(),
  keyPaths: globs.optional(),
  signingState: words("a path below the home", "SIGNING_STATE").optional(),
  freshSigningState: z.string().optional(),
  args: callable("the arguments, a list of texts"),
  env: callable("environment variables by name").optional(),
  files: callable("a list of files").optional(),
  prepare: callable("a list of steps").optional(),
  metrics: z
    .strictObject({
      port: line("the name of a port"),
      path: text(/^\//, 'a path that begins with "/"', "METRICS_PATH"),
      series: z.record(z.string(), line("PromQL")),
      drop: z.array(expression("DROP_REGEXP")).optional(),
    })
    .optional(),
  health,
  rpc: z.strictObject({ port: line("the name of a port"), writes: expression("WRITES_REGEXP") }).optional(),
  sizing: sizesOrFunction,
  migrations: z
    .array(
      z.strictObject({
        version: line("the version with the new form"),
        oneWay: flag("NOT_BOOLEAN"),
        what: line("what changes"),
      }),
    )
    .optional(),
  options: z.record(z.string(), option).optional(),
  check: callable("a list of problems").optional(),
});

const network = z.strictObject({
  title: line("a title").optional(),
  chainId: line("the chain id that nodes report").optional(),
  blockTimeSeconds: between(0.05, 86400, "BLOCK_TIME_RANGE"),
  minPeers: whole(0, 10000, "MIN_PEERS_RANGE").optional(),
  maxHeadAgeSeconds: between(1, 10_000_000_000, "HEAD_AGE_RANGE").optional(),
  maxLagBlocks: whole(0, 1_000_000, "LAG_RANGE").optional(),
  reorgBlocks: whole(0, 1_000_000, "REORG_RANGE").optional(),
  finalityLagBlocks: whole(1, 1_000_000, "FINALITY_LAG_RANGE").optional(),
  private: flag("NOT_BOOLEAN").optional(),
  idle: flag("NOT_BOOLEAN").optional(),
});

/** Shape of a protocol; what fields say about each other is checked after it. */
export const protocolSchema = z.strictObject({
  name: name("PROTOCOL_NAME"),
  title: line("a title").optional(),
  kinds: z
    .array(choice(KINDS, "KIND_UNKNOWN"))
    .min(1, encode("got []; use at least one kind, or leave it out for the clients' kinds", "KINDS_EMPTY"))
    .optional(),
  networks: z
    .record(name("NETWORK_NAME"), network, required("networks by name"))
    .refine((networks) => Object.keys(networks).length > 0, {
      error: encode("got {}; use at least one network", "NETWORKS_EMPTY"),
    }),
  clients: z
    .array(clientSchema, required("a list of clients"))
    .min(1, encode("got []; use at least one client", "CLIENTS_EMPTY")),
  defaults: z.record(z.string(), z.string()).optional(),
  needsSeed: callable("true or false").optional(),
  derive: callable("derived files").optional(),
  check: callable("a list of problems").optional(),
});

/** Whether a client has the shape of one, so that what its fields say about each other can be looked at. */
export function hasClientShape(client: unknown): boolean {
  const parsed = clientSchema.safeParse(client);
  return parsed.success || parsed.error.issues.every((issue) => CONTENT_CODES.includes(decode(issue.message).code));
}

/** The same for all but the clients. */
export function hasProtocolShape(input: unknown): boolean {
  return protocolSchema.omit({ clients: true }).loose().safeParse(input).success;
}

function wrongExpression(value: string): string[] {
  try {
    new RegExp(value);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`got ${show(value)}, which is no regular expression (${why}); mend it`];
  }
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}

/** Keys that are known at a path, also inside the fields that have two forms. */
export function protocolKeysAt(path: readonly PropertyKey[]): readonly string[] {
  const last = path.at(-1);
  if (last === "sizing") return Object.keys(sizes.shape);
  const at = path.lastIndexOf("timestamp");
  if (at >= 0 && path[at - 1] === "head") {
    return at === path.length - 1 ? Object.keys({ ...source.shape, ...slotTime.shape }) : Object.keys(source.shape);
  }
  return knownKeysAt(protocolSchema, path);
}
