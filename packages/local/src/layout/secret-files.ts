import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type Problem, pathText, show } from "@chainkeep/core";
import { errnoOf } from "../supervisor/problem";

/** A file that a program reads a secret from, and the arg that names it. */
export interface SecretFile {
  readonly path: string;
  readonly file: string;
}

type Key = string | number;

/** Every absolute path that an arg called `...File` names. Broken shapes are passed over: they are told elsewhere. */
export function* secretFilesBelow(value: unknown, above: readonly Key[] = []): Generator<SecretFile> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...above, Array.isArray(value) ? Number(key) : key];
    if (typeof inner !== "string") yield* secretFilesBelow(inner, at);
    else if (/File$/.test(key) && inner.startsWith("/")) yield { path: pathText(at), file: inner };
  }
}

/** Files that a program of this user could not read a secret from. They are looked at on the machine that they must be on. */
export function unreadableProblems(files: readonly SecretFile[]): Problem[] {
  return files.flatMap(({ path, file }) => {
    const reason = whyUnreadable(file);
    if (reason === undefined) return [];
    const fix = `write the secret into it, for this user alone: (umask 077; cat > ${shellWord(file)})`;
    return [{ path, message: `got ${show(file)}, ${reason}; ${fix}`, code: "SECRET_FILE_MISSING" }];
  });
}

function whyUnreadable(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return "which is no file";
    const handle = openSync(file, "r");
    try {
      return readSync(handle, Buffer.alloc(1)) === 0 ? "which is empty" : undefined;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "which is not there";
    return code === "EACCES" ? "which this user may not read" : `which cannot be read (${code ?? String(error)})`;
  }
}

/** What to say of secrets that every user of this machine can read. */
export function openFileWarnings(files: readonly SecretFile[]): string[] {
  return files
    .filter(({ file }) => isOpen(file))
    .map(({ path, file }) => `${path}: everybody on this machine can read ${file}; use chmod 600 ${shellWord(file)}`);
}

function isOpen(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & 0o004) !== 0;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
