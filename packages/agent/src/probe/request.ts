import { isUtf8 } from "node:buffer";
import type { ProbeRequest } from "@chainkeep/core";
import type { Answer, Question } from "./exchange";
import { clean, type Failure } from "./failure";

/** What is filled in for the placeholders. */
export interface Filling {
  readonly height?: number;
  readonly hash?: string;
  /** Height of the old block that is asked for. */
  readonly checkpoint?: number;
}

/** No compression is asked for: what nobody unpacks cannot be a bomb. */
const HEADERS = { accept: "application/json", "user-agent": "chainkeep-agent" };
const RPC_HEADERS = { ...HEADERS, "content-type": "application/json" };

/** A health question as an HTTP request below the given base path. */
export function questionOf(request: ProbeRequest, basePath: string, filling: Filling = {}): Question {
  const base = basePath.replace(/\/+$/, "");
  if (request.get !== undefined) {
    const path = fillPath(request.get, filling);
    return { method: "GET", path: `${base}${path}`, headers: HEADERS };
  }
  const { method = "", params, version = "2.0" } = request.rpc ?? {};
  // An empty list is not the same as none: CometBFT then misses optional parameters.
  const list = params?.map((value) => fillValue(value, filling));
  const body = JSON.stringify({ jsonrpc: version, id: 1, method, ...(list ? { params: list } : {}) });
  return { method: "POST", path: base === "" ? "/" : basePath, headers: RPC_HEADERS, body };
}

const PLACEHOLDER = /\$(?:heightHex|height|parent|hash|checkpointHex|checkpoint)/g;

function fillPath(path: string, filling: Filling): string {
  return path.replace(PLACEHOLDER, (word) => encodeURIComponent(String(filled(word, filling))));
}

function fillValue(value: unknown, filling: Filling): unknown {
  if (typeof value === "string") return filled(value, filling);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, filling));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillValue(item, filling)]));
}

/** What stands for a word; anything that is no placeholder stands for itself. */
function filled(word: string, { height = 0, hash = "", checkpoint = 0 }: Filling): string | number {
  if (word === "$height") return height;
  if (word === "$heightHex") return `0x${height.toString(16)}`;
  if (word === "$checkpoint") return checkpoint;
  if (word === "$checkpointHex") return `0x${checkpoint.toString(16)}`;
  if (word === "$parent") return Math.max(0, height - 1);
  return word === "$hash" ? hash : word;
}

export type Interpretation = { readonly value: unknown } | { readonly failure: Failure };

/** What an answer says: for JSON-RPC its result, for a GET all of it. */
export function interpret(request: ProbeRequest, { status, encoding, body }: Answer): Interpretation {
  const accepted = (status >= 200 && status < 300) || (request.acceptStatus ?? []).includes(status);
  if (status >= 300 && status < 400 && !accepted) return garbage(`sends us elsewhere (HTTP ${status})`);
  if (encoding !== undefined && encoding !== "identity")
    return garbage("answer is packed although nobody asked for it");
  if (status === 401 || status === 403) return failed("auth", `refuses our credentials (HTTP ${status})`);
  const parsed = parse(body);
  if (!accepted) return failed("server", errorText(parsed) ?? `HTTP ${status}`);
  if ("failure" in parsed) return parsed;
  return request.rpc === undefined ? parsed : rpcResult(parsed.value);
}

function parse(body: Buffer): Interpretation {
  if (!isUtf8(body)) return garbage("answer is no text");
  const text = body.toString("utf8");
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const start = clean(text.slice(0, 200), 40);
    return garbage(start === "" ? "answer is empty" : `answer is no JSON: ${JSON.stringify(start)}`);
  }
}

function rpcResult(answer: unknown): Interpretation {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return garbage("answer is no JSON-RPC");
  const error = errorText({ value: answer });
  if (error !== undefined) return failed("server", error);
  if (!Object.hasOwn(answer, "result")) return garbage("answer is no JSON-RPC");
  return { value: (answer as { result: unknown }).result };
}

/** The node's own words for what is wrong, if it has some. */
function errorText(parsed: Interpretation): string | undefined {
  if (!("value" in parsed) || typeof parsed.value !== "object" || parsed.value === null) return undefined;
  const { error } = parsed.value as { error?: unknown };
  if (error === undefined || error === null) return undefined;
  const { message, code, data } = (typeof error === "object" ? error : { message: error }) as Record<string, unknown>;
  const parts = [message, data].flatMap((part) => (typeof part === "string" && part !== "" ? [part] : []));
  const words = clean(parts.join(": "), 160);
  const number = typeof code === "number" ? ` (${code})` : "";
  return `node says: ${words === "" ? "error" : words}${number}`;
}

function garbage(text: string): { failure: Failure } {
  return failed("garbage", text);
}

function failed(kind: Failure["kind"], text: string): { failure: Failure } {
  return { failure: { kind, text } };
}
