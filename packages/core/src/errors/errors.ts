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

const LONGEST = 80;

/** Values in messages are JSON on one line, shortened; what is named like a secret is not told. */
export function show(value: unknown): string {
  const text = asText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function asText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, LONGEST));
    case "bigint":
      return `${value}n`;
    case "number":
      return String(value);
    case "undefined":
      return "nothing";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object":
      return value === null ? "null" : (kindOf(value) ?? asJson(value));
    default:
      return String(value);
  }
}

/** Says what an object is that is no plain data; JSON would show it empty, or print somebody else's error. */
export function kindOf(value: object): string | undefined {
  try {
    if ("__pulumiOutput" in value) return "a Pulumi output";
    if ("then" in value && typeof value.then === "function") return "a promise";
    if (Array.isArray(value)) return undefined;
    const prototype: unknown = Object.getPrototypeOf(value);
    // Objects of another realm have another Object.prototype; it has no prototype either.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined;
    const { name } = (value as { constructor?: { name?: unknown } }).constructor ?? {};
    return typeof name === "string" && /^\w{1,40}$/.test(name) ? `a ${name}` : "an object of a class";
  } catch {
    return "an object that cannot be read";
  }
}

const SECRET_NAMES = /seed|secret|passw|passphrase|token|mnemonic|private.?key/i;

function asJson(value: object): string {
  try {
    return JSON.stringify(value, (key, inner: unknown) => {
      if (SECRET_NAMES.test(key)) return "[hidden]";
      return typeof inner === "bigint" ? `${inner}n` : inner;
    });
  } catch {
    return "a value that JSON cannot hold";
  }
}
