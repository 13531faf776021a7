import type { AlertDefinition } from "../types";
import { atLeast, DAY, HOUR, samples, VALUE } from "./expressions";
import { DECIMAL } from "./texts";

const PATIENCE_SECONDS = 6 * HOUR;
/** A straight line through the first days of a month leads anywhere. */
const SILENT_DAYS = 3;

const SOURCE =
  "The figures have to be published as `chain_cost_month_to_date_usd` and `chain_cost_hourly_usd` by a program of yours that is scraped, e.g. through the text files of node_exporter: this version does not write them yet, and without them the alert is silent.";

/** Of the month, in UTC. */
const forecast =
  "chain:cost_month_to_date_usd / scalar((day_of_month() - 1) * 24 + hour() + 1) * scalar(days_in_month() * 24)";
const spike = "chain:cost_hourly_usd / (avg_over_time(chain:cost_hourly_usd[7d] offset 1d) > 0)";

export const COST: readonly AlertDefinition[] = [
  {
    name: "CostOverBudgetForecast",
    preset: "cost",
    group: "Cost",
    scope: "stack",
    applies: (p) => p.monthlyBudgetUsd !== undefined,
    expr: (_, threshold) =>
      `${forecast} > on (stack) (${threshold} * chain:cost_monthly_budget_usd) and on () (day_of_month() > ${SILENT_DAYS})`,
    threshold: {
      value: () => 1,
      unit: "times",
      says: "forecast of the month, in monthly budgets",
      min: 0.1,
      max: 100,
    },
    current: () => `${forecast} / on (stack) chain:cost_monthly_budget_usd`,
    forSeconds: (p) => atLeast(PATIENCE_SECONDS, p),
    severity: "warning",
    owner: "business",
    summary: "{{ $labels.stack }} will cost more than its budget this month",
    description: (p, threshold) =>
      `At the pace of this month ${VALUE} USD will have been spent at its end (limit ${threshold} times the budget of ${p.monthlyBudgetUsd} USD).`,
    dashboard: "cost",
    runbook: {
      meaning: `What has been spent since the first of the month, drawn out to its end, is more than the budget of the cluster (\`budget.monthlyUsd\`). It is silent during the first three days, and the month is that of UTC. ${SOURCE}`,
      impact: "Money. Nothing stops or is throttled by it.",
      diagnosis: [
        "What is it: nodes, volumes, traffic or snapshots? The dashboard of costs splits it.",
        "Since when: a step comes from a change of the stack, a slope from growth, most often of archive disks and snapshots.",
        "One-time costs (a first sync, a migration) are drawn out as well, and make the forecast too high early in the month.",
      ],
      mitigation: [
        "Take away what nobody uses: nodes of tests, volumes that were kept, old snapshots.",
        "Fewer or smaller nodes: `full` in place of `archive` is often most of it.",
        "If it is worth it, raise `budget.monthlyUsd`: then the alert says something again.",
      ],
    },
  },
  {
    name: "CostSpike",
    preset: "cost",
    group: "Cost",
    scope: "stack",
    slow: true,
    // A day of history at least: the first hours of a stack are no measure for anything.
    expr: (p, threshold) =>
      `((${spike}) > ${threshold}) and (count_over_time(chain:cost_hourly_usd[7d] offset 1d) >= ${samples(DAY, p.scrapeIntervalSeconds)})`,
    threshold: {
      value: () => 1.5,
      unit: "times",
      says: "cost per hour now, in averages of the week that ended yesterday",
      min: 1.01,
      max: 100,
    },
    current: () => spike,
    forSeconds: (p) => atLeast(PATIENCE_SECONDS, p),
    severity: "warning",
    owner: "business",
    summary: "{{ $labels.stack }} suddenly costs more",
    description: (_, threshold) =>
      `{{ $labels.stack }} costs ${DECIMAL} times per hour what it cost on average in the week that ended yesterday (limit ${threshold} times).`,
    dashboard: "cost",
    runbook: {
      meaning: `The cost per hour has jumped against the week that ended a day ago. It ends by itself when the new cost has become the usual one. ${SOURCE}`,
      impact: "Money, and often a sign of something else: traffic that nobody expected, or a disk that grows.",
      diagnosis: [
        "Was something deployed at that time? The dashboard of costs marks deployments.",
        "Traffic out of the cloud: does somebody use an open RPC port? See the requests of the groups on the fleet's dashboard.",
        "Snapshots that are not deleted any more, volumes that have grown.",
      ],
      mitigation: [
        "If it was on purpose: nothing, or a silence: `npx chainkeep silence CostSpike`.",
        "If traffic is the reason: close the port, or limit who may ask.",
      ],
    },
  },
];
