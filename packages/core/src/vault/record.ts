import { z } from "zod";
import { KINDS } from "../chains/types";
import type { StatusPoint } from "../cluster/inventory-types";
import { ConfigError, show } from "../errors/errors";
import { between, choice, encode, text, whole, words } from "../errors/fields";
import { problemsOf } from "../errors/from-zod";
import { LEVELS } from "./levels";
import type { RecoveryPoint } from "./point";

const FIELD = "POINT_FIELD";
const FOREVER = 1e11;
const time = between(0, FOREVER, FIELD);
const bytes = whole(0, Number.MAX_SAFE_INTEGER, FIELD);
const word = words("a text of one line", FIELD);
const level = choice(LEVELS, FIELD);
const id = text(/^[A-Za-z0-9][A-Za-z0-9.-]{0,199}$/, "letters, digits, dots and dashes", FIELD);
const hash = text(/^[0-9a-f]{16,130}$/, "a hash of lower-case hexadecimal digits", FIELD);
const globs = z.array(word);
/** As a node has told it: whatever that was, it makes no record unreadable. An empty text is none. */
const told = z
  .string(encode("got something else; use a text or null", FIELD))
  .max(10_000)
  .transform((value) => value || null)
  .nullable();

const pointSchema = z.object({
  schemaVersion: z.literal(1, {
    error: (issue) =>
      encode(`got ${show(issue.input)}; use 1, or an agent that knows this form of the record`, "POINT_SCHEMA"),
  }),
  id,
  vault: word,
  stack: word,
  cluster: word,
  protocol: word,
  network: word,
  node: word,
  group: word,
  kind: choice(KINDS, FIELD),
  lineage: word,
  chainId: told,
  genesis: hash.nullable(),
  height: whole(0, Number.MAX_SAFE_INTEGER, FIELD),
  blockHash: hash,
  stateHash: hash.nullable(),
  blockTime: z.number(encode("got something else; use a number or null", FIELD)).nullable(),
  createdAt: time,
  startedAt: time,
  finishedAt: time,
  downtimeSeconds: between(0, FOREVER, FIELD),
  consistency: choice(["clean-stop", "crash-consistent", "atomic-volume"], FIELD),
  trigger: choice(["schedule", "blocks", "manual", "replacement", "upgrade"], FIELD),
  processes: z
    .array(
      z.object({
        name: word,
        layer: choice(["node", "execution", "consensus"], FIELD),
        client: word,
        version: word,
        reportedVersion: told,
        engine: word,
        home: text(/^\//, 'a path that begins with "/"', FIELD),
        dataPaths: globs,
      }),
    )
    .min(1, encode("got []; use at least one process", FIELD)),
  storage: z.object({ kind: choice(["restic", "csi", "ebs"], FIELD), snapshot: word, files: bytes, addedBytes: bytes }),
  sizeBytes: bytes,
  manifest: z.object({ algorithm: word, digest: word }),
  keys: z.object({ excluded: globs, filesSeen: bytes, filesRead: bytes, at: time }),
  signedHeight: whole(0, Number.MAX_SAFE_INTEGER, FIELD).nullable(),
  lockedUntil: time.nullable(),
  lockMode: choice(["governance", "compliance"], FIELD).nullable(),
  verification: z.object({
    level: level.nullable(),
    at: time.nullable(),
    evidence: word.nullable(),
    bad: z.object({ level, code: word, text: z.string().max(10_000), at: time }).nullable(),
  }),
  copies: z.array(z.object({ destination: word, at: time, snapshot: word })),
});

/**
 * Reads a record, and says everything that is wrong with it at once. Fields that a later release adds are left out.
 *
 * @throws ConfigError
 */
export function parsePoint(input: unknown, where = "record"): RecoveryPoint {
  const parsed = pointSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, input, () => []).map((p) =>
    p.path === "args" ? { ...p, path: "record" } : p,
  );
  throw new ConfigError(`Recovery point ${where}`, problems);
}

/** One line of JSON. */
export function serializePoint(point: RecoveryPoint): string {
  return `${JSON.stringify(point)}\n`;
}

/** `<cluster>-<height>-<time in UTC>`; sorts by time within a cluster's heights. */
export function pointId(cluster: string, height: number, createdAt: number): string {
  const stamp = new Date(createdAt * 1000).toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${cluster}-${height}-${stamp}`;
}

/** A point in few words, for `/status` and `chainkeep points`. */
export function statusPoint(point: RecoveryPoint): StatusPoint {
  const [first] = point.processes;
  const { level: verified, at, bad } = point.verification;
  return {
    id: point.id,
    node: point.node,
    lineage: point.lineage,
    client: first?.client ?? "",
    version: first?.version ?? "",
    height: point.height,
    blockHash: point.blockHash,
    createdAt: point.createdAt,
    sizeBytes: point.sizeBytes,
    verified,
    verifiedAt: at,
    bad: bad === null ? null : `${bad.level}: ${bad.text}`,
    consistency: point.consistency,
    lockedUntil: point.lockedUntil,
    copies: point.copies.map((c) => c.destination),
  };
}
