import type { Problem } from "@chainkeep/core";

/**
 * Everything that is wrong with one resource of this machine, at once. The text is core's; it is built here because the
 * provider starts twice as fast without core.
 */
export class LocalError extends Error {
  override readonly name = "LocalError";
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject} has ${count}:`, ...problems.map((p) => `  ${problemText(p)}`)].join("\n"));
    this.problems = problems;
    // A stack says nothing to an operator.
    this.stack = this.message;
  }
}

export function problemText({ path, message, code }: Problem): string {
  return `${path}: ${message} [${code}]`;
}

/** A value in a message: JSON, shortened. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Code of a failed system call. An error may come from another realm, so its class says nothing. */
export function errnoOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

const REASONS: Record<string, [text: string, code: string]> = {
  ENOSPC: ["no space is left on the device; free some space and run again", "DISK_FULL"],
  EDQUOT: ["the disk quota is used up; free some space and run again", "DISK_FULL"],
  EACCES: ["permission denied; give this user access or choose another directory", "NO_ACCESS"],
  EPERM: ["not permitted; give this user access or choose another directory", "NO_ACCESS"],
  EROFS: ["the file system is read-only; mount it writable or choose another directory", "NO_ACCESS"],
  ENOTDIR: ["a file is in the place of a directory; move it away or choose another directory", "PATH_TAKEN"],
  EISDIR: ["a directory is in the place of the file; move it away", "PATH_TAKEN"],
  EEXIST: ["a file is in the place of a directory; move it away or choose another directory", "PATH_TAKEN"],
  ENAMETOOLONG: ["the path is too long; choose a shorter directory", "PATH_TOO_LONG"],
};

/** What a failed file operation means to the operator. */
export function fileProblem(path: string, error: unknown): Problem {
  const known = REASONS[errnoOf(error) ?? ""];
  if (known !== undefined) return { path, message: known[0], code: known[1] };
  const text = error instanceof Error ? error.message : String(error);
  return { path, message: `${text}; see to it and run again`, code: "FILE_FAILED" };
}
