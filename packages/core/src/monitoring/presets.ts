import type { MonitoringArgs } from "./args";
import type { AlertParameters, Preset } from "./types";

/** Sets of alerts that are on: the user's word, else those that have something to watch. */
export function activePresets(p: AlertParameters, { presets }: MonitoringArgs = {}): readonly Preset[] {
  if (presets !== undefined) return presets as readonly Preset[];
  return [
    "core",
    ...(p.validatorCount > 0 ? (["validator"] as const) : []),
    ...(p.quorum !== undefined ? (["bft"] as const) : []),
    ...(p.vault !== undefined ? (["backup"] as const) : []),
    ...(p.monthlyBudgetUsd !== undefined ? (["cost"] as const) : []),
  ];
}
