import * as ts from "typescript";
import { docOf } from "./declarations";
import { sourceTexts } from "./source-files";

const TYPES = ["ClientDefinition", "ProtocolDefinition"];

/**
 * What the catalogue's sources say of a client or a protocol: the docstring of the exported constant that holds it, found by
 * the constant's type and the first `name` inside it.
 */
export function catalogueTexts(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { file, text } of sourceTexts("packages/core/src/chains")) {
    if (/\.(test|fixture)\.ts$/.test(file)) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    for (const node of source.statements) {
      if (!ts.isVariableStatement(node)) continue;
      const [declaration] = node.declarationList.declarations;
      const type = declaration?.type?.getText(source) ?? "";
      const name = declaration?.initializer && firstName(declaration.initializer);
      const doc = docOf(node)?.text;
      if (TYPES.includes(type) && name && doc) found.set(`${type}:${name}`, doc);
    }
  }
  return found;
}

function firstName(expression: ts.Expression): string | undefined {
  const object = ts.isCallExpression(expression) ? expression.arguments[0] : expression;
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  for (const property of object.properties) {
    const named = ts.isPropertyAssignment(property) && property.name.getText() === "name";
    if (named && ts.isStringLiteral(property.initializer)) return property.initializer.text;
  }
  return undefined;
}
