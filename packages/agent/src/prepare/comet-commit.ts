/** A block as a node tells it. */
export interface Block {
  readonly chainId: string;
  readonly height: number;
  /** 64 hex digits, capitals. */
  readonly hash: string;
}

export interface CommitAnswer {
  readonly url: string;
  readonly block?: Block;
  /** Why there is no block. */
  readonly problem?: string;
}

/** A commit of a thousand validators is about 200 KB. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Asks a CometBFT node for the block at a height. Whatever goes wrong is in the answer, never thrown. */
export async function commitOf(url: string, height: number, timeoutMs: number): Promise<CommitAnswer> {
  const { text, problem } = await ask(url, `commit?height=${height}`, timeoutMs);
  return problem === undefined ? { url, ...read(text, height) } : { url, problem };
}

/** Why a CometBFT node does not answer; nothing when it does. */
export async function healthProblem(url: string, timeoutMs: number): Promise<string | undefined> {
  const { text, problem } = await ask(url, "health", timeoutMs);
  if (problem !== undefined) return problem;
  return at(parsed(text), "result") === undefined ? `answer is not CometBFT's: ${oneLine(text)}` : undefined;
}

async function ask(url: string, what: string, timeoutMs: number): Promise<{ text: string; problem?: string }> {
  try {
    const response = await fetch(`${url.replace(/\/+$/, "")}/${what}`, {
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { text: await textOf(response) };
  } catch (error) {
    return { text: "", problem: reasonOf(error, timeoutMs) };
  }
}

/** In words; by form and not by class, because errors of `fetch` come from another realm under a test runner. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (at(error, "name") === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const code = at(error, "cause", "code") ?? at(error, "cause", "message");
  const message = oneLine(at(error, "message") ?? String(error));
  return code === undefined ? message : `${message} (${oneLine(code)})`;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error(`answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function read(text: string, height: number): { block: Block } | { problem: string } {
  const answer = parsed(text);
  const error = at(answer, "error");
  if (error !== undefined) return { problem: oneLine(at(error, "data") ?? at(error, "message") ?? error) };
  const chainId = at(answer, "result", "signed_header", "header", "chain_id");
  const told = at(answer, "result", "signed_header", "header", "height");
  const hash = at(answer, "result", "signed_header", "commit", "block_id", "hash");
  const sound = typeof chainId === "string" && typeof hash === "string" && /^[0-9A-Fa-f]{64}$/.test(hash);
  if (!sound || told !== String(height)) return { problem: `answer is not block ${height}: ${oneLine(text)}` };
  return { block: { chainId, height, hash: hash.toUpperCase() } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

/** A stranger's text in one line of ours. */
function oneLine(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/[\s\p{Cc}]+/gu, " ").slice(0, 200);
}
