import { parse } from "yaml";
import type { MonitoringArgs } from "./args";
import { monitoredPlan } from "./monitored-plan.fixture";
import { type PrometheusInput, prometheusYaml } from "./prometheus";

const plan = monitoredPlan();
const input: PrometheusInput = {
  plan,
  stack: "dev",
  agent: "127.0.0.1:26680",
  alertmanager: "127.0.0.1:26693",
  prometheus: "127.0.0.1:26690",
  ruleFiles: ["rules.yml"],
};
const config = (monitoring: MonitoringArgs = {}, more: Partial<PrometheusInput> = {}) =>
  parse(prometheusYaml({ ...input, monitoring, ...more }));

interface Job {
  readonly job_name: string;
  readonly static_configs: readonly { readonly targets: string[]; readonly labels: Record<string, string> }[];
  readonly metric_relabel_configs?: readonly { readonly source_labels: string[]; readonly regex: string }[];
}
const job = (name: string, monitoring: MonitoringArgs = {}, more: Partial<PrometheusInput> = {}) =>
  (config(monitoring, more).scrape_configs as Job[]).find((j) => j.job_name === name);

const OURS = { network: "private", stack: "dev" };

describe("prometheusYaml", () => {
  it("names rules and Alertmanager", () => {
    const { rule_files, alerting } = config();
    expect(rule_files).toEqual(["rules.yml"]);
    expect(alerting).toEqual({ alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:26693"] }] }] });
  });

  it("scrapes the agent and keeps the labels that it gives", () => {
    expect(job("chainkeep-agent")).toMatchObject({
      honor_labels: true,
      static_configs: [{ targets: ["127.0.0.1:26680"], labels: OURS }],
    });
  });

  it("scrapes every process that has metrics, with the labels of its node, and drops what the client says", () => {
    const { scrape_configs: jobs } = config();
    expect(jobs.map((j: Job) => j.job_name)).toEqual([
      "chainkeep-agent",
      "chain-node-front",
      "chainkeep-prometheus",
      "chainkeep-alertmanager",
    ]);
    const front = job("chain-node-front");
    expect(front).toMatchObject({ metrics_path: "/debug/metrics", sample_limit: 50_000 });
    expect(front?.static_configs).toEqual(
      plan.nodes
        .filter((node) => node.kind === "full")
        .map((node) => ({
          targets: [`127.0.0.1:${node.address.ports.rpc}`],
          labels: { ...OURS, node: node.name, client: "front", role: "full" },
        })),
    );
    expect(front?.metric_relabel_configs).toEqual([
      { source_labels: ["__name__"], regex: "(?:peer_.*)|(?:x|y)", action: "drop" },
      { source_labels: ["peer_id"], regex: ".+", action: "drop" },
    ]);
  });

  it("scrapes itself, Alertmanager and the machines", () => {
    const nodeExporters = [{ target: "10.0.0.1:9100", host: "alpha" }];
    expect(job("chainkeep-prometheus")?.static_configs).toEqual([{ targets: ["127.0.0.1:26690"], labels: OURS }]);
    expect(job("chainkeep-alertmanager")?.static_configs).toEqual([{ targets: ["127.0.0.1:26693"], labels: OURS }]);
    expect(job("chainkeep-hosts", {}, { nodeExporters })?.static_configs).toEqual([
      { targets: ["10.0.0.1:9100"], labels: { ...OURS, host: "alpha" } },
    ]);
  });

  it("scrapes what the user has beside the nodes, and says which node it is about", () => {
    const scrape = {
      tenderduty: { targets: ["127.0.0.1:28686"] },
      signer: { targets: ["127.0.0.1:9000"], path: "/m", node: "rpc-1", drop: "go_.*" },
    };
    expect(job("tenderduty", { scrape })).toMatchObject({
      metrics_path: "/metrics",
      static_configs: [{ targets: ["127.0.0.1:28686"], labels: OURS }],
      label_limit: 40,
    });
    expect(job("tenderduty", { scrape })).not.toHaveProperty("metric_relabel_configs");
    expect(job("signer", { scrape })).toMatchObject({
      metrics_path: "/m",
      static_configs: [
        { targets: ["127.0.0.1:9000"], labels: { ...OURS, node: "rpc-1", client: "front", role: "full" } },
      ],
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: "(?:go_.*)", action: "drop" }],
    });
  });

  it.each([
    [undefined, "2s", "2s"],
    [1, "1s", "1s"],
    [60, "60s", "10s"],
  ])("with an interval of %p waits no longer than that", (scrapeIntervalSeconds, interval, timeout) => {
    expect(config(scrapeIntervalSeconds === undefined ? {} : { scrapeIntervalSeconds }).global).toEqual({
      scrape_interval: interval,
      evaluation_interval: interval,
      scrape_timeout: timeout,
    });
  });
});
