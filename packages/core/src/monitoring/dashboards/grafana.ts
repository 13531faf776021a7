import { stringify } from "yaml";

/** Identity of the data source that a provisioned Grafana reads the series from. */
export const DATASOURCE_UID = "chainkeep";

export interface GrafanaDatasources {
  /** Prometheus, as Grafana reaches it. */
  readonly prometheusUrl: string;
  /** Alertmanager, as Grafana reaches it; silences can then be set from Grafana. */
  readonly alertmanagerUrl?: string;
  /** Seconds between two scrapes: Grafana must not ask for rates over less. */
  readonly scrapeIntervalSeconds: number;
}

/** Provisioning file of the data sources, for `<provisioning>/datasources/`. */
export function grafanaDatasourcesYaml({
  prometheusUrl,
  alertmanagerUrl,
  scrapeIntervalSeconds,
}: GrafanaDatasources): string {
  const common = { orgId: 1, access: "proxy", editable: false };
  const prometheus = {
    name: "Chainkeep",
    uid: DATASOURCE_UID,
    type: "prometheus",
    ...common,
    url: prometheusUrl,
    isDefault: true,
    jsonData: {
      httpMethod: "POST",
      prometheusType: "Prometheus",
      timeInterval: `${scrapeIntervalSeconds}s`,
      // Rules are files of ours; Grafana shows them and does not write them.
      manageAlerts: true,
      alertmanagerUid: alertmanagerUrl === undefined ? undefined : `${DATASOURCE_UID}-alertmanager`,
    },
  };
  const alertmanager = {
    name: "Chainkeep Alertmanager",
    uid: `${DATASOURCE_UID}-alertmanager`,
    type: "alertmanager",
    ...common,
    url: alertmanagerUrl,
    jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
  };
  const datasources = [prometheus, ...(alertmanagerUrl === undefined ? [] : [alertmanager])];
  return stringify({ apiVersion: 1, datasources }, { lineWidth: 0 });
}

/** Provisioning file that makes Grafana read the dashboards from a directory, for `<provisioning>/dashboards/`. */
export function grafanaDashboardsYaml(path: string): string {
  const provider = {
    name: "chainkeep",
    orgId: 1,
    type: "file",
    folder: "Chainkeep",
    folderUid: "chainkeep",
    disableDeletion: true,
    allowUiUpdates: false,
    updateIntervalSeconds: 30,
    options: { path, foldersFromFilesStructure: false },
  };
  return stringify({ apiVersion: 1, providers: [provider] }, { lineWidth: 0 });
}

export interface GrafanaSettings {
  readonly port: number;
  /** Address that Grafana listens on; everybody who reaches it may look. */
  readonly address?: string;
  /** Absolute directories and file. */
  readonly dataPath: string;
  readonly logsPath: string;
  readonly provisioningPath: string;
  /** The board that opens first. */
  readonly homeDashboard: string;
}

/**
 * `grafana.ini` of an instance that only shows: everybody who reaches it is a viewer, nobody can log in, nothing is stored that
 * does not come from files, and nothing is sent or fetched. Keys that an older Grafana does not know are ignored by it.
 */
export function grafanaIni({ port, address = "127.0.0.1", ...at }: GrafanaSettings): string {
  const sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
    paths: {
      data: at.dataPath,
      logs: at.logsPath,
      plugins: `${at.dataPath}/plugins`,
      provisioning: at.provisioningPath,
    },
    server: { protocol: "http", http_addr: address, http_port: port, domain: address },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    // Newer versions fetch plugins at every start.
    plugins: { plugin_admin_enabled: false, preinstall_disabled: true, public_key_retrieval_disabled: true },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    // The usual admin has a password that everybody knows.
    security: { disable_initial_admin_creation: true, disable_gravatar: true },
    users: { allow_sign_up: false, allow_org_create: false },
    auth: { disable_login_form: true, disable_signout_menu: true },
    "auth.basic": { enabled: false },
    "auth.anonymous": { enabled: true, org_name: "Main Org.", org_role: "Viewer" },
    // Alerts are Prometheus's and Alertmanager's.
    unified_alerting: { execute_alerts: false },
    dashboards: { default_home_dashboard_path: at.homeDashboard, min_refresh_interval: "1s" },
    log: { mode: "console", level: "warn" },
  };
  return Object.entries(sections)
    .map(([name, keys]) => [`[${name}]`, ...Object.entries(keys).map(([k, v]) => `${k} = ${quoted(v)}`), ""].join("\n"))
    .join("\n");
}

/** A semicolon or a hash begins a comment, unless the value stands in backquotes. */
function quoted(value: string | number | boolean): string {
  return typeof value === "string" && /[;#"'\\]/.test(value) ? `\`${value}\`` : String(value);
}
