import { VaultError } from "../vault-error";

/** How a run of restic ended, and what it said. */
export interface ResticEnd {
  /** First word of its arguments. */
  readonly command: string;
  readonly repository: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We ended it. */
  readonly aborted: boolean;
  /** Its last words on standard error, and its errors about single files; oldest first. */
  readonly said: readonly string[];
  /** Directories of ours whose lack of room is not the repository's. */
  readonly places?: Readonly<Record<string, string>>;
}

const FULL = /no space left on device|disk quota exceeded|XMinioStorageFull|QuotaExceeded|not enough space/i;
/** Whether restic has given up to write something because there is no room. Where it tries again, it says so in other words. */
export function isOutOfRoom(line: string): boolean {
  return line.startsWith("Save(") && line.includes(" failed: ") && FULL.test(line);
}

/** What restic says of bytes that are not those that were stored, or are not there. */
const CORRUPT = new RegExp(
  [
    "ciphertext verification failed",
    "repository (?:contains errors|could be damaged|is damaged|index is damaged)",
    "(?:invalid|wrong) data returned",
    "returned invalid hash|hash mismatch|does not match id",
    "not found in (?:the )?(?:repository|index)",
    "not contained in any index",
    "file is too short|unexpected file size|partial pack file|invalid pack",
    "unexpected pack id",
    "/data/[0-9a-f]{2}/[0-9a-f]{64}: no such file",
    "circuit breaker open for file <",
    "zstd|magic number mismatch",
  ].join("|"),
  "i",
);
const KEYS = /access ?denied|InvalidAccessKeyId|SignatureDoesNotMatch|403 Forbidden|AuthorizationHeaderMalformed/i;
const NETWORK =
  /connection refused|no such host|i\/o timeout|network is unreachable|connection reset|dial tcp|TLS handshake|no route to host|context deadline exceeded|503 Service Unavailable/i;
const MOST_WORDS = 1200;

/** What is wrong, as a stable code and a sentence. Whatever is not known is a failure. */
export function resticFailure(end: ResticEnd): VaultError {
  const { command, repository, code, said } = end;
  const words = lastWords(said);
  const all = said.join("\n");
  const fail = (name: string, text: string) => new VaultError(name, words === "" ? text : `${text}: ${words}`);
  if (end.aborted || code === 130) return new VaultError("STORE_CANCELLED", `restic ${command} was cancelled`);
  if (code === 10) return fail("STORE_MISSING", `${repository} holds no repository`);
  if (code === 11) return new VaultError("STORE_LOCKED", `${repository} is locked${holderOf(all)}`);
  if (code === 12) return new VaultError("STORE_PASSWORD", `${repository} was made with another password`);
  if (/resolving password failed|empty password/i.test(all))
    return fail("STORE_PASSWORD", "the password cannot be read");
  if (FULL.test(all)) return fail("STORE_FULL", `no room is left ${placeOf(all, end)}`);
  if (KEYS.test(all)) return fail("STORE_ACCESS", `${repository} refuses the access keys`);
  if (NETWORK.test(all)) return fail("STORE_UNREACHABLE", `${repository} cannot be reached`);
  // After the network: what cannot be reached is not damaged.
  if (CORRUPT.test(all)) return fail("STORE_CORRUPT", `${repository} is damaged`);
  if (code === 3) return fail("STORE_READ", `restic ${command} could not read or remove everything`);
  const how = end.signal === null ? `ended with ${code ?? "no code"}` : `was ended by ${end.signal}`;
  return fail("STORE_FAILED", `restic ${command} ${how}`);
}

/** Who holds the lock and since when, in restic's own words. */
function holderOf(text: string): string {
  const who = /locked(?: exclusively)? by (PID \d+ on .+? by [^(\n]+?)\s*\(/.exec(text)?.[1];
  const since = /lock was created at (\S+ \S+)/.exec(text)?.[1];
  return `${who === undefined ? "" : ` by ${who}`}${since === undefined ? "" : ` since ${since}`}`;
}

function placeOf(text: string, { repository, places = {} }: ResticEnd): string {
  const other = Object.entries(places).find(([directory]) => text.includes(directory));
  return other === undefined ? `for ${repository}` : `for ${other[1]} (${other[0]})`;
}

function lastWords(said: readonly string[]): string {
  const lines = said
    .flatMap((text) => text.split("\n"))
    .map((line) => line.replace(/^Fatal: /, "").trim())
    .filter((line) => line !== "");
  return [...new Set(lines)].slice(-6).join("; ").slice(-MOST_WORDS);
}
