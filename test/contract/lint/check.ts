import type { MetricType } from "../metrics/exposition";
import type { Labels } from "../metrics/result-labels";
import type { Rule } from "../metrics/rule-world";
import type { Expr, Selector } from "../promql";

/** One rule with all that a check may want to know of it. */
export interface Linted {
  readonly rule: Rule;
  readonly expr: Expr;
  readonly scrapeSeconds: number;
  /** Labels of the answer to its expression, or to a part of it. */
  readonly labels: (expr?: Expr) => Labels;
  /** Types that programs give to a series; several programs may have a name. Empty for one that nobody has. */
  readonly types: (selector: Selector) => readonly MetricType[];
  /** All rules that are loaded together. */
  readonly all: readonly Rule[];
}

/** A check of cloudflare/pint that needs no running Prometheus, told again as one of ours. */
export interface Check {
  /** Name that pint has for it. */
  readonly name: string;
  readonly says: string;
  /** What is wrong with a rule. */
  readonly problems: (of: Linted) => readonly string[];
}

export function nameOf({ record, alert }: Rule): string {
  return record ?? alert ?? "";
}

/** Functions that want a counter, and what they make of it. */
export const COUNTING = ["rate", "irate", "increase"];
