import type { Declaration, Member } from "../../scripts/docs/declarations";

/** Lines for every property without a docstring that an operator can use. */
export function argsProblems(declarations: readonly Declaration[]): string[] {
  return declarations
    .filter((d) => d.kind === "interface" && d.exported && d.name.endsWith("Args"))
    .flatMap((d) =>
      d.members.flatMap((m) => memberProblems(m).map((problem) => `${d.file}: ${d.name}.${m.name}: ${problem}`)),
    );
}

function memberProblems({ doc, optional }: Member): string[] {
  if (!doc) return ["no docstring"];
  const problems = /^[A-Za-z0-9`"]/.test(doc.text) ? [] : ["the docstring's first line is no text"];
  const defaults = doc.tags.filter((t) => t.name === "default");
  if (defaults.length !== 1) return [...problems, `${defaults.length} @default tags; give one`];
  const value = defaults[0]?.text ?? "";
  if (!/^(- )?\S/.test(value) || value === "-") problems.push("@default says nothing");
  const required = /^- required(?!\s+(unless|for)\b|, unless)/.test(value);
  if (!optional && !required) problems.push('is required; say "@default - required"');
  if (optional && required) problems.push("is optional, but @default says required");
  return problems;
}

/** Component classes and functions that are exported without a word on what they are. */
export function exportProblems(exported: readonly Declaration[]): string[] {
  return exported
    .filter((d) => d.kind === "function" || isComponent(d))
    .filter((d) => !d.doc || d.doc.text === "")
    .map((d) => `${d.file}:${d.line}: ${d.name} has no docstring`);
}

/** Outputs of a component are read by people too. */
export function outputProblems(exported: readonly Declaration[]): string[] {
  return exported
    .filter(isComponent)
    .flatMap((d) => d.members.filter((m) => !m.doc?.text).map((m) => `${d.file}: ${d.name}.${m.name}: no docstring`));
}

export function isComponent(declaration: Declaration): boolean {
  return declaration.kind === "class" && declaration.bases.some((b) => /(^|\.)ComponentResource$/.test(b.name));
}
