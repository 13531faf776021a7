import { setMaxListeners } from "node:events";
import {
  type HealthProbe,
  type InventoryProcess,
  type Observation,
  type ProbeErrorKind,
  placeholdersOf,
  requestsBefore,
  type ValueSource,
} from "@chainkeep/core";
import { basicAuth } from "./auth";
import { type ExchangeLimits, exchange } from "./exchange";
import type { Failure } from "./failure";
import { headOf } from "./head";
import type { Door } from "./pools";
import { takesConnections } from "./reach";
import { type Filling, type Interpretation, interpret, questionOf } from "./request";
import { readAs, valueAt } from "./values";

export interface AskContext {
  readonly door: Door;
  readonly limits: ExchangeLimits;
  readonly blockTimeSeconds: number;
  readonly now: () => number;
  /** Told how long every question took whose answer counts. */
  readonly onRequest?: (seconds: number) => void;
  /** Told once why there is no head. */
  readonly onError?: (kind: ProbeErrorKind) => void;
}

/** Asks one process for its head. Never rejects: whatever goes wrong is in the observation. */
export async function askProcess(
  process: InventoryProcess,
  probe: HealthProbe,
  context: AskContext,
): Promise<Observation> {
  const started = performance.now();
  const result = await new Asking(process, probe, context).run();
  const durationMs = Math.round(performance.now() - started);
  if (result.error) context.onError?.(result.error.kind);
  return { at: context.now(), durationMs, ...result };
}

/** All requests of one asking. Those that need the head wait for the answer that holds it; the first failure ends the rest. */
class Asking {
  private readonly answers = new Map<string, Promise<Interpretation>>();
  private readonly stop = new AbortController();
  private readonly base: string;
  private firstFailure: Failure | undefined;
  /** What the first failure told of the port, unless another question got through. */
  private open: boolean | undefined;
  private headers: Record<string, string> = {};

  constructor(
    private readonly process: InventoryProcess,
    private readonly probe: HealthProbe,
    private readonly context: AskContext,
  ) {
    this.base = new URL(process.probeUrl).pathname;
    setMaxListeners(0, this.stop.signal);
  }

  async run(): Promise<Pick<Observation, "head" | "error" | "reachable">> {
    const { basicAuthFile } = this.process;
    const auth = basicAuthFile === undefined ? undefined : await basicAuth(basicAuthFile);
    if (auth && "failure" in auth) {
      const { probeUrl } = this.process;
      return { error: auth.failure, ...known(await takesConnections(probeUrl, this.context.limits.timeoutMs)) };
    }
    this.headers = auth ?? {};
    const names = Object.keys(this.probe.requests);
    const results = await Promise.all(names.map(async (name) => [name, await this.answer(name)] as const));
    if (this.firstFailure) return { error: this.firstFailure, ...known(this.open) };
    const values = new Map(results.flatMap(([name, r]) => ("value" in r ? [[name, r.value] as const] : [])));
    const head = headOf(this.probe, values, {
      now: this.context.now(),
      blockTimeSeconds: this.context.blockTimeSeconds,
    });
    return { ...("kind" in head ? { error: head } : { head }), reachable: true };
  }

  private isOptional(name: string): boolean {
    return this.probe.requests[name]?.optional === true;
  }

  private answer(name: string): Promise<Interpretation> {
    const known = this.answers.get(name);
    if (known) return known;
    const pending = this.request(name);
    this.answers.set(name, pending);
    return pending;
  }

  private async request(name: string): Promise<Interpretation> {
    const request = this.probe.requests[name] ?? {};
    const filling = await this.filling(name);
    if ("failure" in filling) return this.failed(name, filling.failure);
    const started = performance.now();
    const plain = questionOf(request, this.base, filling);
    const question = { ...plain, headers: { ...plain.headers, ...this.headers } };
    const outcome = await exchange(this.context.door, question, this.context.limits, this.stop.signal);
    this.open = "answer" in outcome || outcome.open === true || (this.open ?? outcome.open);
    const result = "failure" in outcome ? outcome : interpret(request, outcome.answer);
    if (!this.stop.signal.aborted && !this.isOptional(name)) {
      this.context.onRequest?.((performance.now() - started) / 1000);
    }
    return "failure" in result ? this.failed(name, result.failure) : result;
  }

  /** The first required request that fails decides; nobody waits for the others. */
  private failed(name: string, failure: Failure): Interpretation {
    if (!this.isOptional(name) && this.firstFailure === undefined) {
      this.firstFailure = failure;
      this.stop.abort();
    }
    return { failure };
  }

  private async filling(name: string): Promise<Filling | { failure: Failure }> {
    for (const before of requestsBefore(this.probe, name)) {
      const result = await this.answer(before);
      if ("failure" in result) return result;
    }
    const { height: wantsHeight, hash: wantsHash } = placeholdersOf(this.probe.requests[name] ?? {});
    const height = wantsHeight ? await this.value(this.probe.head.height) : undefined;
    const hash = wantsHash && this.probe.head.hash ? await this.value(this.probe.head.hash) : undefined;
    if (wantsHeight && typeof height !== "number") return absent(name, "height");
    if (wantsHash && (typeof hash !== "string" || hash.length > 256)) return absent(name, "hash");
    return { ...(typeof height === "number" ? { height } : {}), ...(typeof hash === "string" ? { hash } : {}) };
  }

  private async value(source: ValueSource) {
    const result = await this.answer(source.from);
    const reading = "value" in result ? readAs(valueAt(result.value, source.path), source.as) : "absent";
    return typeof reading === "object" && "value" in reading ? reading.value : undefined;
  }
}

function known(reachable: boolean | undefined): { reachable?: boolean } {
  return reachable === undefined ? {} : { reachable };
}

function absent(name: string, field: string): { failure: Failure } {
  return { failure: { kind: "garbage", text: `no ${field} to ask "${name}" for` } };
}
