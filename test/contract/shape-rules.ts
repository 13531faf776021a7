import * as path from "node:path";
import type { SourceText } from "../../scripts/docs/source-files";
import { importsOf } from "./import-rules";

/** A file that may be longer than the limit, and why. */
export type LongFiles = Readonly<Record<string, string>>;

/** Files above the limit without an entry, and entries that no file needs. */
export function lengthProblems(sources: readonly SourceText[], limit: number, allowed: LongFiles): string[] {
  const long = new Map(sources.map((s) => [s.file, lineCount(s.text)] as const).filter(([, n]) => n > limit));
  const tooLong = [...long].filter(([file]) => !Object.hasOwn(allowed, file));
  const unused = Object.keys(allowed).filter((file) => !long.has(file));
  return [
    ...tooLong.map(([file, lines]) => `${file}: ${lines} lines, at most ${limit}; split it by idea`),
    ...unused.map((file) => `${file}: listed as long, but it is not; remove the entry`),
  ];
}

function lineCount(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

/** Folders and files that are not kebab-case. */
export function nameProblems(files: readonly string[]): string[] {
  const word = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const file = /^[a-z0-9]+(-[a-z0-9]+)*(\.d|(\.[a-z0-9-]+)?\.(test|fixture))?\.[cm]?ts$/;
  return files
    .filter(
      (f) =>
        !file.test(path.posix.basename(f)) ||
        !path.posix
          .dirname(f)
          .split("/")
          .every((p) => word.test(p)),
    )
    .map((f) => `${f}: use kebab-case, e.g. node-cluster.ts`);
}

/**
 * Circles of imports, each told once as `a.ts -> b.ts -> a.ts`. Type imports count too: they are erased, but two files
 * that need each other's words are one idea.
 */
export function cycles(sources: readonly SourceText[]): string[] {
  const graph = graphOf(sources);
  const state = new Map<string, "open" | "done">();
  const found = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === "open") found.add(circle([...trail.slice(trail.indexOf(next))]));
      else if (state.get(next) === undefined) visit(next, [...trail, next]);
    }
    state.set(file, "done");
  };
  for (const file of graph.keys()) if (state.get(file) === undefined) visit(file, [file]);
  return [...found].sort();
}

/** Starts every circle at its first name, so that one is not told twice. */
function circle(files: readonly string[]): string {
  const first = files.indexOf([...files].sort()[0] as string);
  const turned = [...files.slice(first), ...files.slice(0, first)];
  return [...turned, turned[0]].join(" -> ");
}

function graphOf(sources: readonly SourceText[]): Map<string, string[]> {
  const files = new Set(sources.map((s) => s.file));
  return new Map(
    sources.map((source) => {
      const targets = importsOf(source)
        .filter((i) => i.specifier.startsWith("."))
        .map((i) => path.posix.join(path.posix.dirname(source.file), i.specifier))
        .map((base) => [base, `${base}.ts`, `${base}/index.ts`].find((f) => files.has(f)))
        .filter((f) => f !== undefined);
      return [source.file, [...new Set(targets)].sort()];
    }),
  );
}
