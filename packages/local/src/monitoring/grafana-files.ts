import * as path from "node:path";
import {
  dashboardFiles,
  grafanaDashboardsYaml,
  grafanaDatasourcesYaml,
  grafanaIni,
  type RulesInput,
  scrapeSeconds,
} from "@chainkeep/core";
import { textDigest } from "../node-cluster/programs";
import type { FileMap } from "../node-cluster/render";
import type { Addresses } from "./addresses";

export interface BoardsInput {
  readonly rules: RulesInput;
  /** Directory of all of Grafana's files. */
  readonly directory: string;
  /** Present where this stack runs Grafana; without it the dashboards alone are written, for import. */
  readonly server?: Server;
}

interface Server {
  readonly port: number;
  readonly addresses: Addresses;
}

export interface BoardFiles {
  readonly files: FileMap;
  /** Of what Grafana reads at its start; it finds changed dashboards by itself. */
  readonly restartDigest: string;
  readonly dashboardsDirectory: string;
}

const DASHBOARDS = "dashboards";
const PROVISIONING = "provisioning";
const HOME_BOARD = "fleet.json";

/** Files below Grafana's directory: always the dashboards, and its settings where it runs. */
export function boardFiles({ rules, directory, server }: BoardsInput): BoardFiles {
  const dashboardsDirectory = path.join(directory, DASHBOARDS);
  const boards = Object.entries(dashboardFiles(rules)).map(([name, text]) => [`${DASHBOARDS}/${name}`, text] as const);
  const settings = Object.entries(server ? settingsOf(rules, directory, dashboardsDirectory, server) : {});
  return {
    files: Object.fromEntries([...boards, ...settings].map(([name, content]) => [name, { content }])),
    restartDigest: textDigest(...settings.flat()),
    dashboardsDirectory,
  };
}

function settingsOf(
  { plan, monitoring }: RulesInput,
  directory: string,
  dashboards: string,
  { port, addresses }: Server,
): Record<string, string> {
  return {
    "grafana.ini": grafanaIni({
      port,
      dataPath: path.join(directory, "data"),
      logsPath: path.join(directory, "logs"),
      provisioningPath: path.join(directory, PROVISIONING),
      homeDashboard: path.join(dashboards, HOME_BOARD),
    }),
    [`${PROVISIONING}/datasources/chainkeep.yaml`]: grafanaDatasourcesYaml({
      prometheusUrl: addresses.prometheus,
      alertmanagerUrl: addresses.alertmanager,
      scrapeIntervalSeconds: scrapeSeconds(plan, monitoring),
    }),
    [`${PROVISIONING}/dashboards/chainkeep.yaml`]: grafanaDashboardsYaml(dashboards),
  };
}
