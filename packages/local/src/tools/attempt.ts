import { errnoOf, fileProblem } from "../supervisor/problem";

/** One way to get a program did not work; another one may. */
export class AttemptError extends Error {
  override readonly name = "AttemptError";
}

/** Nothing else will work either, e.g. on a full disk. */
export class HopelessError extends Error {
  override readonly name = "HopelessError";
  constructor(
    readonly path: string,
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const HOPELESS = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST"]);

/** Turns a failed file operation below `directory` into what it means. */
export function hopelessIfFile(error: unknown, directory: string): unknown {
  const errno = errnoOf(error);
  if (errno === undefined || !HOPELESS.has(errno)) return error;
  const { path, message, code } = fileProblem(directory, error);
  return new HopelessError(path, message, code);
}

/** Output of a program that failed, for a message: its last lines on one. */
export function lastLines(output: string, count = 3): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-count)
    .join(" / ")
    .slice(-400);
}
