import type { Programs } from "../node-cluster/render";
import { renderAlertmanager, renderGrafana, renderNodeExporter, renderPrometheus } from "./render";

const programs: Programs = { node: "/bin/node", agentBundle: "/lib/agent.cjs", find: (name) => `/bin/${name}` };

describe("monitoring processes", () => {
  it("run Prometheus on loopback, with what the user keeps", () => {
    const rendered = renderPrometheus(
      { directory: "/state/dev/prometheus", port: 26690, retention: ["--storage.tsdb.retention.time=30d"] },
      programs,
    );
    expect(rendered).toMatchObject({
      name: "prometheus",
      command: [
        "/bin/prometheus",
        "--config.file=/state/dev/prometheus/prometheus.yml",
        "--storage.tsdb.path=/state/dev/prometheus/data",
        "--storage.tsdb.retention.time=30d",
        "--web.listen-address=127.0.0.1:26690",
      ],
      workingDir: "/state/dev/prometheus",
      stopSignal: "SIGTERM",
      ports: [26690],
    });
  });

  it("run Alertmanager on loopback, without gossip", () => {
    const rendered = renderAlertmanager({ directory: "/state/dev/alertmanager", port: 26693 }, programs);
    expect(rendered).toMatchObject({
      name: "alertmanager",
      command: [
        "/bin/alertmanager",
        "--config.file=/state/dev/alertmanager/alertmanager.yml",
        "--storage.path=/state/dev/alertmanager/data",
        "--web.listen-address=127.0.0.1:26693",
        "--cluster.listen-address=",
      ],
      ports: [26693],
    });
  });

  it("run node_exporter on loopback, with collectors that this system has", () => {
    const collectors = (platform: NodeJS.Platform) =>
      renderNodeExporter({ directory: "/d", port: 26691 }, programs, platform).command.filter((word) =>
        word.startsWith("--collector."),
      );
    expect(renderNodeExporter({ directory: "/d", port: 26691 }, programs)).toMatchObject({
      name: "node-exporter",
      command: expect.arrayContaining(["/bin/node_exporter", "--web.listen-address=127.0.0.1:26691"]),
      ports: [26691],
    });
    expect(collectors("linux")).toEqual([
      "--collector.disable-defaults",
      "--collector.cpu",
      "--collector.diskstats",
      "--collector.meminfo",
      "--collector.timex",
      "--collector.vmstat",
    ]);
    expect(collectors("darwin")).not.toContain("--collector.vmstat");
  });

  it("run Grafana with its pages and our settings", () => {
    const grafana = { program: "/opt/grafana/bin/grafana", home: "/opt/grafana" };
    expect(renderGrafana({ directory: "/state/dev/grafana", port: 26695 }, grafana)).toMatchObject({
      name: "grafana",
      command: [
        "/opt/grafana/bin/grafana",
        "server",
        "--homepath=/opt/grafana",
        "--config=/state/dev/grafana/grafana.ini",
      ],
      workingDir: "/state/dev/grafana",
      ports: [26695],
    });
  });

  it("keep nothing of either beside its own directory", () => {
    for (const { command } of [
      renderPrometheus({ directory: "/d", port: 1, retention: [] }, programs),
      renderAlertmanager({ directory: "/d", port: 1 }, programs),
    ]) {
      const paths = command.filter((word) => /=\//.test(word)).map((word) => word.replace(/^[^=]*=/, ""));
      expect(paths.length).toBe(2);
      for (const path of paths) expect(path.startsWith("/d/")).toBe(true);
    }
  });
});
