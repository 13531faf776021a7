import type { Context } from "../context";
import { EXIT } from "../errors";
import { routedAlerts } from "../monitoring/alertmanager";
import { type AlertRow, alertRows } from "../monitoring/board";
import { type ClusterOptions, type MonitoringPlace, monitoringPlaces } from "../monitoring/place";
import { activeAlerts } from "../monitoring/prometheus";
import { alertsText } from "../render/alerts";

export interface AlertsOptions extends ClusterOptions {
  readonly json?: boolean;
}

/** Exit code: 0 nothing critical fires, 1 something does. Throws with 3 when nothing answers. */
export async function alerts(options: AlertsOptions, context: Context): Promise<number> {
  const places = await monitoringPlaces(options);
  const rows = (await Promise.all(places.map(rowsOf))).flat();
  const now = Math.round(Date.now() / 1000);
  context.out(
    options.json
      ? JSON.stringify({ schemaVersion: 1, time: now, alerts: rows }, undefined, 2)
      : alertsText(rows, now, context.style),
  );
  return rows.some(isUrgent) ? EXIT.problem : EXIT.ok;
}

async function rowsOf({ cluster, prometheusUrl, alertmanagerUrl }: MonitoringPlace): Promise<AlertRow[]> {
  const [active, routed] = await Promise.all([activeAlerts(prometheusUrl), routedAlerts(alertmanagerUrl)]);
  return alertRows(cluster, active, routed);
}

function isUrgent({ state, severity }: AlertRow): boolean {
  return state === "firing" && severity === "critical";
}
