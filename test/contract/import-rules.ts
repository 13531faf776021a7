import * as path from "node:path";
import * as ts from "typescript";
import type { SourceText } from "../../scripts/docs/source-files";

/** One `import`, `export ... from`, `import()` or `require()` of a file. */
export interface Import {
  readonly specifier: string;
  /** Names that are taken; "*" for a namespace, a whole re-export or a call. */
  readonly names: readonly string[];
  /** Erased by the compiler: nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** What the files below a folder may import. Relative imports inside the same folder are always allowed. */
export interface Direction {
  readonly folder: string;
  /** Workspace packages, with the names that may be taken ("*" for all). */
  readonly ours: Readonly<Record<string, readonly string[]>>;
  /** The same for tests, beside those above. */
  readonly oursInTests?: Readonly<Record<string, readonly string[]>>;
  /** Built-in modules; absent means any. Tests may use any. */
  readonly builtins?: readonly string[];
  /** Prefixes of packages from outside that are refused although they are dependencies. */
  readonly refused?: readonly string[];
  /** Packages from outside that package.json lists; absent means that nothing is checked. */
  readonly dependencies?: readonly string[];
}

export function importsOf({ file, text }: SourceText): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, names: readonly string[], typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({ specifier: specifier.text, names, typeOnly, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, importedNames(node.importClause), erased(node.importClause));
    } else if (ts.isExportDeclaration(node)) {
      const clause = node.exportClause;
      const elements = clause && ts.isNamedExports(clause) ? clause.elements : undefined;
      const names = elements?.map((e) => (e.propertyName ?? e.name).text) ?? ["*"];
      const typeOnly = node.isTypeOnly || (elements?.length ? elements.every((e) => e.isTypeOnly) : false);
      add(node, node.moduleSpecifier, names, typeOnly);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node, node.moduleReference.expression, ["*"], node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, [node.qualifier?.getText(source) ?? "*"], true);
    } else if (ts.isCallExpression(node) && loads(node)) {
      add(node, node.arguments[0], ["*"], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function loads(call: ts.CallExpression): boolean {
  const callee = call.expression;
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === "require";
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.getText() === "require.resolve" &&
    ts.isIdentifier(callee.expression)
  );
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  if (!clause) return [];
  const bindings = clause.namedBindings;
  const named =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? ["*"]
        : bindings.elements.map((e) => (e.propertyName ?? e.name).text);
  return clause.name ? ["default", ...named] : named;
}

function erased(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || ts.isNamespaceImport(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((e) => e.isTypeOnly);
}

export const isTest = (file: string): boolean => /\.(test|fixture)\.ts$/.test(file);

/** Lines `file:line: what is wrong` for every import that goes the wrong way. */
export function directionProblems(sources: readonly SourceText[], directions: readonly Direction[]): string[] {
  return sources.flatMap((source) => {
    const rule = directions.find((d) => source.file.startsWith(`${d.folder}/`));
    if (!rule) return [`${source.file}:1: no rule says what it may import`];
    return importsOf(source).flatMap((found) => {
      const reason = refusal(source.file, found, rule);
      return reason ? [`${source.file}:${found.line}: ${reason}`] : [];
    });
  });
}

function refusal(file: string, { specifier, names }: Import, rule: Direction): string | undefined {
  const test = isTest(file);
  if (specifier.startsWith(".")) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const inside = target === rule.folder || target.startsWith(`${rule.folder}/`);
    return inside ? undefined : `${specifier} leaves ${rule.folder}`;
  }
  if (path.isAbsolute(specifier)) return `${specifier} is an absolute path`;
  const ours = /^@chainkeep(?:-[a-z]+)?\/[^/]+/.exec(specifier)?.[0];
  if (ours !== undefined) {
    if (specifier !== ours) return `${specifier} reaches into a package; import ${ours}`;
    const allowed = rule.ours[ours] ?? (test ? rule.oursInTests?.[ours] : undefined);
    if (!allowed) return `${specifier} must not be imported by ${rule.folder}`;
    const wrong = allowed.includes("*") ? undefined : names.find((n) => !allowed.includes(n));
    return wrong === undefined ? undefined : `${wrong} of ${ours}; only ${allowed.join(", ")} may be taken`;
  }
  const builtin = /^node:(.+)$/.exec(specifier)?.[1];
  if (builtin !== undefined) {
    const free = test || rule.builtins === undefined || rule.builtins.includes(builtin);
    return free ? undefined : `${specifier} is not allowed; only ${rule.builtins?.join(", ")} are`;
  }
  return outside(specifier, rule, test);
}

function outside(specifier: string, rule: Direction, test: boolean): string | undefined {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (rule.refused?.some((prefix) => name.startsWith(prefix))) return `${specifier} is refused in ${rule.folder}`;
  if (test || rule.dependencies === undefined || rule.dependencies.includes(name)) return undefined;
  return `${specifier} is no dependency of ${rule.folder}'s package.json`;
}
