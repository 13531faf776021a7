import type { Board, Row, Variable } from "../model";
import { type Chosen, chosenBy } from "../select";
import { liveCopies, proofs } from "./backups-proofs";
import type { BoardContext } from "./context";
import { graph, stat, target, timeline } from "./parts";
import { turnedOff } from "./turned-off";

const VARIABLES: readonly Variable[] = ["stack", "network", "vault"];
const TITLE = "Chainkeep / Backups";
const SAYS = "How much would be lost, was it proven that it can be restored, and how long would that take?";

export function backupsBoard({ presets }: BoardContext): Board {
  if (!presets.includes("backup")) return turnedOff("backups", TITLE, SAYS, ["stack", "network"], "backup");
  const chosen = chosenBy(VARIABLES);
  return {
    id: "backups",
    title: TITLE,
    description: SAYS,
    variables: VARIABLES,
    range: "7d",
    rows: [objectives(chosen), points(chosen), proofs(chosen), liveCopies(chosen)],
  };
}

const FIRST = "until the first recovery point has been taken";

function objectives(chosen: Chosen): Row {
  const age = (series: string) => `time() - max by (vault) (${chosen(series)})`;
  const objective = (series: string, legend: string) =>
    target(`max by (network) (${chosen(series)})`, `{{network}} ${legend}`);
  return {
    key: "objectives",
    title: "Objectives",
    panels: [
      graph(
        "age",
        "Age of the newest recovery point",
        "So much would be lost. The objective (RPO) is drawn beside it.",
        "seconds",
        [
          target(age("chain:backup_last_success_timestamp_seconds"), "{{vault}}"),
          objective("chain:rpo_seconds", "objective"),
        ],
        { min: 0, empty: FIRST },
      ),
      graph(
        "age-in-intervals",
        "Age in schedule intervals",
        "Age of the newest recovery point, in times of the interval at which they are taken. More than one is a recovery point that did not come.",
        "times",
        [
          target(
            `(${age("chain:backup_last_success_timestamp_seconds")}) / max by (vault) (${chosen("chain:backup_interval_seconds")})`,
            "{{vault}}",
          ),
        ],
        { min: 0, decimals: 1, empty: FIRST },
      ),
      graph(
        "verified",
        "Age of the newest proof",
        "Time since a recovery point was last proven to be restorable. A copy that nobody has restored is only a hope.",
        "seconds",
        [target(age("chain:backup_last_verified_timestamp_seconds"), "{{vault}}")],
        {
          min: 0,
          empty: "until the first recovery point has been verified",
          limits: [{ alert: "BackupUnverified", when: "above" }],
        },
      ),
      graph(
        "restore",
        "Duration of the last restore",
        "What the last restore or drill took. The objective (RTO) is drawn beside it.",
        "seconds",
        [
          target(`max by (vault) (${chosen("chain:backup_last_restore_seconds")})`, "{{vault}}"),
          objective("chain:rto_seconds", "objective"),
        ],
        { min: 0, empty: "until the first restore or drill" },
      ),
    ],
  };
}

function points(chosen: Chosen): Row {
  const of = (series: string) => `max by (vault) (${chosen(series)})`;
  return {
    key: "points",
    title: "Recovery points",
    panels: [
      timeline(
        "attempts",
        "Last attempt",
        "Whether the last attempt to take a recovery point succeeded.",
        "number",
        [target(of("chain:backup_last_attempt_status"), "{{vault}}")],
        {
          height: 5,
          empty: "until the first attempt",
          meanings: [
            { value: 0, text: "failed", mood: "bad" },
            { value: 1, text: "succeeded", mood: "good" },
          ],
        },
      ),
      graph(
        "size",
        "Size of the newest recovery point",
        "A sudden fall is a copy that is not whole.",
        "bytes",
        [target(of("chain:backup_size_bytes"), "{{vault}}")],
        { min: 0, empty: FIRST },
      ),
      graph(
        "size-share",
        "Size beside the largest of the week",
        "Size of the newest recovery point as a share of the largest within a week.",
        "ratio",
        [
          target(
            `${of("chain:backup_size_bytes")} / (max by (vault) (max_over_time(${chosen("chain:backup_size_bytes")}[7d])) > 0)`,
            "{{vault}}",
          ),
        ],
        { min: 0, decimals: 0, empty: FIRST, limits: [{ alert: "BackupSizeAnomaly", when: "below" }] },
      ),
      graph(
        "height",
        "Height of the newest recovery point beside the chain",
        "A recovery point that does not rise with the chain is a copy of a node that stood still.",
        "blocks",
        [
          target(of("chain:backup_height"), "{{vault}}"),
          target(`max by (network) (${chosen("chain:network_height")})`, "{{network}} highest"),
        ],
        { decimals: 0, empty: FIRST },
      ),
      stat(
        "kept",
        "Recovery points that are kept",
        "Recovery points that retention has left.",
        "number",
        [target(of("chain:backup_points"), "{{vault}}")],
        { width: 6, height: 5, empty: FIRST },
      ),
      stat(
        "locked",
        "Locked for",
        "How long the newest recovery point cannot be deleted by anybody.",
        "seconds",
        [target(`clamp_min(${of("chain:backup_locked_until_timestamp_seconds")} - time(), 0)`, "{{vault}}")],
        { width: 6, height: 5, empty: "for vaults without a lock" },
      ),
      graph(
        "transfers",
        "Failed transfers",
        "Transfers to a destination within an hour that failed.",
        "number",
        [target(`increase(${chosen("chain:backup_transfer_errors_total")}[1h])`, "{{vault}}")],
        { height: 5, decimals: 0, min: 0, empty: "without destinations off site" },
      ),
    ],
  };
}
