import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

export const ROOT = path.resolve(__dirname, "../..");

/** A source file as the rules see it: its path from the root with forward slashes, and its text. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

const SKIPPED = new Set(["node_modules", "dist", ".chainkeep"]);

/** TypeScript files below the given folders, in stable order. */
export function sourceTexts(...folders: readonly string[]): SourceText[] {
  return folders
    .flatMap((folder) => list(path.join(ROOT, folder)))
    .filter((file) => /\.(ts|mts|cts)$/.test(file))
    .map((file) => ({ file: path.relative(ROOT, file).split(path.sep).join("/"), text: readFileSync(file, "utf8") }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

export function packageFolders(): string[] {
  return readdirSync(path.join(ROOT, "packages"))
    .filter((name) => existsSync(path.join(ROOT, "packages", name, "package.json")))
    .map((name) => `packages/${name}`)
    .sort();
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? list(full) : [full];
  });
}
