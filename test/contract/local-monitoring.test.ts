import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import { BlockchainNode, NodeCluster, type NodeClusterArgs } from "@chainkeep/local";
import type { RecordedResource } from "@chainkeep/testing";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { run, TOKEN, WEBHOOK, withStandIns } from "./local-world";

withStandIns();

const hub = { chain: { protocol: "cometbft", network: "cosmoshub" }, nodes: { rpc: { kind: "full" } } } as const;
type Monitoring = NodeClusterArgs["monitoring"];
type Files = Readonly<Record<string, { readonly content: string }>>;

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert?: string;
  readonly annotations?: { readonly runbook_url: string; readonly dashboard_url: string };
}
interface Prometheus {
  readonly scrape_configs: readonly { readonly static_configs?: readonly { readonly targets: readonly string[] }[] }[];
}

async function made(monitoring: Monitoring, more: Partial<NodeClusterArgs> = {}) {
  let cluster: NodeCluster | undefined;
  const { resources } = await run(() => {
    cluster = new NodeCluster("dev", { ...hub, nodes: { ...hub.nodes }, monitoring, ...more });
  });
  return { cluster: cluster as NodeCluster, resources };
}

const named = (resources: readonly RecordedResource[], type: string, name: string) => {
  const found = resources.find((r) => r.type === TOKEN + type && r.name === `dev-${name}`);
  if (!found) throw new Error(`no ${type} ${name} among ${resources.map((r) => r.name).join(", ")}`);
  return found.inputs;
};
const filesOf = (resources: readonly RecordedResource[], name: string) =>
  named(resources, "FileSet", name).files as Files;
const commandOf = (resources: readonly RecordedResource[], name: string) =>
  named(resources, "Process", name).command as string[];
const inventoryOf = (resources: readonly RecordedResource[]) =>
  JSON.parse(filesOf(resources, "agent-files")["agent.json"]?.content ?? "") as AgentInventory;
