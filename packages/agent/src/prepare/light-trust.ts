import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type CommitAnswer, commitOf, healthProblem } from "./comet-commit";

/** A block that the light proxy starts from. */
interface Trust {
  readonly chainId: string;
  readonly height: number;
  /** 64 hex digits, capitals. */
  readonly hash: string;
}

interface Request {
  readonly primary: string;
  readonly witnesses: readonly string[];
  readonly home: string;
  readonly chainId: string;
  readonly argsFile: string;
  /** Given by the user; else block 1 is trusted on first use. */
  readonly given?: Trust;
  readonly timeoutSeconds: number;
}

/** Database of `cometbft light` below its home. */
const STORE = "light-client-db.db";
/** What the store was started from. */
const RECORD = "trust.json";
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * `light-trust`: writes the words that `cometbft light` needs besides its own, once: `--height=H --hash=X` for a fresh store,
 * nothing for one that holds trusted headers. Given both, cometbft would ask on its standard input whether to roll back, for
 * ever.
 *
 * Without `--height` and `--hash` it trusts on first use: block 1 as the primary and at least one witness tell it, and nobody
 * contradicts. It waits for a network that has no block yet, and for a primary that is not up: the proxy ends at once without.
 *
 *     light-trust --rpc URL --witness URL... --home DIR --chain-id ID --args-file NAME
 *                 [--height H --hash X] [--timeout 120]
 *
 * @throws Error with one line that names who said what
 */
export async function lightTrust(argv: string[]): Promise<void> {
  const request = parse(argv);
  const { given, home } = request;
  await mkdir(home, { recursive: true });
  const record = await readRecord(home);
  const settled = given === undefined || same(given, record);
  if (settled && (await storeHoldsHeaders(home, request.chainId))) {
    await primaryIsUp(request);
    await writeWhole(path.join(home, request.argsFile), "\n");
    return;
  }
  const trust = given ?? (await firstBlock(request));
  if (given) await primaryIsUp(request);
  else if (record && !same(trust, record)) {
    throw new Error(
      `light-trust: ${request.primary} says that block 1 is ${trust.hash}, but it was ${record.hash} when it was trusted ` +
        `first; if the network was made anew, remove ${path.join(home, RECORD)}`,
    );
  }
  // Headers of another start, or none at all: cometbft would ask what to do with them.
  await rm(path.join(home, STORE), { recursive: true, force: true });
  await writeWhole(path.join(home, RECORD), `${JSON.stringify(trust)}\n`);
  await writeWhole(path.join(home, request.argsFile), `--height=${trust.height} --hash=${trust.hash}\n`);
}

function parse(argv: string[]): Request {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: argv,
    options: {
      rpc: text,
      witness: { type: "string", multiple: true },
      home: text,
      "chain-id": text,
      "args-file": text,
      height: text,
      hash: text,
      timeout: text,
    },
  });
  const chainId = required(values["chain-id"], "chain-id");
  const given = givenTrust(chainId, values.height, values.hash);
  const witnesses = values.witness ?? [];
  if (witnesses.length === 0 && !given) throw new Error("light-trust: --witness is missing; name at least one");
  return {
    primary: required(values.rpc, "rpc"),
    witnesses,
    home: required(values.home, "home"),
    chainId,
    argsFile: required(values["args-file"], "args-file"),
    timeoutSeconds: whole(values.timeout ?? "120", "timeout"),
    ...(given ? { given } : {}),
  };
}

function givenTrust(chainId: string, height: string | undefined, hash: string | undefined): Trust | undefined {
  if (height === undefined && hash === undefined) return undefined;
  if (hash === undefined || !/^[0-9A-Fa-f]{64}$/.test(hash)) {
    throw new Error(`light-trust: --hash: got ${hash ?? "nothing"}; use the 64 hex digits of the block at --height`);
  }
  return { chainId, height: whole(required(height, "height"), "height"), hash: hash.toUpperCase() };
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === "") throw new Error(`light-trust: --${name} is missing`);
  return value;
}

