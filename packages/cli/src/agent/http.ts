import { request } from "undici";
import { CliError, EXIT } from "../errors";

const PATIENCE_MS = 5_000;

export interface Asked {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly accept?: string;
  /** Sent as a bearer. */
  readonly token?: string;
  /** Code of the error when nothing answers. */
  readonly code: string;
  /** Status codes besides 200 that the caller reads himself. */
  readonly expects?: readonly number[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks a service of the stack.
 *
 * @throws CliError with exit code 3 when it does not answer as it should
 */
export async function ask(
  address: string,
  { method = "GET", body, accept, token, code, expects = [] }: Asked,
): Promise<HttpAnswer> {
  try {
    // Not fetch: it refuses ports that a user may well have chosen.
    const answer = await request(address, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode === 200 || expects.includes(answer.statusCode)) return { status: answer.statusCode, text };
    throw new Error(`status code ${answer.statusCode}`);
  } catch (error) {
    const message = `${address} does not answer (${reasonOf(error)}); is the stack running? Start it with "npm start"`;
    throw new CliError(message, code, EXIT.unreachable);
  }
}

/** The same for an answer that must be JSON of a form. */
export async function askJson<T>(address: string, asked: Asked, fits: (value: unknown) => boolean): Promise<T> {
  const { text } = await ask(address, asked);
  const value = parsed(text);
  if (fits(value)) return value as T;
  const start = JSON.stringify(text.slice(0, 60));
  throw new CliError(
    `${address} answers ${start}, which was not expected; what listens there?`,
    asked.code,
    EXIT.unreachable,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${PATIENCE_MS / 1000} s`;
  return "code" in error ? String(error.code) : error.message;
}
