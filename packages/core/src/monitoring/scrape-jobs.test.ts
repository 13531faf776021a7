import { parse } from "yaml";
import { dashboardFiles } from "./dashboards/files";
import { monitoredPlan } from "./monitored-plan.fixture";
import { prometheusYaml } from "./prometheus";
import { type RulesInput, rulesYaml } from "./rules";
import { DROPPED, JOBS } from "./scrape-jobs";
import { PRESETS } from "./types";

const input: RulesInput = {
  plan: monitoredPlan(),
  stack: "dev",
  links: { agentUrl: "http://127.0.0.1:26680" },
  monitoring: { presets: [...PRESETS] },
  monthlyBudgetUsd: 1500,
};

/** Every word of all rules and panels; the names of series are among them. */
const words = new Set(
  [rulesYaml(input), ...Object.values(dashboardFiles(input))].flatMap((text) => text.match(/[a-zA-Z_:][\w:]*/g) ?? []),
);
const asked = (patterns: readonly string[]) =>
  [...words].filter((word) => patterns.some((pattern) => new RegExp(`^(?:${pattern})$`).test(word)));

describe("series that are dropped", () => {
  it("are asked for by no rule and by no panel", () => {
    expect(words).toContain("chain_probe_up");
    expect(asked([...DROPPED.agent, ...DROPPED.own])).toEqual([]);
    expect(words).not.toContain(DROPPED.label);
  });

  it("are found when one is asked for", () => {
    expect(asked(["chain_probe_up", "chain_probe_rpc_duration_seconds_bucket"]).sort()).toEqual([
      "chain_probe_rpc_duration_seconds_bucket",
      "chain_probe_up",
    ]);
  });
});

describe("names of jobs", () => {
  it("are those that the canonical layer tells apart", () => {
    const rules = rulesYaml(input);
    expect(rules).toContain('up{job=~"chain-node-.+"}');
    expect(JOBS.client("geth")).toMatch(/^chain-node-.+$/);
    for (const name of [JOBS.agent, JOBS.alertmanager, JOBS.prometheus, JOBS.hosts]) {
      expect(name).not.toMatch(/^chain-node-/);
      expect(name).toMatch(/^chainkeep-/);
    }
  });
});

describe("programs of the user's own", () => {
  it("are asked with their parameters, and what is asked about is the instance of the series", () => {
    const probe = (target: string) => ({
      targets: ["127.0.0.1:9115"],
      path: "/probe",
      params: { module: "http_2xx", target },
    });
    const monitoring = { scrape: { a: probe("https://a.example.org"), b: probe("https://b.example.org/x?y=z") } };
    const text = prometheusYaml({
      ...input,
      monitoring,
      agent: "127.0.0.1:1",
      alertmanager: "127.0.0.1:2",
      prometheus: "127.0.0.1:3",
      ruleFiles: [],
    });
    const { scrape_configs: jobs } = parse(text) as { scrape_configs: { job_name: string }[] };
    expect(jobs.filter(({ job_name }) => job_name === "a" || job_name === "b")).toMatchObject([
      {
        metrics_path: "/probe",
        params: { module: ["http_2xx"], target: ["https://a.example.org"] },
        static_configs: [{ targets: ["127.0.0.1:9115"], labels: { instance: "https://a.example.org", stack: "dev" } }],
      },
      { static_configs: [{ labels: { instance: "https://b.example.org/x?y=z" } }] },
    ]);
  });
});
