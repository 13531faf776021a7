import type { Expr } from "../promql";

/** Labels of an answer: those that it always has, and those that it may have. */
export interface Labels {
  readonly sure: ReadonlySet<string>;
  readonly possible: ReadonlySet<string>;
  /** Nothing is known of the series, which has been told: its labels are no further problem. */
  readonly unknown?: boolean;
}

export const NONE: Labels = { sure: new Set(), possible: new Set() };
export const UNKNOWN: Labels = { ...NONE, unknown: true };

/** Labels of a selector's series; undefined for one that nobody knows. */
export type LabelsOf = (expr: Expr & { kind: "selector" }, client: string | undefined) => Labels | undefined;

/** Told of every part whose labels do not fit. */
export type Complain = (part: Expr, label: string, problem: string) => void;

export interface Reading {
  readonly labelsOf: LabelsOf;
  readonly complain: Complain;
}

/** The client that an expression is about, where `and on (...) chain:expected_process{client="..."}` stands behind it. */
export function clientOf(expr: Expr): string | undefined {
  if (expr.kind !== "binary" || expr.op !== "and" || expr.right.kind !== "selector") return undefined;
  if (expr.right.name !== "chain:expected_process") return undefined;
  return expr.right.matchers.find(({ label, op }) => label === "client" && op === "=")?.value;
}

/** Labels that the answer to an expression has, by Prometheus's rules of grouping and matching. */
export function resultLabels(expr: Expr, reading: Reading, client?: string): Labels {
  const of = (part: Expr) => resultLabels(part, reading, client);
  const need = (part: Expr, labels: readonly string[], there: Labels, what: string) => {
    for (const label of labels.filter((one) => there.unknown !== true && !there.possible.has(one))) {
      reading.complain(part, label, `${what} "${label}", which ${told(there)}`);
    }
  };
  switch (expr.kind) {
    case "selector":
      return reading.labelsOf(expr, client) ?? NONE;
    case "aggregate": {
      const inner = of(expr.of);
      if (expr.parameter && expr.parameter.kind !== "number" && expr.parameter.kind !== "string") of(expr.parameter);
      if (expr.op === "topk" || expr.op === "bottomk") return inner;
      need(expr, expr.labels, inner, expr.grouping);
      if (expr.grouping === "without") return keep(inner, (label) => !expr.labels.includes(label));
      const kept = keep(inner, (label) => expr.labels.includes(label));
      return expr.op === "count_values" ? plus(kept, [expr.parameter?.text.slice(1, -1) ?? ""]) : kept;
    }
    case "call": {
      const args = expr.args.map(of);
      const vector = args[vectorArgument(expr.name)] ?? NONE;
      if (expr.name === "label_replace") {
        const [, to, , from] = expr.args;
        if (from?.kind === "string" && from.value !== "") need(expr, [from.value], vector, "label_replace reads");
        return plus(vector, to?.kind === "string" ? [to.value] : []);
      }
      if (expr.name === "histogram_quantile") need(expr, ["le"], vector, "histogram_quantile needs");
      if (expr.name === "histogram_quantile") return keep(vector, (label) => label !== "le");
      if (expr.name === "absent" || expr.name === "absent_over_time") {
        const [arg] = expr.args;
        const fixed = arg?.kind === "selector" ? arg.matchers.filter((m) => m.op === "=").map((m) => m.label) : [];
        return plus(NONE, fixed);
      }
      return isScalar(expr) ? NONE : vector;
    }
    case "binary": {
      const left = resultLabels(expr.left, reading, clientOf(expr) ?? client);
      const right = of(expr.right);
      if (isScalar(expr.left)) return right;
      if (isScalar(expr.right)) return left;
      if (expr.matching === "on") {
        need(expr, expr.labels, left, "on, left side:");
        need(expr, expr.labels, right, "on, right side:");
      } else {
        // One side is enough: the label is what sets them apart.
        need(expr, expr.labels, either(left, right), "ignoring");
      }
      if (expr.op === "or") return either(left, right);
      if (expr.op === "and" || expr.op === "unless") return left;
      if (expr.group === "left") return plus(left, expr.include);
      if (expr.group === "right") return plus(right, expr.include);
      if (expr.matching === "none") return left;
      return keep(left, (label) => (expr.matching === "on") === expr.labels.includes(label));
    }
    case "subquery":
    case "negation":
      return of(expr.of);
    default:
      return NONE;
  }
}

/** Whether an expression is one number and no vector. */
export function isScalar(expr: Expr): boolean {
  if (expr.kind === "number" || expr.kind === "string") return true;
  if (expr.kind === "call") return ["scalar", "time", "pi"].includes(expr.name);
  if (expr.kind === "negation") return isScalar(expr.of);
  return expr.kind === "binary" && isScalar(expr.left) && isScalar(expr.right);
}

function vectorArgument(name: string): number {
  return name === "histogram_quantile" || name === "quantile_over_time" ? 1 : 0;
}

function keep(of: Labels, wanted: (label: string) => boolean): Labels {
  return { ...of, sure: new Set([...of.sure].filter(wanted)), possible: new Set([...of.possible].filter(wanted)) };
}

function plus(of: Labels, labels: readonly string[]): Labels {
  return { ...of, sure: new Set([...of.sure, ...labels]), possible: new Set([...of.possible, ...labels]) };
}

/** Labels of what is either of two. */
export function either(a: Labels, b: Labels): Labels {
  return {
    sure: new Set([...a.sure].filter((label) => b.sure.has(label))),
    possible: new Set([...a.possible, ...b.possible]),
    unknown: a.unknown === true || b.unknown === true,
  };
}

function told({ possible }: Labels): string {
  const list = [...possible].filter((label) => label !== "job" && label !== "instance");
  return list.length === 0 ? "is not there: the series has no labels" : `is not among ${list.sort().join(", ")}`;
}
