/** Parts of settings that may have any shape: what is broken is told by the schema, and passed over by those who look closer. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Keys that have a value. */
export function given(value: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  return keys.filter((key) => value[key] !== undefined);
}
