/** One thing that is wrong with the user's input. */
export interface Problem {
  /** Dotted path from the component's args, e.g. "nodes.rpc.count". */
  readonly path: string;
  /** What is wrong and what is allowed, lower case, no full stop: `got 0; use a whole number from 1 to 200`. */
  readonly message: string;
  /** Stable upper snake case code; documented in docs/guides/errors.md. */
  readonly code: string;
}

/** All problems of one component at once. Nothing was registered when this is thrown. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(component: string, problems: readonly Problem[]) {
    super(formatProblems(component, problems));
    this.problems = problems;
  }
}

/** A heading with the number of problems, then one line for each. */
export function formatProblems(component: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((p) => `  ${p.path}: ${p.message} [${p.code}]`);
  return [`${component} has ${count}:`, ...lines].join("\n");
}

/** Values in messages are JSON, shortened; secrets never get here because they are not part of the plain args. */
export function show(value: unknown): string {
  const text = asText(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function asText(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "a value that JSON cannot hold";
  }
}
