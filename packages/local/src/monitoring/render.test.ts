import type { Programs } from "../node-cluster/render";
import { renderAlertmanager, renderPrometheus } from "./render";

const programs: Programs = { node: "/bin/node", agentBundle: "/lib/agent.cjs", find: (name) => `/bin/${name}` };

describe("monitoring processes", () => {
  it("run Prometheus on loopback, with the days that the user keeps", () => {
    const rendered = renderPrometheus({ directory: "/state/dev/prometheus", port: 26690, retentionDays: 30 }, programs);
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

  it("keep nothing of either beside its own directory", () => {
    for (const { command } of [
      renderPrometheus({ directory: "/d", port: 1, retentionDays: 1 }, programs),
      renderAlertmanager({ directory: "/d", port: 1 }, programs),
    ]) {
      const paths = command.filter((word) => /=\//.test(word)).map((word) => word.replace(/^[^=]*=/, ""));
      expect(paths.length).toBe(2);
      for (const path of paths) expect(path.startsWith("/d/")).toBe(true);
    }
  });
});
