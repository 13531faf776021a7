import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { failureOf, isCutOff, isOwnFault } from "../probe/failure";
import type { Asker, Door } from "../probe/pools";

export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

/** A node that did not answer. */
export interface Failed {
  /** Whether it may have received something of the request. */
  readonly sent: boolean;
  readonly timeout: boolean;
  /** The connection was closed; a kept-alive one may close at any moment. */
  readonly cutOff?: boolean;
  /** The request could not be put at all: nothing is known of the node. */
  readonly ownFault?: boolean;
  readonly text: string;
}

/** A node that began to answer; its body waits. */
export interface Answering {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Passes the body on as fast as the user takes it. Resolves when all is passed on, or with what went wrong. */
  readonly pipe: (response: ServerResponse, onFirst?: (chunk: Buffer) => void) => Promise<{ failure?: string }>;
  /** Drops the answer. */
  readonly discard: () => void;
}

/** A body that stands still for so long will not go on. */
const BODY_TIMEOUT_MS = 120_000;

/** One try on one node. Resolves when headers have arrived, or with why not; never rejects. */
export function attempt(
  door: Door,
  outgoing: Outgoing,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Failed | Answering> {
  return new Promise((resolve) => {
    const handler = new Attempt(timeoutMs, resolve, signal);
    const { method, path, headers, body } = outgoing;
    const options = { method: method as Dispatcher.HttpMethod, path, headers, body: body.length > 0 ? body : null };
    try {
      door.dispatch({ ...options, headersTimeout: 0, bodyTimeout: BODY_TIMEOUT_MS }, handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  });
}

/** Told when the body goes on, ends or breaks off. */
interface Sink {
  readonly data: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly error: (text: string) => void;
}

class Attempt implements Asker {
  private controller: Dispatcher.DispatchController | undefined;
  private sent = false;
  private settled = false;
  private ended = false;
  private broken: string | undefined;
  private sink: Sink | undefined;
  private readonly held: Buffer[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(
    timeoutMs: number,
    private readonly resolve: (result: Failed | Answering) => void,
    private readonly signal: AbortSignal,
  ) {
    const text = `no answer within ${timeoutMs / 1000} s`;
    this.timer = setTimeout(() => this.fail({ sent: this.sent, timeout: true, text }), timeoutMs);
    signal.addEventListener("abort", this.onCancel, { once: true });
  }

  private readonly onCancel = (): void => {
    this.fail({ sent: this.sent, timeout: false, text: "the user went away" });
    this.controller?.abort(new Error("the user went away"));
  };

  isOver(): boolean {
    return this.settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error("too late"));
    else this.sent = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.settled) return;
    controller.pause();
    this.settle({
      status,
      headers,
      pipe: (response, onFirst) => this.pipe(response, onFirst),
      discard: () => controller.abort(new Error("not wanted")),
    });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.sink) this.sink.data(chunk);
    else this.held.push(chunk);
  }

  onResponseEnd(): void {
    this.ended = true;
    this.finish();
    this.sink?.end();
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const { kind, text } = failureOf(error);
    this.broken ??= text;
    if (this.settled) {
      this.finish();
      this.sink?.error(text);
      return;
    }
    const timeout = kind === "timeout";
    this.fail({ sent: this.sent, timeout, cutOff: isCutOff(error), ownFault: isOwnFault(error), text });
  }

  private fail(failed: Failed): void {
    if (this.settled) return;
    this.settle(failed);
    this.finish();
    this.controller?.abort(new Error(failed.text));
  }

  private settle(result: Failed | Answering): void {
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve(result);
  }

  private finish(): void {
    this.signal.removeEventListener("abort", this.onCancel);
  }

  private pipe(response: ServerResponse, onFirst?: (chunk: Buffer) => void): Promise<{ failure?: string }> {
    let told = onFirst;
    return new Promise((resolve) => {
      const resume = () => this.controller?.resume();
      const gone = () => {
        this.controller?.abort(new Error("the user went away"));
        resolve({ failure: "the user went away" });
      };
      const done = (failure?: string) => {
        response.off("drain", resume).off("close", gone);
        if (failure === undefined) response.end(() => resolve({}));
        else {
          // The user sees that the answer is not complete.
          response.destroy(new Error(failure));
          resolve({ failure });
        }
      };
      this.sink = {
        data: (chunk) => {
          told?.(chunk);
          told = undefined;
          if (!response.write(chunk)) this.controller?.pause();
        },
        end: () => done(),
        error: (text) => done(text),
      };
      response.on("drain", resume).on("close", gone);
      for (const chunk of this.held.splice(0)) this.sink.data(chunk);
      if (this.broken !== undefined) done(this.broken);
      else if (this.ended) done();
      else if (!response.writableNeedDrain) resume();
    });
  }
}
