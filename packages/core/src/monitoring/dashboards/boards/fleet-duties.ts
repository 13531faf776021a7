import type { Row } from "../model";
import { chosenBy } from "../select";
import type { BoardContext } from "./context";
import { bars, note, stat, target, unsignedBlocks } from "./parts";
import { TURNS_ON } from "./turned-off";

/** The other boards in one line each: validators, backups, cost. */
export function fleetDuties({ presets }: BoardContext): Row[] {
  const chosen = chosenBy(["stack", "network", "role", "client"]);
  const panels = [
    ...(presets.includes("validator")
      ? [
          bars(
            "unsigned",
            "Blocks since the last signature",
            "Blocks that each validator of this stack has not signed up to now.",
            "blocks",
            [target(`max by (network, validator) (${unsignedBlocks(chosen)})`, "{{validator}}")],
            { width: 12, decimals: 0, min: 0, limits: [{ alert: "ValidatorNotSigning", when: "above" }] },
          ),
        ]
      : []),
    ...(presets.includes("backup")
      ? [
          bars(
            "backup-age",
            "Age of the newest recovery point",
            "Time since each vault last took a recovery point: so much would be lost.",
            "seconds",
            [
              target(
                `time() - max by (network, vault) (${chosen("chain:backup_last_success_timestamp_seconds")})`,
                "{{vault}}",
              ),
            ],
            { width: 8, min: 0, empty: "until the first recovery point has been taken" },
          ),
        ]
      : []),
    ...(presets.includes("cost")
      ? [
          stat(
            "month-cost",
            "Cost of this month and budget",
            "What the stack has cost since the first of the month, beside what it may cost in a month.",
            "USD",
            [
              target(`max by (stack) (${chosen("chain:cost_month_to_date_usd")})`, "so far"),
              target(`max by (stack) (${chosen("chain:cost_monthly_budget_usd")})`, "budget"),
            ],
            { width: 4, height: 6, decimals: 0 },
          ),
        ]
      : []),
  ];
  return panels.length === 0 ? [] : [{ key: "duties", title: "Validators, backups, cost", panels }];
}

/** Nobody should take what is not watched for well. */
export function notWatched({ presets }: BoardContext): Row[] {
  const off = (["validator", "backup", "cost", "security"] as const).filter((preset) => !presets.includes(preset));
  if (off.length === 0) return [];
  const lines = off.map((preset) => `- **${preset}**: ${TURNS_ON[preset]}`);
  return [
    {
      key: "not-watched",
      title: "Not watched",
      panels: [note("not-watched", "Not watched here", lines.join("\n"), { height: 2 + off.length })],
    },
  ];
}