const alertsOf = (resources: readonly RecordedResource[]) => {
  const rules = parse(filesOf(resources, "monitoring-prometheus-files")["rules.yml"]?.content ?? "") as Rules;
  return rules.groups.flatMap((group) => group.rules).filter((rule) => rule.alert !== undefined);
};
const given = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("monitoring on this machine", () => {
  it("runs Grafana on our dashboards where there is one", async () => {
    const { cluster, resources } = await made({ receivers: "none" });
    const files = filesOf(resources, "monitoring-grafana-files");
    const directory = named(resources, "FileSet", "monitoring-grafana-files").directory as string;
    expect(commandOf(resources, "monitoring-grafana").slice(1)).toEqual([
      "server",
      expect.stringMatching(/^--homepath=\/.*\/grafana$/),
      `--config=${directory}/grafana.ini`,
    ]);
    const home = /^default_home_dashboard_path = (.*)$/m.exec(files["grafana.ini"]?.content ?? "")?.[1] ?? "";
    expect(files[path.relative(directory, home)]).toBeDefined();
    const provisioning = /^provisioning = (.*)$/m.exec(files["grafana.ini"]?.content ?? "")?.[1] ?? "";
    const below = path.relative(directory, provisioning);
    expect(files[`${below}/datasources/chainkeep.yaml`]?.content).toContain("http://127.0.0.1:26690");
    expect(files[`${below}/dashboards/chainkeep.yaml`]?.content).toContain(`${directory}/dashboards`);
    expect(await given(cluster.monitoring?.grafanaUrl ?? pulumi.output(""))).toBe("http://127.0.0.1:26695");
    expect(await given(cluster.monitoring?.dashboardsDirectory ?? pulumi.output(""))).toBe(`${directory}/dashboards`);
  });

  it("does without Grafana: dashboards are there, links lead to the agent, and nothing else differs", async () => {
    const withGrafana = await made({ receivers: "none" });
    const before = process.env.CHAINKEEP_GRAFANA;
    process.env.CHAINKEEP_GRAFANA = "off";
    try {
      const { cluster, resources } = await made({ receivers: "none" });
      const names = (all: readonly RecordedResource[]) => all.map((r) => r.name).sort();
      expect(names(withGrafana.resources).filter((name) => !names(resources).includes(name))).toEqual([
        "dev-monitoring-grafana",
      ]);
      const files = Object.keys(filesOf(resources, "monitoring-grafana-files"));
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((name) => !/^dashboards\/[a-z-]+\.json$/.test(name))).toEqual([]);
      expect(await given(cluster.monitoring?.grafanaUrl ?? pulumi.output("?"))).toBe("");
      expect(inventoryOf(resources).monitoring?.grafanaUrl).toBeUndefined();
      for (const { annotations } of alertsOf(resources)) {
        expect(annotations?.dashboard_url).toMatch(/^http:\/\/127\.0\.0\.1:26680\//);
      }
    } finally {
      process.env.CHAINKEEP_GRAFANA = before;
    }
  });

  it("links to what the user has", async () => {
    const own = { grafanaUrl: "https://grafana.example.org/", runbookUrl: "https://wiki.example.org/runbooks" };
    const { cluster, resources } = await made({ receivers: "none", ...own });
    const alerts = alertsOf(resources);
    expect(alerts.length).toBeGreaterThan(5);
    for (const { alert, annotations } of alerts) {
      expect(annotations?.runbook_url).toBe(`https://wiki.example.org/runbooks/${alert}`);
      expect(annotations?.dashboard_url).toMatch(/^https:\/\/grafana\.example\.org\/d\/chainkeep-/);
    }
    expect(await given(cluster.monitoring?.grafanaUrl ?? pulumi.output(""))).toBe(own.grafanaUrl);
    expect(inventoryOf(resources).monitoring).toMatchObject(own);
  });

  it("tells the agent where it is, what is alerted, and where data lies", async () => {
    const hostPorts = { prometheus: 26_100, alertmanager: 26_101, grafana: 26_102, nodeExporter: 26_103 };
    const { resources } = await made(
      { receivers: "none", alerts: { NodeDown: { forSeconds: 7 } } },
      { hostPorts, budget: { monthlyUsd: 100 }, stateDir: "/state" },
    );
    const { monitoring, nodes } = inventoryOf(resources);
    expect(monitoring).toMatchObject({
      prometheusUrl: "http://127.0.0.1:26100",
      alertmanagerUrl: "http://127.0.0.1:26101",
      grafanaUrl: "http://127.0.0.1:26102",
    });
    expect(monitoring?.alerts.find((alert) => alert.name === "NodeDown")?.forSeconds).toBe(7);
    expect(monitoring?.alerts.map((alert) => alert.name).sort()).toEqual(
      [...new Set(alertsOf(resources).map((rule) => rule.alert))].sort(),
    );
    expect(nodes[0]?.processes[0]?.dataDir).toBe("/state/dev/nodes/rpc-0");
    const config = filesOf(resources, "monitoring-prometheus-files")["prometheus.yml"]?.content ?? "";
    const targets = (parse(config) as Prometheus).scrape_configs.flatMap((job) => job.static_configs ?? []);
    expect(targets.flatMap((one) => one.targets)).toContain("127.0.0.1:26103");
    const rules = filesOf(resources, "monitoring-prometheus-files")["rules.yml"]?.content;
    expect(rules).toContain("chain:cost_monthly_budget_usd");
  });

  it("keeps samples for as long as the user says", async () => {
    const { resources } = await made({ receivers: "none", retentionDays: 3, retentionGiB: 2 });
    expect(commandOf(resources, "monitoring-prometheus")).toEqual(
      expect.arrayContaining(["--storage.tsdb.retention.time=3d", "--storage.tsdb.retention.size=2048MB"]),
    );
  });

  it("belongs to a single node as well, when it asks for it", async () => {
    let node: BlockchainNode | undefined;
    const { resources } = await run(() => {
      node = new BlockchainNode("dev", { chain: hub.chain, kind: "full", monitoring: { receivers: "none" } });
    });
    expect(alertsOf(resources).length).toBeGreaterThan(5);
    expect(await given(node?.monitoring?.prometheusUrl ?? pulumi.output(""))).toBe("http://127.0.0.1:26690");
  });

  describe("with secrets in files", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-secret-files-"));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    const chat = (webhookUrlFile: string) => ({ receivers: { chat: { slack: { webhookUrlFile } } } });

    it("refuses a file that is not there before anything is registered", async () => {
      const { resources } = await run(() => {
        const act = () =>
          new NodeCluster("dev", { ...hub, nodes: { ...hub.nodes }, monitoring: chat("/no/such/file") });
        expect(act).toThrow(
          /^NodeCluster "dev" has 1 problem:\n {2}monitoring\.receivers\.chat\.slack\.webhookUrlFile: got "\/no\/such\/file", which is not there; .* \[SECRET_FILE_MISSING\]$/,
        );
      });
      expect(resources).toEqual([]);
    });

    it("warns of a file that everybody can read, and keeps what stands in it to the file", async () => {
      const file = path.join(directory, "slack");
      writeFileSync(file, WEBHOOK);
      chmodSync(file, 0o644);
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
      try {
        const { resources } = await made(chat(file));
        expect(warn.mock.calls.map(([text]) => text)).toEqual([
          expect.stringContaining(`everybody on this machine can read ${file}; use chmod 600 ${file}`),
        ]);
        expect(JSON.stringify(resources)).not.toContain(WEBHOOK);
        expect(filesOf(resources, "monitoring-alertmanager-files")["alertmanager.yml"]?.content).toContain(file);
        warn.mockClear();
        chmodSync(file, 0o600);
        await made(chat(file));
        expect(warn).not.toHaveBeenCalled();
      } finally {
        warn.mockRestore();
      }
    });
  });
});
