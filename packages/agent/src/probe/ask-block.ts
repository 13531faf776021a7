import { type HealthProbe, hashDigits, type InventoryProcess } from "@chainkeep/core";
import { basicAuth } from "./auth";
import { type ExchangeLimits, exchange } from "./exchange";
import type { Door } from "./pools";
import { interpret, questionOf } from "./request";
import { valueAt } from "./values";

/** A hash as plain digits, null when the node answers but tells none (pruned, empty slot), undefined when it does not answer. */
export type BlockAnswer = string | null | undefined;

/** Asks one process for the hash of an old block, in the words of its client. Whatever goes wrong is no reason against the node. */
export async function askBlock(
  process: InventoryProcess,
  { checkpoint }: HealthProbe,
  height: number,
  { door, limits }: { readonly door: Door; readonly limits: ExchangeLimits },
): Promise<BlockAnswer> {
  if (!checkpoint) return undefined;
  const { basicAuthFile, probeUrl } = process;
  const auth = basicAuthFile === undefined ? {} : await basicAuth(basicAuthFile);
  if ("failure" in auth) return undefined;
  const question = questionOf(checkpoint.request, new URL(probeUrl).pathname, { checkpoint: height });
  const headers = { ...question.headers, ...auth };
  const outcome = await exchange(door, { ...question, headers }, limits);
  if ("failure" in outcome) return undefined;
  const result = interpret(checkpoint.request, outcome.answer);
  return "value" in result ? (hashDigits(valueAt(result.value, checkpoint.path)) ?? null) : null;
}
