import * as ts from "typescript";
import { REASON_CODES } from "../../packages/core/src/health/types";
import { code, table } from "./sections";
import { type SourceText, sourceTexts } from "./source-files";

export interface FoundCode {
  readonly code: string;
  readonly files: readonly string[];
}

const FORM = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
/** Environment variables and codes of Node.js have the same form. */
const NO_CODE =
  /^(CHAINKEEP|XDG|NODE|UND|ERR|HPE|AWS|SSL)_|^PULUMI_(BACKEND|CONFIG|ERROR|HOME|SKIP)|^(NO|FORCE)_COLOR$|^(HTTPS?|NO|ALL)_PROXY$/;
/** A code that stands in a longer text, as a person sees it. */
const IN_TEXT = /\[([A-Z][A-Z0-9_]{2,})\]/g;

/**
 * Error codes of the given sources: every text in upper snake case. Looking for more than texts would miss those that come
 * through a table; what is no code is told by its name or its place.
 */
export function codesIn(sources: readonly SourceText[]): FoundCode[] {
  const found = new Map<string, Set<string>>();
  const visit = (node: ts.Node, file: string): void => {
    if (isReason(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      for (const code of codesOf(node.text)) found.set(code, (found.get(code) ?? new Set()).add(file));
    }
    ts.forEachChild(node, (child) => visit(child, file));
  };
  for (const { file, text } of sources) visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), file);
  return [...found]
    .map(([code, files]) => ({ code, files: [...files].sort() }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Reasons of verdicts that sources look for. Those that they make are told by their form. */
const REASONS: ReadonlySet<string> = new Set(REASON_CODES);

function codesOf(text: string): string[] {
  if (REASONS.has(text)) return [];
  if (FORM.test(text)) return NO_CODE.test(text) ? [] : [text];
  return [...text.matchAll(IN_TEXT)].map((match) => match[1] ?? "");
}

/** A reason of a verdict, not an error: `{ code, text }`. Errors have a path and a message. */
function isReason(node: ts.Node): boolean {
  if (!ts.isObjectLiteralExpression(node)) return false;
  const names = node.properties.map((p) => p.name?.getText());
  const code = node.properties.find((p) => ts.isPropertyAssignment(p) && p.name.getText() === "code");
  const written = code && ts.isPropertyAssignment(code) && ts.isStringLiteral(code.initializer);
  return written === true && names.includes("text");
}

/** Where a code comes from, in an operator's words. First match counts. */
const AREAS: readonly (readonly [RegExp, string])[] = [
  [/core\/src\/chains\/define-protocol/, "defineProtocol"],
  [/core\/src\/chains\//, "client settings"],
  [/core\/src\/monitoring\//, "arguments"],
  [/core\/src\/(cluster\/inventory|health\/)/, "agent's inventory"],
  [/core\/src\/cluster\/material/, "seed"],
  [/(core|agent)\/src\/vault\//, "vault"],
  [/core\/src\/(cluster|errors)\//, "arguments"],
  [/local\/src\/tools\//, "programs"],
  [/local\/src\/(provider|supervisor|resources)\//, "provider"],
  [/local\/src\//, "arguments"],
  [/cli\/src\//, "command line"],
  [/agent\/src\//, "agent"],
];

export function areaOf(file: string): string {
  return AREAS.find(([pattern]) => pattern.test(file))?.[1] ?? "other";
}

/** Reasons of verdicts are another vocabulary, told in health.md; beside them, the questions to nodes are checked. */
const isVerdict = (file: string) => file.startsWith("packages/core/src/health/") && !file.endsWith("/placeholders.ts");

/** Sources whose codes a user may see as an error. */
export function errorSources(): SourceText[] {
  return sourceTexts("packages/core/src", "packages/local/src", "packages/cli/src", "packages/agent/src").filter(
    ({ file }) => !/\.(test|fixture)\.ts$/.test(file) && !isVerdict(file),
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
    ({ code: text }) => texts.has(text) && !/\S[\s\S]*\bFix:\s\S/.test(texts.get(text) ?? ""),
  );
  const stale = [...texts.keys()].filter(
    (heading) => /^[A-Z][A-Z0-9_]+$/.test(heading) && !found.some((f) => f.code === heading),
  );
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
