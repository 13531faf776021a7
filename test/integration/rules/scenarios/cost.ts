import type { ExpectedAlert, Series, Signal } from "../promtool";
import { alone, always, expected, firesAt, networkLabels, type Scenario, silentAt, until } from "../world";

// Five minutes between two samples: days of them stay few. Tests begin on the first of January 1970, a month of 744 hours.
const monitoring = { presets: ["cost"], scrapeIntervalSeconds: 300 };
const HOUR = 3600;
const DAY = 86_400;
const stack = networkLabels(alone);

const usd = (name: string, value: Signal, more: Record<string, string> = {}): Series => ({
  name: `chain_cost_${name}_usd`,
  labels: { ...stack, job: "chainkeep-hosts", host: "machine-1", ...more },
  value,
});
/** Spent so far at so much an hour; the hour that has begun counts. */
const spent = (perHour: number) => usd("month_to_date", (t) => perHour * (Math.floor(t / HOUR) + 1));
const business = { ...stack, severity: "warning", owner: "business" };
const over = (forecast: string, budget: string, times = "1"): ExpectedAlert =>
  expected("CostOverBudgetForecast", business, [
    "dev will cost more than its budget this month",
    `At the pace of this month ${forecast} USD will have been spent at its end (limit ${times} times the budget of ${budget} USD).`,
  ]);
const spike = (times: string, limit = "1.5"): ExpectedAlert =>
  expected("CostSpike", business, [
    "dev suddenly costs more",
    `dev costs ${times} times per hour what it cost on average in the week that ended yesterday (limit ${limit} times).`,
  ]);

export const COST: Readonly<Record<string, Scenario>> = {
  "CostOverBudgetForecast fires from the fourth day on, for what machines of the stack cost together": {
    plan: alone,
    monitoring,
    monthlyBudgetUsd: 1000,
    more: [spent(1), { ...spent(1), labels: { ...spent(1).labels, host: "machine-2" } }],
    checks: [...silentAt(DAY, 3 * DAY, 3 * DAY + 6 * HOUR - 300), firesAt(3 * DAY + 6 * HOUR, over("1488", "1000"))],
  },
  "CostOverBudgetForecast fires later by the user's threshold": {
    plan: alone,
    monitoring: { ...monitoring, alerts: { CostOverBudgetForecast: { threshold: 1.2, forSeconds: 0 } } },
    monthlyBudgetUsd: 1000,
    more: [usd("month_to_date", (t) => (t < 3 * DAY + HOUR ? 1.5 : 2) * (Math.floor(t / HOUR) + 1))],
    checks: [...silentAt(3 * DAY, 3 * DAY + HOUR - 300), firesAt(3 * DAY + HOUR, over("1488", "1000", "1.2"))],
  },
  "CostOverBudgetForecast is silent at the budget, and without figures": {
    plan: alone,
    monitoring,
    monthlyBudgetUsd: 1488,
    more: [{ ...spent(2), value: until(3 * DAY + 7 * HOUR, spent(2).value) }],
    checks: silentAt(DAY, 3 * DAY, 3 * DAY + 7 * HOUR - 300, 3 * DAY + 8 * HOUR),
  },

  "CostSpike fires six hours after the jump": {
    plan: alone,
    monitoring,
    more: [usd("hourly", until(2 * DAY, always(2), always(4)))],
    checks: [...silentAt(2 * DAY, 2 * DAY + 6 * HOUR - 300), firesAt(2 * DAY + 6 * HOUR, spike("2.00"))],
  },
  "CostSpike fires earlier by the user's threshold": {
    plan: alone,
    monitoring: { ...monitoring, alerts: { CostSpike: { threshold: 1.1, forSeconds: 600 } } },
    more: [usd("hourly", until(2 * DAY, always(2), always(2.5)))],
    checks: [firesAt(2 * DAY + 600, spike("1.25", "1.1"))],
  },
  "CostSpike is silent at the threshold, and for a peak of a few hours": {
    plan: alone,
    monitoring,
    more: [usd("hourly", (t) => (t < 2 * DAY ? 2 : t < 2 * DAY + 5 * HOUR ? 9 : 3))],
    checks: silentAt(2 * DAY, 2 * DAY + 5 * HOUR - 300, 2 * DAY + 7 * HOUR, 2 * DAY + 20 * HOUR),
  },
  "CostSpike is silent for a stack that is being built up, and without figures": {
    plan: alone,
    monitoring,
    more: [
      usd(
        "hourly",
        until(2 * DAY, (t) => (t < 6 * HOUR ? 0.1 : 4)),
      ),
    ],
    checks: silentAt(12 * HOUR, DAY, DAY + 18 * HOUR, 2 * DAY - 300, 2 * DAY),
  },
};
