import { monitoringFiles } from "./files";

const urn = (name: string, parent = "Monitoring") =>
  `urn:pulumi:local::p::chainkeep-local:index:NodeCluster$chainkeep-local:index:${parent}$chainkeep-local:index:FileSet::${name}`;
const set = (name: string, directory: unknown, files: unknown, parent?: string) => ({
  urn: urn(name, parent),
  type: "chainkeep-local:index:FileSet",
  inputs: { directory, files },
});

describe("monitoringFiles", () => {
  it("finds every file of every cluster's monitoring, where it lies on the target", () => {
    const files = monitoringFiles([
      set("b-monitoring-prometheus-files", "/state/local/b/prometheus", { "rules.yml": { content: "r" } }),
      set("a-1-monitoring-grafana-files", "/state/local/a-1/grafana/dashboards", { "fleet.json": { content: "{}" } }),
    ]);
    expect(files).toEqual([
      { cluster: "a-1", path: "grafana/dashboards/fleet.json", content: "{}" },
      { cluster: "b", path: "prometheus/rules.yml", content: "r" },
    ]);
  });

  it("takes nothing of nodes, and nothing that is not known yet", () => {
    const files = monitoringFiles([
      set("a-rpc-0-files", "/state/local/a/rpc-0", { "config.toml": { content: "x" } }, "Other"),
      set("a-monitoring-prometheus-files", "/state/local/a/prometheus", { "rules.yml": { content: undefined } }),
      set("a-monitoring-x-files", undefined, null),
      {
        urn: urn("a-monitoring-prometheus"),
        type: "chainkeep-local:index:Process",
        inputs: { files: { a: { content: "b" } } },
      },
    ]);
    expect(files).toEqual([]);
  });
});
