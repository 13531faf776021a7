/** Longer bodies are not looked into; then they are not sent twice. */
const MAX_INSPECTED_BYTES = 1024 * 1024;
/** A longer name is no method; expressions are not run over it. */
const MAX_NAME = 200;

export interface InspectedRequest {
  readonly method: string;
  /** Path at the node, with its query. */
  readonly path: string;
  readonly body: Buffer;
}

/**
 * Whether a request may be sent to a second node although the first may have carried it out: reading ones only. In doubt it
 * may not.
 */
export function isRepeatable({ method, path, body }: InspectedRequest, writes: RegExp): boolean {
  if (method === "GET" || method === "HEAD") return namesInPath(path).every((name) => isRead(name, writes));
  if (method !== "POST") return false;
  const called = calledMethods(body);
  return called !== undefined && called.length > 0 && called.every((name) => isRead(name, writes));
}

function isRead(name: string, writes: RegExp): boolean {
  return name.length <= MAX_NAME && !writes.test(name);
}

/** The path in the forms in which an expression may name it, and its last word, which in a GET can be the method. */
function namesInPath(path: string): string[] {
  const raw = path.split("?", 1)[0] ?? "";
  const plain = decoded(raw).replace(/\/{2,}/g, "/");
  const bare = plain.replace(/^\/+|\/+$/g, "");
  return [...new Set([raw.slice(0, MAX_NAME), plain, bare, bare.slice(bare.lastIndexOf("/") + 1)])];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Methods of a JSON-RPC call or batch, or undefined if the body is not clearly one. */
function calledMethods(body: Buffer): string[] | undefined {
  if (body.length > MAX_INSPECTED_BYTES) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  const calls = Array.isArray(parsed) ? parsed : [parsed];
  const names = calls.map(calledMethod);
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** Go's decoder reads "Method" as well: a call that names two methods is not clear. */
function calledMethod(call: unknown): string | undefined {
  if (typeof call !== "object" || call === null || Array.isArray(call)) return undefined;
  const keys = Object.keys(call).filter((key) => key.toLowerCase() === "method");
  const { method } = call as { method?: unknown };
  return keys.length === 1 && typeof method === "string" ? method : undefined;
}
