import type { IncomingMessage, ServerResponse } from "node:http";
import type { AgentInventory, Reason } from "@chainkeep/core";
import { rpcUrlOf } from "../fleet/fleet";
import type { NodeState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import type { Pools } from "../probe/pools";
import { sendJson } from "../server/http";
import { type Answering, attempt, type Failed, type Outgoing } from "./attempt";
import type { Destination } from "./choose";
import { requestHeaders, responseHeaders } from "./headers";
import { isRepeatable } from "./repeatable";

export interface ForwardContext {
  readonly inventory: AgentInventory;
  /** Kept-alive connections, for what may be repeated. */
  readonly reads: Pools;
  /** A new connection each: a kept one may close just as a transaction is sent, and nobody could tell whether it arrived. */
  readonly writes: Pools;
  readonly rotation: Rotation;
  readonly onRetry: () => void;
  /** Status 500 with a JSON-RPC error inside: some nodes answer mistakes of the user like this. */
  readonly onRpcError: () => void;
}

/** Status codes by which something in front of a node says that the node is not there. */
const GATEWAY_ERRORS = new Set([502, 503, 504]);

interface Try {
  readonly node: string;
  readonly failed: Failed;
}

/** Sends a request to the first of the nodes that answers, and passes the answer on. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  destination: Destination,
  body: Buffer,
  nodes: readonly NodeState[],
  context: ForwardContext,
): Promise<void> {
  const proxy = context.inventory.proxy;
  if (!proxy) return;
  const method = request.method ?? "GET";
  const repeatable = isRepeatable({ method, path: destination.path, body }, new RegExp(proxy.writes));
  const outgoing: Outgoing = { method, path: destination.path, headers: requestHeaders(request), body };
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const tries: Try[] = [];
  for (const [index, state] of nodes.entries()) {
    if (index > 0) context.onRetry();
    const result = await tryNode(state, outgoing, repeatable, gone.signal, context, proxy.timeoutMs);
    if (gone.signal.aborted) return blame(tries, false, context.rotation);
    const last = index === nodes.length - 1;
    if ("status" in result) {
      if (!GATEWAY_ERRORS.has(result.status) || last || !repeatable) {
        blame(tries, true, context.rotation);
        context.rotation.answered(state.node.name);
        return passOn(result, state.node.name, response, context.onRpcError);
      }
      result.discard();
      const text = `answered with HTTP ${result.status}`;
      tries.push({ node: state.node.name, failed: { sent: true, timeout: false, text } });
      continue;
    }
    tries.push({ node: state.node.name, failed: result });
    if (result.sent && !repeatable) break;
  }
  blame(tries, false, context.rotation);
  refuse(request, response, destination.group, tries, repeatable, context.inventory);
}

/** A reading request whose connection closes is put once more on a new one: the old one may just have been idle for too long. */
async function tryNode(
  state: NodeState,
  outgoing: Outgoing,
  repeatable: boolean,
  signal: AbortSignal,
  { reads, writes }: ForwardContext,
  timeoutMs: number,
): Promise<Failed | Answering> {
  const url = new URL(rpcUrlOf(state.node) ?? "");
  const path = `${url.pathname.replace(/\/+$/, "")}${outgoing.path}`;
  const put = (pools: Pools) => attempt(pools.of(url.origin), { ...outgoing, path }, timeoutMs, signal);
  const first = await put(repeatable ? reads : writes);
  return repeatable && "cutOff" in first && first.cutOff && first.sent && !signal.aborted ? put(writes) : first;
}

/** Takes nodes out of rotation that could not be reached or kept silent. */
function blame(tries: readonly Try[], answeredByOther: boolean, rotation: Rotation): void {
  for (const { node, failed } of tries) {
    const text = `a request failed: ${failed.text}`;
    if (failed.timeout) rotation.timedOut(node, text, answeredByOther);
    else if (!failed.sent && !failed.ownFault) rotation.unreachable(node, text);
  }
}

async function passOn(
  answer: Answering,
  node: string,
  response: ServerResponse,
  onRpcError: () => void,
): Promise<void> {
  try {
    response.writeHead(answer.status, responseHeaders(answer.headers, node));
  } catch {
    // Headers that no HTTP message may have.
    answer.discard();
    response.removeHeader("x-chainkeep-node");
    const body = JSON.stringify({ error: "node answered with headers that cannot be passed on" });
    response.writeHead(502, { "content-type": "application/json", "x-chainkeep-node": node }).end(body);
    return;
  }
  await answer.pipe(response, (chunk) => {
    if (answer.status === 500 && isRpcError(chunk)) onRpcError();
  });
}

/** Looks at the beginning of an answer only: an error stands in front, and a long answer is none. */
function isRpcError(chunk: Buffer): boolean {
  const text = chunk.toString("latin1", 0, 4096);
  return /^\s*\{/.test(text) && /"error"\s*:\s*\{/.test(text) && /"code"\s*:\s*-?\d/.test(text);
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  group: string,
  tries: readonly Try[],
  repeatable: boolean,
  inventory: AgentInventory,
): void {
  const last = tries.at(-1)?.failed;
  if (last?.ownFault) {
    sendJson(request, response, 500, { error: `proxy could not put the request: ${last.text}`, group });
    return;
  }
  const nodes = tries.map(({ node, failed }) => ({ node, reasons: [{ code: "REQUEST_FAILED", text: failed.text }] }));
  const maybeDone = last?.sent === true && !repeatable;
  const error = maybeDone
    ? "the node did not answer; the request was not sent to another one because it may have been carried out"
    : "no node answered";
  const status = last?.timeout ? 504 : last?.sent ? 502 : 503;
  const headers: Record<string, string> = status === 503 ? retryAfter(inventory) : {};
  sendJson(request, response, status, { error, group, nodes }, headers);
}

/** Says that no node of the group is ready, and why not. */
export function refuseUnready(
  request: IncomingMessage,
  response: ServerResponse,
  group: string,
  nodes: readonly { readonly node: string; readonly reasons: readonly Reason[] }[],
  inventory: AgentInventory,
): void {
  const error = `no node of group ${JSON.stringify(group)} is ready`;
  sendJson(request, response, 503, { error, group, nodes }, retryAfter(inventory));
}

function retryAfter({ probe }: AgentInventory): { "retry-after": string } {
  return { "retry-after": String(Math.max(1, Math.ceil(probe.intervalSeconds))) };
}
