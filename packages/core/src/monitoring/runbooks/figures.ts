import type { InventoryAlert } from "../../cluster/inventory-types";
import type { AlertParameters, PlannedAlert } from "../types";

/** Figures of one alert in one cluster: a column of its page. */
export interface RunbookFigures {
  /** Whose figures these are: heading of the column. */
  readonly title: string;
  /** Absent where that cluster does not have the alert. */
  readonly alert?: AlertFigures;
}

export interface AlertFigures {
  readonly severity: string;
  /** For nodes that others of their role can stand in for, where that differs. */
  readonly replicatedSeverity?: string;
  readonly forSeconds: number;
  readonly keepFiringSeconds?: number;
  readonly threshold?: number;
  readonly expr: string;
}

/** Figures of an alert as it was planned for a cluster. */
export function plannedFigures(planned: PlannedAlert, p: AlertParameters): AlertFigures {
  const { definition, severity, replicatedSeverity, forSeconds, threshold } = planned;
  const keep = definition.keepFiringSeconds?.(p);
  return {
    severity,
    ...(replicatedSeverity === undefined || replicatedSeverity === severity ? {} : { replicatedSeverity }),
    forSeconds,
    ...(keep === undefined ? {} : { keepFiringSeconds: keep }),
    ...(Number.isNaN(threshold) ? {} : { threshold }),
    expr: definition.expr(p, threshold),
  };
}

/** Figures of an alert as the agent's inventory tells them. */
export function inventoryFigures(alert: InventoryAlert): AlertFigures {
  const { severity, replicatedSeverity, forSeconds, threshold, expr } = alert;
  return {
    severity,
    ...(replicatedSeverity === undefined ? {} : { replicatedSeverity }),
    forSeconds,
    ...(threshold === undefined ? {} : { threshold }),
    expr,
  };
}

/** A figure with its unit, as people say it, and always with the number that stands in the settings. */
export function figureText(value: number, unit: string): string {
  if (unit === "ratio") return `${value} (${round(value * 100)} %)`;
  if (unit === "seconds") return value >= 120 ? `${value} s (${durationText(value)})` : `${value} s`;
  if (unit === "bytes") return Math.abs(value) >= 1e6 ? `${value} bytes (${round(value / 1e9)} GB)` : `${value} bytes`;
  return `${value} ${unit}`;
}

/** Seconds in the largest units that say something: "2 min", "1 h 30 min", "3 d". */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${round(seconds)} s`;
  const units: readonly (readonly [number, string])[] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const from = units.findIndex(([size]) => seconds >= size);
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, name] of units.slice(from, from + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
