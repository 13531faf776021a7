import { ConfigError, parsePoint, type RecoveryPoint } from "@chainkeep/core";

/** The record that a text holds, or why it holds none. */
export function recordIn(text: string): { readonly point: RecoveryPoint } | { readonly torn: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { torn: text.trim() === "" ? "the record is empty" : "the record is torn: no JSON" };
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== 1) {
    return { torn: `the record is of schema ${JSON.stringify(version) ?? "none"}; this agent reads 1` };
  }
  try {
    return { point: parsePoint(value) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first] = error.problems;
    return { torn: `the record is not sound: ${first?.path}: ${first?.message}` };
  }
}
