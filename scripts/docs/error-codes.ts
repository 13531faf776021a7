import * as ts from "typescript";
import { code, table } from "./sections";
import { type SourceText, sourceTexts } from "./source-files";

export interface FoundCode {
  readonly code: string;
  readonly files: readonly string[];
}

const FORM = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/**
 * Error codes of the given sources: texts in upper snake case that are given as a property `code`, or to a function whose
 * parameter is called `code`.
 */
export function codesIn(sources: readonly SourceText[]): FoundCode[] {
  const parsed = sources.map(({ file, text }) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  const takers = new Map<string, number>();
  for (const source of parsed) walk(source, (node) => noteTaker(node, takers));
  const found = new Map<string, Set<string>>();
  for (const source of parsed) {
    walk(source, (node) => {
      for (const text of givenCodes(node, takers)) {
        found.set(text, (found.get(text) ?? new Set()).add(source.fileName));
      }
    });
  }
  return [...found].map(([text, files]) => ({ code: text, files: [...files].sort() })).sort(byCode);
}

function byCode(a: FoundCode, b: FoundCode): number {
  return a.code < b.code ? -1 : 1;
}

function walk(node: ts.Node, look: (node: ts.Node) => void): void {
  // What a node reports of itself is a reason, not an error.
  if (ts.isPropertyAssignment(node) && node.name.getText() === "faults") return;
  look(node);
  ts.forEachChild(node, (child) => walk(child, look));
}

function noteTaker(node: ts.Node, takers: Map<string, number>): void {
  const callable = ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isMethodDeclaration(node);
  if (!callable) return;
  const at = node.parameters.findIndex((p) => ts.isIdentifier(p.name) && p.name.text === "code");
  const owner = ts.isArrowFunction(node) && ts.isVariableDeclaration(node.parent) ? node.parent.name : node.name;
  if (at !== -1 && owner && ts.isIdentifier(owner)) takers.set(owner.text, at);
}

function givenCodes(node: ts.Node, takers: ReadonlyMap<string, number>): string[] {
  if (ts.isPropertyAssignment(node) && node.name.getText() === "code") return textsIn(node.initializer);
  if (ts.isVariableDeclaration(node) && node.name.getText() === "code" && node.initializer) {
    return textsIn(node.initializer);
  }
  if (!ts.isCallExpression(node)) return [];
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const at = ts.isIdentifier(callee) ? takers.get(callee.text) : undefined;
  const given = at === undefined ? undefined : node.arguments[at];
  return given ? textsIn(given) : [];
}

/** All texts of an expression: a code may be chosen by a condition. */
function textsIn(expression: ts.Expression): string[] {
  const texts: string[] = [];
  walk(expression, (node) => {
    if (ts.isStringLiteralLike(node) && FORM.test(node.text)) texts.push(node.text);
  });
  return texts;
}

/** Where a code comes from, in an operator's words. First match counts. */
const AREAS: readonly (readonly [RegExp, string])[] = [
  [/core\/src\/chains\/define-protocol/, "defineProtocol"],
  [/core\/src\/chains\//, "client settings"],
  [/core\/src\/monitoring\//, "arguments"],
  [/core\/src\/cluster\/inventory/, "agent's inventory"],
  [/core\/src\/cluster\/material/, "seed"],
  [/core\/src\/(cluster|errors)\//, "arguments"],
  [/local\/src\/tools\//, "programs"],
  [/local\/src\/(provider|supervisor|resources)\//, "provider"],
  [/local\/src\//, "arguments"],
  [/cli\/src\//, "command line"],
];

export function areaOf(file: string): string {
  return AREAS.find(([pattern]) => pattern.test(file))?.[1] ?? "other";
}

/** Sources whose codes a user may see as an error; reasons of verdicts are another vocabulary, told in health.md. */
export function errorSources(): SourceText[] {
  return sourceTexts("packages/core/src", "packages/local/src", "packages/cli/src").filter(
    ({ file }) => !/\.(test|fixture)\.ts$/.test(file) && !file.startsWith("packages/core/src/health/"),
  );
}

/** Every code must be explained, and every explanation must have its code. */
export function explanationProblems(page: string, found: readonly FoundCode[]): string[] {
  const parts = page.split(/^### /m).slice(1);
  const texts = new Map(
    parts.map((part) => [part.split("\n", 1)[0] ?? "", part.slice(part.indexOf("\n")).split(/^##/m)[0]]),
  );
  const silent = found.filter(({ code: text }) => !texts.has(text));
  const helpless = found.filter(
    ({ code: text }) => texts.has(text) && !/\S[\s\S]*\bFix: \S/.test(texts.get(text) ?? ""),
  );
  const stale = [...texts.keys()].filter((heading) => FORM.test(heading) && !found.some((f) => f.code === heading));
  return [
    ...silent.map(
      (f) => `${f.code} (${f.files.join(", ")}) is not explained; add "### ${f.code}" with its meaning and "Fix: ..."`,
    ),
    ...helpless.map((f) => `${f.code} is explained without "Fix: ..."`),
    ...stale.map((heading) => `${heading} is explained, but no source gives it; remove the text`),
  ];
}

export function errorsSection(found: readonly FoundCode[]): string {
  const rows = found.map(({ code: text, files }) => [
    `[${code(text)}](#${text.toLowerCase()})`,
    [...new Set(files.map(areaOf))].sort().join(", "),
  ]);
  return table(["Code", "Told by"], rows);
}
