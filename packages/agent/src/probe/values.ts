import type { ValueFormat } from "@chainkeep/core";
import { clean } from "./failure";

export type Value = number | string | boolean;

/** A value, nothing (the node does not tell), or something that does not fit. */
export type Reading = { readonly value: Value } | "absent" | { readonly bad: string };

/** Last second of the year 9999: what lies beyond is no time. */
const LAST_SECOND = 253_402_300_799;
/** Go's zero time, which its programs send for "there is none yet". */
const ZERO_TIME = /^0001-01-01T00:00:00(\.0+)?Z$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,30}))?(Z|[+-]\d{2}:\d{2})$/;

/** Follows a dotted path through what JSON gave. Only own keys: a node cannot answer with what every object inherits. */
export function valueAt(answer: unknown, path: string): unknown {
  if (path === "") return answer;
  return path.split(".").reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string, unknown>)[key];
  }, answer);
}

export function readAs(raw: unknown, format: ValueFormat): Reading {
  if (raw === undefined || raw === null) return "absent";
  const value = READERS[format](raw);
  return value === undefined ? { bad: clean(show(raw), 60) } : value;
}

function show(raw: unknown): string {
  return typeof raw === "object" ? (Array.isArray(raw) ? "a list" : "an object") : JSON.stringify(raw)?.slice(0, 200);
}

type Reader = (raw: unknown) => Reading | undefined;

const READERS: Readonly<Record<ValueFormat, Reader>> = {
  decimal: (raw) => numeric(decimal(raw)),
  hex: (raw) => numeric(hex(raw)),
  string: (raw) => (typeof raw === "string" ? { value: raw } : undefined),
  boolean: (raw) => (typeof raw === "boolean" ? { value: raw } : undefined),
  falseOrObject: (raw) =>
    typeof raw === "object" || raw === true ? { value: true } : raw === false ? { value: false } : undefined,
  time: (raw) => (typeof raw === "string" ? time(raw) : undefined),
  unix: (raw) => second(typeof raw === "number" ? raw : decimal(raw)),
  hexUnix: (raw) => second(hex(raw)),
  scaleMillis: (raw) => second(scaleSeconds(raw)),
  length: (raw) => (Array.isArray(raw) ? { value: raw.length } : undefined),
};

function numeric(value: number | undefined): Reading | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? { value } : undefined;
}

function second(value: number | undefined): Reading | undefined {
  return value !== undefined && value >= 0 && value <= LAST_SECOND ? { value } : undefined;
}

function decimal(raw: unknown): number | undefined {
  if (typeof raw === "number") return raw;
  return typeof raw === "string" && /^\d{1,16}$/.test(raw) ? Number(raw) : undefined;
}

function hex(raw: unknown): number | undefined {
  return typeof raw === "string" && /^0x0*[0-9a-fA-F]{1,14}$/.test(raw) && raw.length <= 66 ? Number(raw) : undefined;
}

function time(raw: string): Reading | undefined {
  if (ZERO_TIME.test(raw)) return "absent";
  const [, whole, fraction = "0", zone] = RFC_3339.exec(raw) ?? [];
  if (whole === undefined) return undefined;
  return second(Date.parse(`${whole}${zone}`) / 1000 + Number(`0.${fraction}`));
}

function scaleSeconds(raw: unknown): number | undefined {
  if (typeof raw !== "string" || !/^0x[0-9a-fA-F]{16}$/.test(raw)) return undefined;
  return Number(Buffer.from(raw.slice(2), "hex").readBigUInt64LE()) / 1000;
}
