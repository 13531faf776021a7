import type { Inhibition, PlannedAlert } from "./types";

export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

/** Which alerts keep quiet while another one says the same and more. */
export function inhibitRules(alerts: readonly PlannedAlert[]): InhibitRule[] {
  const sources = alerts.filter(({ definition }) => definition.inhibits?.some((i) => i.severities !== undefined));
  const names = sources.map(({ definition }) => definition.name);
  return [
    ...alerts.flatMap(({ definition }) =>
      (definition.inhibits ?? []).map((inhibition) => inhibitRule(definition.name, inhibition, names)),
    ),
    // The other severity of the same alert about the same node adds nothing.
    rule(['severity="critical"'], ['severity="warning"'], ["alertname", "network", "stack", "node"]),
  ];
}

function inhibitRule(
  source: string,
  { alerts, severities, equal }: Inhibition,
  sources: readonly string[],
): InhibitRule {
  const targets = [
    ...(alerts === undefined ? [] : [`alertname=~${quoted(alerts)}`]),
    ...(severities === undefined ? [] : [`severity=~${quoted(severities)}`]),
    // Two that silence all others of a node would silence each other, and nobody were told anything.
    ...(severities === undefined ? [] : [`alertname!~${quoted(sources)}`]),
  ];
  return rule([`alertname="${source}"`], targets, equal);
}

/** Where the labels of `equal` are missing on both sides, they count as equal: both sides must carry each of them. */
function rule(source: readonly string[], target: readonly string[], equal: readonly string[]): InhibitRule {
  const carried = equal.map((label) => `${label}=~".+"`);
  return { source_matchers: [...source, ...carried], target_matchers: [...target, ...carried], equal };
}

function quoted(values: readonly string[]): string {
  return JSON.stringify(values.join("|"));
}
