import type { ProbeErrorKind } from "@chainkeep/core";

/** Why a question has no usable answer. */
export interface Failure {
  readonly kind: ProbeErrorKind;
  readonly text: string;
}

const KNOWN: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { kind: "transport", text: "connection refused" },
  ENOTFOUND: { kind: "transport", text: "host name is not known" },
  EAI_AGAIN: { kind: "transport", text: "host name could not be looked up" },
  EHOSTUNREACH: { kind: "transport", text: "host cannot be reached" },
  ENETUNREACH: { kind: "transport", text: "network cannot be reached" },
  EMFILE: { kind: "transport", text: "the agent has no file descriptor left: raise its limit" },
  EADDRNOTAVAIL: { kind: "transport", text: "this machine has no local port left for a connection" },
  UND_ERR_CONNECT_TIMEOUT: { kind: "timeout", text: "no connection in time" },
  UND_ERR_HEADERS_OVERFLOW: { kind: "oversize", text: "answer has too many headers" },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { kind: "garbage", text: "answer has another length than it announces" },
};

const CUT_OFF = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"]);

/** An error of the HTTP client in an operator's words. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const known = Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined;
  if (known) return known;
  if (CUT_OFF.has(code)) return { kind: "transport", text: "connection was cut off" };
  if (code.startsWith("HPE_") || textOf(error, "name") === "HTTPParserError")
    return { kind: "garbage", text: "answer is not HTTP" };
  return { kind: "transport", text: clean(textOf(error, "message") || "unknown fault", 200) };
}

/** Whether the other side closed a connection; with kept-alive ones that may happen just as a question is sent. */
export function isCutOff(error: unknown): boolean {
  return CUT_OFF.has(codeOf(error));
}

const OWN = new Set(["EMFILE", "ENFILE", "ENOBUFS", "EADDRNOTAVAIL", "UND_ERR_INVALID_ARG", "UND_ERR_NOT_SUPPORTED"]);

/** Whether the fault is on our side: then it says nothing about the node. */
export function isOwnFault(error: unknown): boolean {
  return OWN.has(codeOf(error));
}

/** Whether the port took the connection although the question failed. Nothing is said where the fault is our own. */
export function portIsOpen(error: unknown): { open?: boolean } {
  if (isOwnFault(error)) return {};
  return { open: failureOf(error).kind !== "transport" && codeOf(error) !== "UND_ERR_CONNECT_TIMEOUT" };
}

function codeOf(error: unknown): string {
  return textOf(error, "code");
}

/** Errors of the runtime are not always instances of our `Error`. */
function textOf(error: unknown, key: string): string {
  const value = typeof error === "object" && error !== null ? (error as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" ? value : "";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach logs and terminals
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** Text that a stranger sent, fit for a log, a terminal and a label: no control characters, not longer than `limit`. */
export function clean(text: string, limit: number): string {
  const plain = text
    .slice(0, limit * 4)
    .replace(CONTROL, " ")
    .trim();
  return plain.length > limit ? `${plain.slice(0, limit - 3)}...` : plain;
}
