import type { Expr } from "./promql";

/** Labels that a series has; undefined for one that nobody records. */
export type LabelsOf = (series: string) => readonly string[] | undefined;

/** Labels that the answer to an expression has, as far as Prometheus's rules of matching decide it. */
export function resultLabels(expr: Expr, labelsOf: LabelsOf): ReadonlySet<string> {
  const of = (part: Expr) => resultLabels(part, labelsOf);
  switch (expr.kind) {
    case "selector":
      return new Set(labelsOf(expr.name) ?? []);
    case "aggregate": {
      const added = expr.op === "count_values" && expr.parameter?.kind === "string" ? [expr.parameter.value] : [];
      const kept = {
        by: [...expr.labels],
        none: [],
        without: [...of(expr.of)].filter((l) => !expr.labels.includes(l)),
      };
      const inner = of(expr.of);
      return new Set([...kept[expr.grouping].filter((label) => inner.has(label)), ...added]);
    }
    case "call":
      return new Set(expr.args.flatMap((arg) => [...of(arg)]));
    case "binary": {
      const [left, right] = [of(expr.left), of(expr.right)];
      if (expr.op === "or") return new Set([...left, ...right]);
      if (expr.op === "and" || expr.op === "unless" || expr.group === "left") return left;
      if (expr.group === "right") return right;
      if (scalar(expr.left)) return right;
      if (scalar(expr.right) || expr.matching === "none") return left;
      return new Set([...left].filter((label) => (expr.matching === "on") === expr.labels.includes(label)));
    }
    case "subquery":
    case "negation":
      return of(expr.of);
    default:
      return new Set();
  }
}

function scalar(expr: Expr): boolean {
  if (expr.kind === "number") return true;
  if (expr.kind === "call") return expr.name === "scalar" || expr.name === "time";
  return expr.kind === "binary" && scalar(expr.left) && scalar(expr.right);
}
