import type { Row } from "../model";
import { chosenBy } from "../select";
import type { BoardContext } from "./context";
import { graph, stat, target } from "./parts";

/** The service as its users see it: any node that answers will do. Nothing where no group serves requests. */
export function rpcRow({ parameters }: BoardContext): Row[] {
  if (parameters.servingGroups.length === 0) return [];
  const chosen = chosenBy(["stack", "network", "role", "client"]);
  const slo = `on (stack, network) group_left () (1 - ${chosen("chain:slo_availability")})`;
  const errors = (window: string) => chosen(`chain:rpc_error_ratio:rate${window}`);
  const burn = (window: string) => target(`${errors(window)} / ${slo}`, `{{group}} over ${window}`);
  return [
    {
      key: "rpc",
      title: "Requests of users",
      panels: [
        ...(parameters.sloAvailability === undefined
          ? []
          : [
              stat(
                "budget",
                "Error budget left",
                "Share of the errors that the promise allows which the time range shown has not used up. Below zero the promise was broken.",
                "ratio",
                [target(`1 - avg_over_time(${errors("5m")}[$__range]) / ${slo}`, "{{group}}")],
                {
                  width: 6,
                  height: 8,
                  decimals: 1,
                  max: 1,
                  // What the word means, and no alert's threshold: the promise itself.
                  meanings: [{ from: 0, mood: "good" }],
                },
              ),
              graph(
                "burn",
                "Burn rate",
                "How fast the error budget is used up: at 1 it lasts just as long as it must. The pages of the alerts RpcBudgetBurnFast, RpcBudgetBurnSlow and RpcBudgetBurnLong tell at which rates they fire.",
                "times",
                ["1h", "6h", "3d"].map(burn),
                { width: 18, decimals: 1, min: 0 },
              ),
            ]),
        graph(
          "requests",
          "Requests",
          "Requests of users per second, and one for each time that the agent asks, so that a quiet service is measured too.",
          "requestsPerSecond",
          [target(chosen("chain:rpc_requests:rate5m"), "{{group}}")],
          { width: 8, min: 0 },
        ),
        graph(
          "errors",
          "Requests without a good answer",
          "Share of the requests that were answered with an error or found no node that could answer.",
          "ratio",
          ["5m", "1h"].map((window) => target(errors(window), `{{group}} over ${window}`)),
          { width: 8, min: 0 },
        ),
        graph(
          "latency",
          "Answers within (95 of 100)",
          "Time within which 95 of 100 health questions are answered, by process.",
          "seconds",
          [
            target(
              `max by (network, node, client) (${chosen("chain:rpc_latency_seconds:p95")})`,
              "{{node}} {{client}}",
            ),
          ],
          { width: 8, min: 0, limits: [{ alert: "RpcLatencyHigh", when: "above" }] },
        ),
      ],
    },
  ];
}
