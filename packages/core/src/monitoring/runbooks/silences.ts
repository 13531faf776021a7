import type { AlertDefinition, Inhibition, Scope } from "../types";

type Label = Inhibition["equal"][number];

/** Labels that tell alerts of a scope apart: an inhibition by a label that is not there does nothing. */
const CARRIED: Readonly<Record<Scope, readonly Label[]>> = {
  node: ["network", "stack", "node"],
  host: ["network", "stack"],
  validator: ["network", "stack", "node", "validator"],
  vault: ["network", "stack", "vault"],
  group: ["network", "stack", "group"],
  network: ["network", "stack"],
  stack: ["network", "stack"],
};

/** What is not told while this alert fires, one line each. */
export function silencesOf(alert: AlertDefinition): string[] {
  return (alert.inhibits ?? []).map(({ alerts, severities, equal }) => {
    const names = alerts?.map((name) => `\`${name}\``).join(", ") ?? "every alert";
    const level = severities === undefined ? "" : ` of severity ${severities.join(" or ")}`;
    return `${names}${level}, ${sameText(equal)}`;
  });
}

/** What keeps this alert quiet, one line each. Alerts that quiet by severity do not quiet each other: see `inhibitRules`. */
export function silencedBy(alert: AlertDefinition, all: readonly AlertDefinition[]): string[] {
  const bySeverity = (one: AlertDefinition) => one.inhibits?.some((i) => i.severities !== undefined) === true;
  return all
    .filter((other) => other.name !== alert.name)
    .flatMap((other) =>
      (other.inhibits ?? []).flatMap(({ alerts, severities, equal }) => {
        if (!equal.every((label) => CARRIED[alert.scope].includes(label))) return [];
        if (alerts !== undefined && !alerts.includes(alert.name)) return [];
        if (severities === undefined) return [`\`${other.name}\`, ${sameText(equal)}`];
        const own = severitiesOf(alert);
        const hit = own.filter((severity) => severities.some((quiet) => quiet === severity));
        if (hit.length === 0 || bySeverity(alert)) return [];
        const only = hit.length < own.length ? ` while this one is only ${hit.join(" or ")}` : "";
        return [`\`${other.name}\`, ${sameText(equal)}${only}`];
      }),
    );
}

function severitiesOf({ severity, replicatedSeverity }: AlertDefinition): string[] {
  return replicatedSeverity === undefined ? [severity] : [severity, replicatedSeverity];
}

function sameText(equal: readonly Label[]): string {
  const own = (["validator", "node", "group", "vault", "network", "stack"] as const).find((label) =>
    equal.includes(label),
  );
  return own === undefined ? "anywhere" : `of the same ${own}`;
}
