/** Exit codes that scripts may rely on. */
export const EXIT = { ok: 0, problem: 1, usage: 2, unreachable: 3 } as const;

/** What a command could not do, for a person: one line, then its code. */
export class CliError extends Error {
  override readonly name = "CliError";

  constructor(
    message: string,
    readonly code: string,
    readonly exitCode: number = EXIT.problem,
  ) {
    super(message);
  }
}

/** Text and exit code of anything that was thrown. Errors with a list of problems bring their own codes. */
export function told(error: unknown): { text: string; exitCode: number } {
  if (error instanceof CliError)
    return { text: `chainkeep: ${error.message} [${error.code}]`, exitCode: error.exitCode };
  if (hasProblems(error)) return { text: `chainkeep: ${error.message}`, exitCode: EXIT.problem };
  const text = error instanceof Error ? error.message : String(error);
  const stack = process.env.CHAINKEEP_DEBUG && error instanceof Error ? `\n${error.stack}` : "";
  return { text: `chainkeep: ${text} [UNEXPECTED]${stack}`, exitCode: EXIT.problem };
}

/** ConfigError and LocalError; told apart by shape, so that a command that fails early need not load their packages. */
function hasProblems(error: unknown): error is Error {
  return error instanceof Error && "problems" in error && Array.isArray(error.problems);
}
