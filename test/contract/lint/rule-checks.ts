import { ROLES, SEVERITIES } from "../../../packages/core/src/monitoring/types";
import type { Rule } from "../metrics/rule-world";
import { type Check, nameOf } from "./check";

const RECORD = /^chain:[a-z][a-z0-9_]*(:[a-z0-9]+)?$/;
const ALERT = /^([A-Z][a-z0-9]+)+$/;
const LABELS = ["severity", "owner", "network", "stack"];

export const RULE_CHECKS: readonly Check[] = [
  {
    name: "rule/name",
    says: "canonical series are called chain:..., alerts in PascalCase",
    problems: ({ rule: { record, alert } }) => [
      ...(record === undefined || RECORD.test(record) ? [] : [`${record} is no name of a canonical series`]),
      ...(alert === undefined || ALERT.test(alert) ? [] : [`${alert} is not in PascalCase`]),
    ],
  },
  {
    name: "rule/label",
    says: "every alert has a severity and an owner that routes know, and no label that they do not",
    problems: ({ rule: { alert, labels = {} } }) => {
      if (alert === undefined) return [];
      const { severity = "", owner = "" } = labels;
      return [
        ...([...SEVERITIES, "none"].includes(severity) ? [] : [`severity is "${severity}"`]),
        ...((ROLES as readonly string[]).includes(owner) ? [] : [`owner is "${owner}"`]),
        ...Object.keys(labels)
          .filter((label) => !LABELS.includes(label))
          .map((label) => `puts on ${label}, which no route knows`),
      ];
    },
  },
  {
    name: "rule/duplicate",
    says: "no series is recorded twice with the same labels, no alert is there twice with one severity",
    problems: ({ rule, all }) => {
      const key = (one: typeof rule) => JSON.stringify([nameOf(one), one.alert ? one.labels?.severity : one.labels]);
      const same = all.filter((one) => key(one) === key(rule));
      const expr = all.filter((one) => one.record !== undefined && rule.record !== undefined && copies(one, rule));
      return [
        ...(same.length > 1 ? [`is there ${same.length} times`] : []),
        ...(expr.length > 0 ? [`says the same as ${expr.map(nameOf).join(", ")}`] : []),
      ];
    },
  },
];

/** Another name for the same answer. Facts are constants, and may be equal. */
function copies(one: Rule, other: Rule): boolean {
  return one.record !== other.record && one.expr === other.expr && !one.expr.startsWith("vector(");
}
