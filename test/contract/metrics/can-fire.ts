import type { Expr } from "../promql";
import { isScalar } from "./result-labels";

/** Whether an expression can ever have an answer, when only some series exist. */
export function canAnswer(expr: Expr, exists: (series: string) => boolean): boolean {
  const of = (part: Expr) => canAnswer(part, exists);
  switch (expr.kind) {
    case "selector":
      return exists(expr.name);
    case "aggregate":
    case "subquery":
    case "negation":
      return of(expr.of);
    case "call":
      return expr.name.startsWith("absent") || isScalar(expr) || expr.args.every(of);
    case "binary":
      if (expr.op === "or") return of(expr.left) || of(expr.right);
      return expr.op === "unless" ? of(expr.left) : of(expr.left) && of(expr.right);
    default:
      return true;
  }
}
