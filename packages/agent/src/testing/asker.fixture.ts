import type { HealthProbe, InventoryProcess, Observation } from "@chainkeep/core";
import { askProcess } from "../probe/ask";
import { AnswerMemory } from "../probe/exchange";
import { Pools } from "../probe/pools";
import { FAKE_PROBE } from "./fake-node.fixture";

export const TIMEOUT_MS = 400;
export const MAX_ANSWER_BYTES = 50_000;

export interface Asked extends Observation {
  /** Seconds of each question that counted. */
  readonly requests: readonly number[];
  readonly errors: readonly string[];
}

/** Asks servers of a test as the prober asks nodes. */
export class TestAsker {
  readonly #pools = new Pools({ connections: 2, connectTimeoutMs: TIMEOUT_MS, keepAliveMs: 10_000 });

  async ask(url: string, probe: HealthProbe = FAKE_PROBE, rest: Partial<InventoryProcess> = {}): Promise<Asked> {
    const requests: number[] = [];
    const errors: string[] = [];
    const process = {
      name: "a",
      layer: "node",
      client: "c",
      version: "1",
      questions: "q",
      probeUrl: url,
      ...rest,
    } as const;
    const observation = await askProcess(process, probe, {
      door: this.#pools.of(new URL(url).origin),
      limits: { timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES, memory: new AnswerMemory() },
      blockTimeSeconds: 1,
      now: Date.now,
      onRequest: (seconds) => requests.push(seconds),
      onError: (kind) => errors.push(kind),
    });
    return { ...observation, requests, errors };
  }

  close(): Promise<void> {
    return this.#pools.destroy();
  }
}
