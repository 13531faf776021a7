import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

/** Whom the blocks credit, so that the state changes with each. */
export const CREDITED = `0x${"c0".repeat(20)}`;
const ROOT = `0x${"00".repeat(32)}`;
const GWEI = 1_000_000_000;

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}

/**
 * Makes blocks on top of an execution client's own head, in the place of its consensus client. For networks that were merged from their first
 * block, as long as their rules are those of Cancun: Hoodi has enough such seconds.
 */
export async function makeBlocks(at: { rpc: string; engine: string; jwtFile: string }, count: number): Promise<void> {
  const engine = (method: string, params: unknown[]) => call(at.engine, method, params, tokenOf(at.jwtFile));
  for (let i = 0; i < count; i++) {
    const parent = (await call(at.rpc, "eth_getBlockByNumber", ["latest", false])) as Block;
    const attributes = {
      timestamp: hex(Number(parent.timestamp) + 12),
      prevRandao: ROOT,
      suggestedFeeRecipient: CREDITED,
      withdrawals: [{ index: parent.number, validatorIndex: "0x1", address: CREDITED, amount: hex(GWEI) }],
      parentBeaconBlockRoot: ROOT,
    };
    const head = (hash: string) => ({ headBlockHash: hash, safeBlockHash: hash, finalizedBlockHash: ROOT });
    const { payloadId } = (await engine("engine_forkchoiceUpdatedV3", [head(parent.hash), attributes])) as {
      payloadId: string;
    };
    const { executionPayload } = (await engine("engine_getPayloadV3", [payloadId])) as {
      executionPayload: { blockHash: string };
    };
    const { status } = (await engine("engine_newPayloadV3", [executionPayload, [], ROOT])) as { status: string };
    if (status !== "VALID") throw new Error(`the client calls its own block ${status}`);
    await engine("engine_forkchoiceUpdatedV3", [head(executionPayload.blockHash), null]);
  }
}

export async function call(url: string, method: string, params: readonly unknown[], auth?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(auth === undefined ? {} : { authorization: auth }) },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(5000),
  });
  const { result, error } = (await response.json()) as { result: unknown; error?: { message: string } | null };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** What the engine API wants to see: signed with the secret that both halves of a node know. */
function tokenOf(jwtFile: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iat: Math.floor(Date.now() / 1000) })}`;
  const secret = Buffer.from(readFileSync(jwtFile, "utf8").trim().replace(/^0x/, ""), "hex");
  return `Bearer ${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

const hex = (value: number) => `0x${value.toString(16)}`;
