import { type AgentInventory, type HealthProbe, hashDigits, type InventoryProcess } from "@chainkeep/core";
import { askProcess } from "../../probe/ask";
import { basicAuth } from "../../probe/auth";
import { AnswerMemory, exchange } from "../../probe/exchange";
import { Pools } from "../../probe/pools";
import { type Interpretation, interpret, questionOf } from "../../probe/request";
import { valueAt } from "../../probe/values";
import type { AskTarget, BlockFacts, ChainAsker } from "../contracts";

/** A node that has just begun, and one that looks for an old block, may take longer than a health question allows. */
const LEAST_TIMEOUT_MS = 5000;
const CONNECTIONS = 2;

/** Asks nodes, guests and references about their chain over connections of its own. */
export class NodeAsker implements ChainAsker {
  private readonly pools: Pools;
  private readonly memory = new AnswerMemory();

  constructor(
    private readonly inventory: () => AgentInventory,
    private readonly now: () => number = Date.now,
  ) {
    // Guests come and go at the same address: no connection outlives its question.
    this.pools = new Pools({ connections: CONNECTIONS, connectTimeoutMs: this.timeoutMs, keepAliveMs: 0 });
  }

  async head(target: AskTarget): ReturnType<ChainAsker["head"]> {
    const { probeUrl, basicAuthFile } = target;
    const place = { name: "", layer: "node", client: "", version: "", questions: "", probeUrl } as const;
    const process: InventoryProcess = { ...place, ...(basicAuthFile === undefined ? {} : { basicAuthFile }) };
    try {
      const { head, error } = await askProcess(process, chainOnly(target.questions), {
        ...this.way(probeUrl),
        blockTimeSeconds: this.inventory().blockTimeSeconds,
        now: this.now,
      });
      if (!head) return { error: error?.text ?? "no answer" };
      const { hash, genesis, ...rest } = head;
      return { head: { ...rest, ...digits("hash", hash), ...digits("genesis", genesis) } };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  async block(target: AskTarget, height: number): Promise<BlockFacts | undefined> {
    const { proof, checkpoint } = target.questions;
    const of = proof?.block ?? (checkpoint && { request: checkpoint.request, hash: checkpoint.path, state: undefined });
    if (!of || !Number.isSafeInteger(height) || height < 0) return undefined;
    try {
      const [answer, first] = await Promise.all([
        this.ask(target, of.request, height),
        proof?.genesis ? this.ask(target, proof.genesis.request, height) : undefined,
      ]);
      if (!answer) return undefined;
      const raw = valueAt(answer.value, of.hash);
      const hash = hashDigits(raw) ?? null;
      // No hash means that it does not have the block. Something else in its place means nothing at all.
      if (hash === null && raw !== undefined && raw !== null && raw !== "") return undefined;
      const state = of.state === undefined ? null : (hashDigits(valueAt(answer.value, of.state)) ?? null);
      const genesis = first && proof?.genesis ? (hashDigits(valueAt(first.value, proof.genesis.hash)) ?? null) : null;
      return { height, hash, state: hash === null ? null : state, genesis };
    } catch {
      // An address that is none, a fault of the library: no answer either way.
      return undefined;
    }
  }

  close(): Promise<void> {
    return this.pools.destroy();
  }

  /** Undefined when nothing came that could be an answer; a node's own "no such block" is one without a value. */
  private async ask(
    { probeUrl, basicAuthFile }: AskTarget,
    request: Parameters<typeof questionOf>[0],
    checkpoint: number,
  ): Promise<{ readonly value: unknown } | undefined> {
    const auth = basicAuthFile === undefined ? {} : await basicAuth(basicAuthFile);
    if ("failure" in auth) return undefined;
    const question = questionOf(request, new URL(probeUrl).pathname, { checkpoint });
    const { door, limits } = this.way(probeUrl);
    const outcome = await exchange(door, { ...question, headers: { ...question.headers, ...auth } }, limits);
    if ("failure" in outcome) return undefined;
    const result: Interpretation = interpret(request, outcome.answer);
    if ("value" in result) return result;
    return result.failure.kind === "server" ? { value: undefined } : undefined;
  }

  private get timeoutMs(): number {
    return Math.max(this.inventory().probe.timeoutMs, LEAST_TIMEOUT_MS);
  }

  private way(probeUrl: string) {
    const { maxAnswerBytes } = this.inventory().probe;
    return {
      door: this.pools.of(new URL(probeUrl).origin),
      limits: { timeoutMs: this.timeoutMs, maxAnswerBytes, memory: this.memory },
    };
  }
}

/** What nobody needs for a proof may fail: a node without peers, or a public one, refuses to tell of them. */
export function chainOnly(probe: HealthProbe): HealthProbe {
  const { height, hash, timestamp, chainId, genesis } = probe.head;
  const times = timestamp && "slot" in timestamp ? [timestamp.slot, timestamp.genesisTime] : [timestamp];
  const needed = new Set([height, hash, chainId, genesis, ...times].flatMap((source) => (source ? [source.from] : [])));
  const requests = Object.fromEntries(
    Object.entries(probe.requests).map(([name, request]) => [
      name,
      needed.has(name) ? request : { ...request, optional: true },
    ]),
  );
  return { ...probe, requests, faults: [] };
}

function digits<K extends string>(key: K, hash: string | undefined): Partial<Record<K, string>> {
  const found = hashDigits(hash);
  return found === undefined ? {} : ({ [key]: found } as Partial<Record<K, string>>);
}
