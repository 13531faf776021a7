import { parse } from "yaml";
import type { ProtocolDefinition } from "../chains/types";
import { planCluster } from "../cluster/plan";
import { hostLayout, toy, toyClient } from "../testing/toy-protocol.fixture";
import { prometheusYaml } from "./prometheus";

const front = toyClient("front", ["full", "validator"]);
const metrics = { port: "rpc", path: "/debug/metrics", series: {}, drop: ["peer_.*", "x|y"] };
/** One client with metrics of its own, one without. */
const protocol: ProtocolDefinition = {
  ...toy,
  clients: [{ ...front, metrics }, toyClient("toy-light", ["light"])],
  defaults: { node: "front", light: "toy-light" },
};

const plan = planCluster(
  "c",
  {
    chain: { definition: protocol, network: "private" },
    nodes: { rpc: { kind: "full", count: 2 }, light: { kind: "light" } },
  },
  hostLayout,
);

const config = (monitoring = {}) =>
  parse(
    prometheusYaml({
      plan,
      stack: "dev",
      monitoring,
      agent: "127.0.0.1:26680",
      alertmanager: "127.0.0.1:26693",
      ruleFiles: ["rules.yml"],
    }),
  );

describe("prometheusYaml", () => {
  it("scrapes the agent and keeps the labels that it gives", () => {
    const { scrape_configs: jobs, rule_files, alerting } = config();
    expect(jobs[0]).toEqual({
      job_name: "chainkeep-agent",
      honor_labels: true,
      static_configs: [{ targets: ["127.0.0.1:26680"], labels: { stack: "dev" } }],
    });
    expect(rule_files).toEqual(["rules.yml"]);
    expect(alerting).toEqual({ alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:26693"] }] }] });
  });

  it("scrapes every process that has metrics, with the labels of its node, and drops what the client says", () => {
    const [, job, ...more] = config().scrape_configs;
    expect(more).toEqual([]);
    expect(job).toMatchObject({ job_name: "chain-node-front", metrics_path: "/debug/metrics" });
    expect(job.static_configs).toEqual(
      plan.nodes
        .filter((node) => node.kind === "full")
        .map((node) => ({
          targets: [`127.0.0.1:${node.address.ports.rpc}`],
          labels: { network: "private", node: node.name, client: "front", role: "full", stack: "dev" },
        })),
    );
    expect(job.metric_relabel_configs).toEqual([
      { source_labels: ["__name__"], regex: "(?:peer_.*)|(?:x|y)", action: "drop" },
    ]);
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
