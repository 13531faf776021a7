import { parse } from "yaml";
import { grafanaDashboardsYaml, grafanaDatasourcesYaml, grafanaIni } from "./grafana";

const at = {
  port: 26696,
  dataPath: "/state/grafana/data",
  logsPath: "/state/grafana/logs",
  provisioningPath: "/state/grafana/provisioning",
  homeDashboard: "/state/grafana/dashboards/chainkeep-fleet.json",
};

/** The sections of an ini file, read as Grafana's parser does: a value ends at a semicolon unless it is in backquotes. */
function readIni(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let section = "";
  for (const line of text.split("\n").filter((l) => l !== "")) {
    const name = /^\[(.+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = name;
      found[section] ??= {};
      continue;
    }
    const [, key = "", value = ""] = /^(\S+) = (.*)$/.exec(line) ?? [];
    found[section] = { ...found[section], [key]: /^`(.*)`$/.exec(value)?.[1] ?? value.split(/\s*[;#]/)[0] ?? "" };
  }
  return found;
}

describe("grafana.ini", () => {
  it("listens on loopback, shows to everybody who is there, and lets nobody log in", () => {
    const { server, auth, security, ...rest } = readIni(grafanaIni(at));
    expect(server).toMatchObject({ http_addr: "127.0.0.1", http_port: "26696" });
    expect(rest["auth.anonymous"]).toMatchObject({ enabled: "true", org_role: "Viewer" });
    expect(rest["auth.basic"]).toEqual({ enabled: "false" });
    expect(auth?.disable_login_form).toBe("true");
    expect(security?.disable_initial_admin_creation).toBe("true");
  });

  it("sends nothing home and fetches nothing", () => {
    const { analytics, plugins, news, snapshots, security } = readIni(grafanaIni(at));
    expect(Object.values(analytics ?? {})).toEqual(["false", "false", "false", "false"]);
    expect(plugins).toMatchObject({ preinstall_disabled: "true", plugin_admin_enabled: "false" });
    expect([news?.news_feed_enabled, snapshots?.external_enabled, security?.disable_gravatar]).toEqual([
      "false",
      "false",
      "true",
    ]);
  });

  it("keeps directories whole, whatever signs they have", () => {
    const { paths } = readIni(grafanaIni({ ...at, dataPath: "/state/a;b #c/data" }));
    expect(paths).toEqual({
      data: "/state/a;b #c/data",
      logs: at.logsPath,
      plugins: "/state/a;b #c/data/plugins",
      provisioning: at.provisioningPath,
    });
  });
});

describe("provisioning", () => {
  it("names Prometheus as the data source, with the time between two scrapes, and Alertmanager beside it", () => {
    const input = {
      prometheusUrl: "http://127.0.0.1:1",
      alertmanagerUrl: "http://127.0.0.1:2",
      scrapeIntervalSeconds: 2,
    };
    const { datasources } = parse(grafanaDatasourcesYaml(input)) as { datasources: Record<string, unknown>[] };
    expect(datasources).toMatchObject([
      {
        uid: "chainkeep",
        type: "prometheus",
        url: "http://127.0.0.1:1",
        isDefault: true,
        jsonData: { timeInterval: "2s" },
      },
      { type: "alertmanager", url: "http://127.0.0.1:2", jsonData: { implementation: "prometheus" } },
    ]);
    const [prometheus, alertmanager] = datasources;
    expect(prometheus?.jsonData).toMatchObject({ alertmanagerUid: alertmanager?.uid });
  });

  it("leaves Alertmanager out where there is none", () => {
    const text = grafanaDatasourcesYaml({ prometheusUrl: "http://127.0.0.1:1", scrapeIntervalSeconds: 15 });
    expect(text).not.toContain("alertmanager");
  });

  it("reads the boards from the directory and lets nobody change them", () => {
    expect(parse(grafanaDashboardsYaml("/state/grafana/dashboards"))).toMatchObject({
      providers: [{ type: "file", allowUiUpdates: false, options: { path: "/state/grafana/dashboards" } }],
    });
  });
});
