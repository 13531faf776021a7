import { z } from "zod";
import { show } from "../errors/errors";
import { encode } from "../errors/fields";

type Issue = { readonly code?: string; readonly input?: unknown };

/**
 * Errors of places where people write a secret by mistake: a webhook's address where its file is asked for. What was written is
 * not repeated; unknown keys inside are told by themselves.
 */
export function concealed(allowed: string, code: string) {
  return {
    error: (issue: Issue) => {
      if (issue.code === "unrecognized_keys") return undefined;
      if (issue.input === undefined) return encode(`missing; give ${allowed}`, code);
      return encode(`got ${withoutSecret(issue.input)}; use ${allowed}`, code);
    },
  };
}

function withoutSecret(value: unknown): string {
  if (typeof value === "string") return "a text, not shown since it may be a secret";
  return typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : show(value);
}

/** A file that Alertmanager or Prometheus reads: a secret never stands in a configuration. */
export function secretFile() {
  const message = concealed(
    "the absolute path of a file that holds it; secrets never stand in the args",
    "SECRET_FILE",
  );
  return z.string(message).regex(/^\/[^\p{Cc}]{1,1000}$/u, message);
}

const ADDRESS = /^https?:\/\/[^\s@/?#]+(?:[/?#][^\s@]*)?$/;

/** An address that is no secret. One with a user and a password in it is not repeated. */
export function httpUrl(code: string) {
  const allowed = 'an address like "https://example.org/path", without user and password';
  const error = (issue: Issue) => {
    if (issue.input === undefined) return encode(`missing; give ${allowed}`, code);
    const told =
      typeof issue.input === "string" && issue.input.includes("@") ? "one with a user in it" : show(issue.input);
    return encode(`got ${told}; use ${allowed}`, code);
  };
  return z.string({ error }).regex(ADDRESS, { error });
}
