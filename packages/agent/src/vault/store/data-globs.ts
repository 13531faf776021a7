import { lstat, readdir } from "node:fs/promises";
import * as path from "node:path";
import { VaultError } from "../vault-error";

/**
 * Absolute paths that globs below a home stand for now. A glob that ends with `/**` stands for its directory, so that what is made there
 * later is in it as well. What is not there is left out, and what lies inside of another one.
 */
export async function expandGlobs(home: string, globs: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    globs.map((glob) =>
      expand(
        home,
        glob.split("/").filter((s) => s !== ""),
      ),
    ),
  );
  return outermost(found.flat());
}

/** The same list without what lies inside of another entry, in order. */
export function outermost(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const name of [...new Set(paths)].sort()) {
    const inside = kept.some((other) => name.startsWith(other === "/" ? other : `${other}/`));
    if (!inside) kept.push(name);
  }
  return kept;
}

async function expand(at: string, [segment, ...rest]: readonly string[]): Promise<string[]> {
  if (segment === undefined) return (await isThere(at)) ? [at] : [];
  if (segment === "**") {
    if (rest.length === 0) return (await isDirectory(at)) ? [at] : [];
    const inner = await Promise.all((await directoriesIn(at)).map((name) => expand(name, [segment, ...rest])));
    return [...(await expand(at, rest)), ...inner.flat()];
  }
  if (!/[*?]/.test(segment)) return expand(path.join(at, segment), rest);
  const matches = segmentPattern(segment);
  const names = (await entriesOf(at)).filter((name) => matches.test(name));
  return (await Promise.all(names.map((name) => expand(path.join(at, name), rest)))).flat();
}

function segmentPattern(segment: string): RegExp {
  const words = [...segment].map((c) =>
    c === "*" ? "[^/]*" : c === "?" ? "[^/]" : c.replace(/[\\^$.|+()[\]{}]/, "\\$&"),
  );
  return new RegExp(`^${words.join("")}$`);
}

async function isThere(name: string): Promise<boolean> {
  return (await statOf(name)) !== undefined;
}

async function isDirectory(name: string): Promise<boolean> {
  return (await statOf(name))?.isDirectory() === true;
}

async function statOf(name: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  return lstat(name).catch((error: NodeJS.ErrnoException) => absent(name, error));
}

async function entriesOf(directory: string): Promise<string[]> {
  return (await readdir(directory).catch((error: NodeJS.ErrnoException) => absent(directory, error))) ?? [];
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) =>
    absent(directory, error),
  );
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => path.join(directory, entry.name));
}

function absent(name: string, error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw new VaultError("STORE_READ", `${name}: cannot be read (${error.code ?? error.message})`);
}
