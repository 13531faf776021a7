import * as path from "node:path";
import * as ts from "typescript";
import type { SourceText } from "./source-files";

export interface Doc {
  /** Text before the first tag. */
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly doc: Doc | undefined;
}

/** `interface A extends B, Omit<C, "d">`: bases are B and C without d. */
export interface Base {
  readonly name: string;
  readonly without: readonly string[];
}

export interface Declaration {
  readonly kind: "interface" | "class" | "function";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly exported: boolean;
  readonly doc: Doc | undefined;
  readonly bases: readonly Base[];
  /** Properties of an interface; public readonly properties of a class. */
  readonly members: readonly Member[];
}

export interface Module {
  readonly file: string;
  readonly declarations: readonly Declaration[];
  /** Where a name comes from: local name to specifier. */
  readonly imports: ReadonlyMap<string, string>;
  /** `export ... from`: names, or all. */
  readonly reexports: readonly { readonly specifier: string; readonly names: readonly string[] | "*" }[];
}

export function moduleOf({ file, text }: SourceText): Module {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declarations: Declaration[] = [];
  const imports = new Map<string, string>();
  const reexports: { specifier: string; names: string[] | "*" }[] = [];
  for (const node of source.statements) {
    if (ts.isInterfaceDeclaration(node)) declarations.push(interfaceOf(node, source));
    else if (ts.isClassDeclaration(node) && node.name) declarations.push(classOf(node, source));
    else if (ts.isFunctionDeclaration(node) && node.name) declarations.push(functionOf(node, node.name.text, source));
    else if (ts.isVariableStatement(node)) declarations.push(...arrowsOf(node, source));
    else if (ts.isImportDeclaration(node)) readImport(node, imports);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.exportClause;
      const names = clause && ts.isNamedExports(clause) ? clause.elements.map((e) => e.name.text) : "*";
      reexports.push({ specifier: node.moduleSpecifier.text, names });
    }
  }
  return { file, declarations, imports, reexports };
}

/** What an index exports, through its re-exports, as far as it lies in the given modules. */
export function exportsOf(index: string, modules: ReadonlyMap<string, Module>): Declaration[] {
  const module = modules.get(index);
  if (!module) throw new Error(`${index}: no such module`);
  const own = module.declarations.filter((d) => d.exported);
  const passed = module.reexports.flatMap(({ specifier, names }) => {
    if (!specifier.startsWith(".")) return [];
    const base = path.posix.join(path.posix.dirname(index), specifier);
    const target = [`${base}.ts`, `${base}/index.ts`].find((f) => modules.has(f));
    if (!target) throw new Error(`${index}: ${specifier} is not found`);
    return exportsOf(target, modules).filter((d) => names === "*" || names.includes(d.name));
  });
  return [...own, ...passed];
}

function interfaceOf(node: ts.InterfaceDeclaration, source: ts.SourceFile): Declaration {
  const members = node.members.filter(ts.isPropertySignature).map((m) => memberOf(m, source));
  return { ...common("interface", node, node.name.text, source), bases: basesOf(node, source), members };
}

function classOf(node: ts.ClassDeclaration, source: ts.SourceFile): Declaration {
  const members = node.members
    .filter(ts.isPropertyDeclaration)
    .filter((m) => has(m, ts.SyntaxKind.ReadonlyKeyword) && !has(m, ts.SyntaxKind.PrivateKeyword))
    .map((m) => memberOf(m, source));
  return { ...common("class", node, node.name?.text ?? "", source), bases: basesOf(node, source), members };
}

function functionOf(node: ts.FunctionDeclaration, name: string, source: ts.SourceFile): Declaration {
  return { ...common("function", node, name, source), bases: [], members: [] };
}

function arrowsOf(node: ts.VariableStatement, source: ts.SourceFile): Declaration[] {
  return node.declarationList.declarations.flatMap((d) => {
    const callable = d.initializer && (ts.isArrowFunction(d.initializer) || ts.isFunctionExpression(d.initializer));
    if (!callable || !ts.isIdentifier(d.name)) return [];
    return [{ ...common("function", node, d.name.text, source), bases: [], members: [] }];
  });
}

function common(kind: Declaration["kind"], node: ts.Statement, name: string, source: ts.SourceFile) {
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const exported = has(node, ts.SyntaxKind.ExportKeyword);
  return { kind, name, file: source.fileName, line, exported, doc: docOf(node) };
}

function memberOf(node: ts.PropertySignature | ts.PropertyDeclaration, source: ts.SourceFile): Member {
  return {
    name: node.name.getText(source),
    optional: node.questionToken !== undefined,
    type: node.type?.getText(source).replace(/\s+/g, " ") ?? "",
    doc: docOf(node),
  };
}

function basesOf(node: ts.InterfaceDeclaration | ts.ClassDeclaration, source: ts.SourceFile): Base[] {
  return (node.heritageClauses ?? [])
    .filter((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap((clause) => clause.types.map((type) => baseOf(type, source)));
}

function baseOf(type: ts.ExpressionWithTypeArguments, source: ts.SourceFile): Base {
  const name = type.expression.getText(source);
  const [first, second] = type.typeArguments ?? [];
  if (name !== "Omit" || !first || !second) return { name, without: [] };
  const keys = ts.isUnionTypeNode(second) ? second.types : [second];
  return { name: first.getText(source), without: keys.map((k) => k.getText(source).replace(/["']/g, "")) };
}

function readImport(node: ts.ImportDeclaration, imports: Map<string, string>): void {
  const specifier = node.moduleSpecifier;
  const bindings = node.importClause?.namedBindings;
  if (!ts.isStringLiteral(specifier) || !bindings || !ts.isNamedImports(bindings)) return;
  for (const element of bindings.elements) imports.set(element.name.text, specifier.text);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === kind) ?? false);
}

/** The last docstring before a node: an earlier one belongs to something that is gone. */
export function docOf(node: ts.Node): Doc | undefined {
  const doc = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  if (!doc) return undefined;
  const tags = (doc.tags ?? []).map((tag) => ({ name: tag.tagName.text, text: textOf(tag.comment) }));
  return { text: textOf(doc.comment), tags };
}

function textOf(comment: ts.JSDoc["comment"]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").trim();
}
