import { CANONICAL } from "../canonical/rules";
import { LABELS } from "../canonical/series";
import type { Variable } from "./model";

const SCOPES: ReadonlyMap<string, readonly string[]> = new Map(CANONICAL.map((one) => [one.name, LABELS[one.scope]]));

/** Inventory series with other labels than a network's. */
const OTHER_LABELS: Readonly<Record<string, readonly string[]>> = {
  "chain:expected_node": LABELS.node,
  "chain:expected_process": LABELS.node,
  "chain:critical_node": ["network", "node", "role", "stack"],
  "chain:remote_signer": ["network", "node", "role", "stack"],
  "chain:min_healthy": ["network", "role", "stack"],
  "chain:expected_vault": LABELS.vault,
  "chain:cost_monthly_budget_usd": LABELS.stack,
  ALERTS: ["network", "stack", "node"],
};

/** Writes a series with what the viewer has chosen, as far as the series has such labels. */
export type Chosen = (series: string, more?: string) => string;

/**
 * Every selector of a board goes through this, so that no figure is about more than the viewer has chosen. "All" is `.*`, which
 * also takes what lacks the label: alerts of the stack as a whole.
 */
export function chosenBy(variables: readonly Variable[]): Chosen {
  return (series, more) => {
    const labels = OTHER_LABELS[series] ?? SCOPES.get(series) ?? LABELS.network;
    const matchers = variables.filter((name) => labels.includes(name)).map((name) => `${name}=~"$${name}"`);
    const all = [...matchers, ...(more === undefined ? [] : [more])];
    return all.length === 0 ? series : `${series}{${all.join(",")}}`;
  };
}

/** Values of the labels that the variables offer: of what should be there, not only of what is. */
export function variableQuery(name: Variable, before: readonly Variable[]): string {
  const of = name === "vault" ? "chain:backup_points" : "chain:expected_process";
  return `label_values(${chosenBy(before)(of)}, ${name})`;
}

/** Names of series that an expression reads. */
export function seriesOf(expr: string): string[] {
  return [...new Set(expr.match(/\bchain:[a-z0-9_:]+|\bALERTS\b/g) ?? [])];
}
