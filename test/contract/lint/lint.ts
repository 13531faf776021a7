import { Contract, type Ground } from "../metrics/contract";
import type { MetricType } from "../metrics/exposition";
import { clientOf, type Labels, resultLabels, UNKNOWN } from "../metrics/result-labels";
import { LACKING, type Rule } from "../metrics/rule-world";
import { findSeries } from "../metrics/series";
import { type Expr, everyPart, parsePromql, type Selector } from "../promql";
import { ALERT_CHECKS } from "./alert-checks";
import { type Check, nameOf } from "./check";
import { PROMQL_CHECKS } from "./promql-checks";
import { RULE_CHECKS } from "./rule-checks";

export const CHECKS: readonly Check[] = [...ALERT_CHECKS, ...PROMQL_CHECKS, ...RULE_CHECKS];

/** What is wrong with rules that are loaded together, as `check: rule: problem`. */
export function lint(rules: readonly Rule[], scrapeSeconds: number, ground: Ground): string[] {
  const contract = new Contract(ground);
  const labelsOf = (selector: Selector): Labels => {
    const known = contract.recorded.get(selector.name)?.labels;
    if (known !== undefined) return known;
    const [found] = findSeries(selector, undefined, ground.sources, ground.clients);
    const names = ground.catalogue.get(selector.name) ?? (found && [...found.labels.keys()]);
    return names === undefined ? UNKNOWN : { sure: new Set(names), possible: new Set(names) };
  };
  return rules.flatMap((rule) => {
    const { expr: text, record, labels } = rule;
    const lacking = LACKING[record ?? ""] ?? [];
    contract.read({ where: "", expr: text, lacking, ...(record ? { record } : {}), ...(labels ? { labels } : {}) });
    const expr = parsePromql(text);
    const owners = ownersOf(expr);
    const linted = {
      rule,
      expr,
      scrapeSeconds,
      all: rules,
      labels: (part: Expr = expr) =>
        resultLabels(part, { labelsOf: (selector) => labelsOf(selector), complain: () => undefined }),
      types: (selector: Selector): MetricType[] =>
        findSeries(selector, owners.get(selector), ground.sources, ground.clients).map((found) => found.metric.type),
    };
    return CHECKS.flatMap((check) =>
      check.problems(linted).map((problem) => `${check.name}: ${nameOf(rule)}: ${problem}`),
    );
  });
}

/** Which client each selector is about, where the rule says so. */
function ownersOf(expr: Expr): ReadonlyMap<Selector, string> {
  const owners = new Map<Selector, string>();
  for (const part of everyPart(expr)) {
    const client = clientOf(part);
    if (client === undefined || part.kind !== "binary") continue;
    for (const inner of everyPart(part.left)) if (inner.kind === "selector") owners.set(inner, client);
  }
  return owners;
}
