/**
 * Property values as the engine sends them to a provider: plain JSON, with marked objects for secrets and marked texts for what a
 * preview does not know yet.
 */
export type Raw = Readonly<Record<string, unknown>>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** How the engine writes a value that a preview does not know. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Stands for such a value in plain values. */
export const UNKNOWN: unique symbol = Symbol("unknown");

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value itself, without secret marks. What is unknown is `UNKNOWN`. */
export function plain(raw: unknown): unknown {
  if (raw === UNKNOWN_TEXT) return UNKNOWN;
  if (raw === null) return undefined;
  if (Array.isArray(raw)) return raw.map(plain);
  if (!isObject(raw)) return raw;
  if (raw[SIGNATURE] === SECRET) return plain(raw.value);
  if (raw[SIGNATURE] === OUTPUT) return "value" in raw ? plain(raw.value) : UNKNOWN;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, plain(value)]));
}

export function plainObject(raw: Raw | undefined): Record<string, unknown> {
  const value = plain(raw ?? {});
  return isObject(value) ? value : {};
}

export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

export function hasSecret(raw: unknown): boolean {
  if (Array.isArray(raw)) return raw.some(hasSecret);
  if (!isObject(raw)) return false;
  if (raw[SIGNATURE] === SECRET || (raw[SIGNATURE] === OUTPUT && raw.secret === true)) return true;
  return Object.values(raw).some(hasSecret);
}

export function secret(value: unknown): Raw {
  return { [SIGNATURE]: SECRET, value };
}

/** The wire knows no `undefined`: such keys are left out. */
export function sendable(raw: Raw): Raw {
  const entries = Object.entries(raw).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, isObject(value) ? sendable(value) : value]));
}
