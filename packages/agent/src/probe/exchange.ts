import type { Dispatcher } from "undici";
import { type Failure, failureOf, isCutOff, portIsOpen } from "./failure";
import type { Asker, Door } from "./pools";

export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** Value of content-encoding, if one was sent. */
  readonly encoding: string | undefined;
  readonly body: Buffer;
}

/** A failure, and whether the port took a connection all the same; absent when that is not known. */
export type Outcome = { readonly answer: Answer } | { readonly failure: Failure; readonly open?: boolean };

export interface ExchangeLimits {
  /** From the first try to connect until the last byte. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** What all answers that are being read may hold together. */
  readonly memory: AnswerMemory;
}

/** Answers of ordinary size are never refused for want of memory. */
const ORDINARY_BYTES = 256 * 1024;

/**
 * Bounds what all unfinished answers hold together: a thousand nodes that send without end at the same time must not
 * exhaust the agent. Only answers of unusual size are refused for it.
 */
export class AnswerMemory {
  private used = 0;

  constructor(private readonly limit = 64 * 1024 * 1024) {}

  /** False when an answer of unusual size finds no room. */
  take(bytes: number, held: number): boolean {
    if (held > ORDINARY_BYTES && this.used + bytes > this.limit) return false;
    this.used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.used -= bytes;
  }
}

/**
 * Puts one question and reads the answer, whatever the other side does: it may hang, drip, stream without end, reset or talk
 * nonsense. Never rejects. A connection that was closed while idle is tried once more, on a new one.
 */
export async function exchange(
  door: Door,
  question: Question,
  limits: ExchangeLimits,
  signal?: AbortSignal,
): Promise<Outcome> {
  const end = performance.now() + limits.timeoutMs;
  const first = await attempt(door, question, limits, end, signal);
  if (!("retry" in first)) return first;
  const second = await attempt(door, question, limits, end, signal);
  return "retry" in second ? { failure: second.retry, open: false } : second;
}

const NOT_NEEDED: Failure = { kind: "timeout", text: "no longer needed" };

type Attempt = Outcome | { readonly retry: Failure };

function attempt(
  door: Door,
  question: Question,
  limits: ExchangeLimits,
  end: number,
  signal?: AbortSignal,
): Promise<Attempt> {
  if (signal?.aborted) return Promise.resolve({ failure: NOT_NEEDED });
  return new Promise((resolve) => {
    const reader = new Reader(limits, end, resolve, signal);
    try {
      door.dispatch({ ...question, headersTimeout: 0, bodyTimeout: 0 }, reader);
    } catch (error) {
      reader.onResponseError(undefined, error as Error);
    }
  });
}

/** Collects one answer. Settles once; what comes later is dropped with its connection. */
class Reader implements Asker {
  private controller: Dispatcher.DispatchController | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private held = 0;
  private status = 0;
  private encoding: string | undefined;
  private settled = false;

  constructor(
    private readonly limits: ExchangeLimits,
    end: number,
    private readonly resolve: (attempt: Attempt) => void,
    private readonly signal?: AbortSignal,
  ) {
    this.timer = setTimeout(() => this.late(), Math.max(0, end - performance.now()));
    signal?.addEventListener("abort", this.onCancel, { once: true });
  }

  private readonly onCancel = (): void => {
    this.fail(NOT_NEEDED, {});
  };

  isOver(): boolean {
    return this.settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error("too late"));
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ) {
    if (status < 200) return;
    this.status = status;
    this.encoding = headers["content-encoding"]?.toString();
    const announced = Number(headers["content-length"]);
    if (announced > this.limits.maxAnswerBytes) this.tooLong();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    if (this.held + chunk.length > this.limits.maxAnswerBytes) {
      this.tooLong();
      return;
    }
    if (!this.limits.memory.take(chunk.length, this.held)) {
      this.fail({ kind: "oversize", text: "answer is long, and too many others are long at the same time" });
      return;
    }
    this.held += chunk.length;
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    this.settle({ answer: { status: this.status, encoding: this.encoding, body } });
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const failure = failureOf(error);
    this.settle(isCutOff(error) && this.status === 0 ? { retry: failure } : { failure, ...portIsOpen(error) });
  }

  private tooLong(): void {
    this.fail({ kind: "oversize", text: `answer is longer than ${this.limits.maxAnswerBytes} bytes` });
  }

  /** Without a connection there is no controller. */
  private late(): void {
    const open = this.controller !== undefined;
    const text = `no ${open ? "answer" : "connection"} within ${this.limits.timeoutMs / 1000} s`;
    this.fail({ kind: "timeout", text }, { open });
  }

  private fail(failure: Failure, port: { open?: boolean } = { open: true }): void {
    this.settle({ failure, ...port });
    this.controller?.abort(new Error(failure.text));
  }

  private settle(attempt: Attempt): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.onCancel);
    this.limits.memory.release(this.held);
    this.chunks.length = 0;
    this.resolve(attempt);
  }
}
