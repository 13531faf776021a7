import type { Board, Variable } from "../model";
import { chosenBy } from "../select";
import type { BoardContext } from "./context";
import { graph, stat, target } from "./parts";
import { turnedOff } from "./turned-off";

const VARIABLES: readonly Variable[] = ["stack"];
const TITLE = "Chainkeep / Cost";
const SAYS = "What has the stack cost this month, where does it go, and does the budget last?";

/** Hours of this month that are over, and hours of the whole month. */
const GONE = "scalar((day_of_month() - 1) * 24 + hour() + 1)";
const WHOLE = "scalar(days_in_month() * 24)";

export function costBoard({ presets }: BoardContext): Board {
  if (!presets.includes("cost")) return turnedOff("cost", TITLE, SAYS, VARIABLES, "cost");
  const chosen = chosenBy(VARIABLES);
  const hourly = chosen("chain:cost_hourly_usd");
  const soFar = chosen("chain:cost_month_to_date_usd");
  const budget = chosen("chain:cost_monthly_budget_usd");
  const forecast = `${soFar} / ${GONE} * ${WHOLE}`;
  const empty = "without a source of cost series (`chain_cost_...`) among the scrape jobs";
  return {
    id: "cost",
    title: TITLE,
    description: SAYS,
    variables: VARIABLES,
    range: "30d",
    rows: [
      {
        key: "month",
        title: "This month",
        panels: [
          stat("so-far", "So far", "Cost since the first of the month.", "USD", [target(soFar, "{{stack}}")], {
            width: 6,
            decimals: 0,
            empty,
          }),
          stat(
            "forecast",
            "At the end of the month",
            "Cost of the whole month when it goes on like this.",
            "USD",
            [target(forecast, "{{stack}}")],
            { width: 6, decimals: 0, empty },
          ),
          stat("budget", "Budget", "What the stack may cost per month.", "USD", [target(budget, "{{stack}}")], {
            width: 6,
            decimals: 0,
            empty: "without a budget",
          }),
          stat(
            "share",
            "Forecast as a share of the budget",
            "Above 100 % the month will cost more than it may.",
            "ratio",
            [target(`${forecast} / on (stack) ${budget}`, "{{stack}}")],
            {
              width: 6,
              decimals: 0,
              empty,
              limits: [{ alert: "CostOverBudgetForecast", when: "above" }],
            },
          ),
          graph(
            "month-graph",
            "Cost since the first of the month",
            "The straight way to the budget is what the month may cost up to each hour.",
            "USD",
            [
              target(soFar, "{{stack}} so far"),
              target(`${budget} * ${GONE} / ${WHOLE}`, "{{stack}} straight way to the budget"),
            ],
            { width: 24, decimals: 0, min: 0, empty },
          ),
        ],
      },
      {
        key: "hours",
        title: "By the hour",
        panels: [
          graph("hourly", "Cost per hour", "What the stack costs per hour.", "USD", [target(hourly, "{{stack}}")], {
            decimals: 2,
            min: 0,
            empty,
          }),
          graph(
            "growth",
            "Cost per hour beside the week before",
            "Cost per hour in times of what it was on average in the week before. A step is a new machine, traffic, or snapshots that pile up.",
            "times",
            [target(`${hourly} / avg_over_time(${hourly}[7d] offset 1d)`, "{{stack}}")],
            {
              decimals: 1,
              min: 0,
              empty: "in the first day, and without a source of cost series",
              limits: [{ alert: "CostSpike", when: "above" }],
            },
          ),
          stat(
            "per-node",
            "Cost of a node per day",
            "Cost of the stack for a day, divided by its nodes.",
            "USD",
            [
              target(
                `24 * max by (stack) (${hourly}) / on (stack) count by (stack) (count by (stack, network, node) (${chosen("chain:expected_node")}))`,
                "{{stack}}",
              ),
            ],
            { width: 6, decimals: 2, empty },
          ),
        ],
      },
    ],
  };
}
