import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { AgentInventory, InventoryAlert } from "@chainkeep/core";
import { routedAlerts } from "./alertmanager";
import { type AlertRow, alertRows } from "./board";
import type { MonitoringPlace } from "./place";
import { activeAlerts, type Labels, query } from "./prometheus";

/** The figure that an alert looks at, as it is now. */
export interface CurrentValue {
  readonly labels: Labels;
  readonly value: number;
}

/** An alert in one cluster: its figures, what they are held against now, and whether it fires. */
export interface ExplainedCluster {
  readonly cluster: string;
  /** Absent where the cluster does not have the alert, or its inventory cannot be read from here. */
  readonly figures: InventoryAlert | undefined;
  readonly current: readonly CurrentValue[];
  readonly active: readonly AlertRow[];
}

export async function explainedCluster(place: MonitoringPlace, alert: string): Promise<ExplainedCluster> {
  const { cluster, prometheusUrl, alertmanagerUrl } = place;
  const [figures, active, routed] = await Promise.all([
    figuresOf(place, alert),
    activeAlerts(prometheusUrl),
    routedAlerts(alertmanagerUrl),
  ]);
  const samples = figures?.current === undefined ? [] : await query(prometheusUrl, figures.current);
  return {
    cluster,
    figures,
    current: samples.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) })),
    active: alertRows(cluster, active, routed).filter((row) => row.name === alert),
  };
}

/** From the file that the agent itself reads; an agent that was given by its address has none here. */
async function figuresOf({ agent }: MonitoringPlace, alert: string): Promise<InventoryAlert | undefined> {
  if (agent.stateDir === undefined) return undefined;
  const file = path.join(agent.stateDir, "agent", "agent.json");
  const inventory = JSON.parse(await readFile(file, "utf8")) as Partial<AgentInventory>;
  return inventory.monitoring?.alerts.find((one) => one.name === alert);
}
