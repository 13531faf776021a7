import type { DashboardId } from "../../types";
import type { Board, Variable } from "../model";
import { note } from "./parts";

/** What turns a set of alerts, and with it a board, on. */
export const TURNS_ON = {
  validator: 'is on where the cluster has a group of kind `validator`, or with `"validator"` in `monitoring.presets`.',
  backup: 'is on with a backup vault, or with `"backup"` in `monitoring.presets`.',
  security: 'is on with `"security"` in `monitoring.presets`, for stacks with blackbox_exporter or Wazuh.',
  cost: 'is on with a budget (`budget: { monthlyUsd: ... }`), or with `"cost"` in `monitoring.presets`.',
} as const;

/** A board is there even when its alerts are off, so that no link leads nowhere; it says what turns it on. */
export function turnedOff(
  id: DashboardId,
  title: string,
  description: string,
  variables: readonly Variable[],
  preset: keyof typeof TURNS_ON,
): Board {
  const text = `Nothing is recorded for this board: the set of alerts \`${preset}\` is off. It ${TURNS_ON[preset]}`;
  const panels = [note("turned-off", "What turns it on", text)];
  return {
    id,
    title,
    description,
    variables,
    range: "24h",
    rows: [{ key: "turned-off", title: "Turned off", panels }],
  };
}