function whole(value: string, name: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value))
    throw new Error(`light-trust: --${name}: got ${value}; use a whole number from 1`);
  return Number(value);
}

/** Block 1, as soon as the primary and a witness agree on it. */
function firstBlock(request: Request): Promise<Trust> {
  return retried(request, "no trusted block", async (limitMs) => {
    const urls = [request.primary, ...request.witnesses];
    const [primary, ...witnesses] = await Promise.all(urls.map((url) => commitOf(url, 1, limitMs)));
    return agreement(request, primary, witnesses);
  });
}

function primaryIsUp(request: Request): Promise<object> {
  const { primary } = request;
  return retried(request, "primary is not up", async (limitMs) => {
    const problem = await healthProblem(primary, limitMs);
    return problem === undefined ? {} : `${primary}: ${problem}`;
  });
}

/** Looks until there is something, with growing pauses; what stood in the way last is in the error. */
async function retried<T extends object>(
  { timeoutSeconds }: Request,
  lack: string,
  look: (limitMs: number) => Promise<T | string>,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    const seen = await look(Math.min(LONGEST_PAUSE_MS, Math.max(1, end - Date.now())));
    if (typeof seen !== "string") return seen;
    if (Date.now() + wait >= end) throw new Error(`light-trust: ${lack} within ${timeoutSeconds} s; ${seen}`);
    await pause(wait);
  }
}

/** The block, or why there is none yet. Contradiction is final. */
function agreement(
  request: Request,
  primary: CommitAnswer | undefined,
  witnesses: readonly CommitAnswer[],
): Trust | string {
  const answers = [primary, ...witnesses].filter((answer) => answer !== undefined);
  for (const { url, block } of answers) {
    if (block && block.chainId !== request.chainId) {
      throw new Error(
        `light-trust: ${url} is on chain ${block.chainId}, expected ${request.chainId}; check the addresses`,
      );
    }
  }
  const told = answers.flatMap(({ url, block }) => (block ? [{ url, block }] : []));
  const odd = told.find(({ block }) => block.hash !== told[0]?.block.hash);
  if (odd && told[0]) {
    throw new Error(
      `light-trust: ${told[0].url} says that block 1 is ${told[0].block.hash}, ${odd.url} says ${odd.block.hash}; ` +
        "one of them lies or is on another network, so nothing is trusted",
    );
  }
  const silent = answers
    .flatMap(({ url, problem }) => (problem === undefined ? [] : [`${url}: ${problem}`]))
    .join("; ");
  const block = primary?.block;
  if (!block || !witnesses.some((w) => w.block)) return silent;
  return { chainId: block.chainId, height: 1, hash: block.hash };
}

function same(a: Trust, b: Trust | undefined): boolean {
  return b !== undefined && a.chainId === b.chainId && a.height === b.height && a.hash === b.hash;
}

async function readRecord(home: string): Promise<Trust | undefined> {
  const text = await readFile(path.join(home, RECORD), "utf8").catch(absent);
  if (text === undefined) return undefined;
  try {
    const { chainId, height, hash } = JSON.parse(text) as Partial<Record<keyof Trust, unknown>>;
    if (typeof chainId !== "string" || typeof height !== "number" || typeof hash !== "string") return undefined;
    return { chainId, height, hash };
  } catch {
    // Torn by a crash: the store is then judged by what is in it, and a given block starts it anew.
    return undefined;
  }
}

/**
 * Whether cometbft has saved a verified header. A LevelDB names its keys in plain text in the journal, and the first key of
 * each table in the manifest; keys of headers sort before all others.
 */
async function storeHoldsHeaders(home: string, chainId: string): Promise<boolean> {
  const store = path.join(home, STORE);
  const names = (await readdir(store).catch(absent)) ?? [];
  const key = `lb/${chainId}/`;
  for (const name of names.filter((n) => n.endsWith(".log") || n.startsWith("MANIFEST-"))) {
    if ((await readFile(path.join(store, name))).includes(key)) return true;
  }
  return false;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** Whole or not at all: a torn file would be words on a command line. */
async function writeWhole(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, content);
  await rename(draft, file);
}
