import { parse } from "yaml";
import { podLayout } from "../testing/toy-protocol.fixture";
import type { Discovery } from "./discovery";
import { monitoredPlan } from "./monitored-plan.fixture";
import { prometheusYaml } from "./prometheus";

interface Relabel {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly action?: string;
  readonly target_label?: string;
  readonly replacement?: string;
}

function job(discovery: Discovery) {
  const { scrape_configs } = parse(
    prometheusYaml({
      plan: monitoredPlan("main", podLayout),
      stack: "prod",
      agent: "agent:26680",
      alertmanager: "alertmanager:9093",
      prometheus: "prometheus:9090",
      ruleFiles: [],
      discovery,
    }),
  );
  return scrape_configs.find((j: { job_name: string }) => j.job_name === "chain-node-front");
}

/** What Prometheus makes of the labels that discovery found: undefined where the target is dropped. */
function relabelled(found: Record<string, string>, rules: readonly Relabel[]): Record<string, string> | undefined {
  const labels: Record<string, string> = { ...found };
  for (const { source_labels: from = [], regex = "(.*)", action = "replace", target_label: to, replacement } of rules) {
    const value = from.map((label) => labels[label] ?? "").join(";");
    const matches = new RegExp(`^(?:${regex})$`).test(value);
    if (action === "keep" && !matches) return undefined;
    if (action === "replace" && matches && to !== undefined) labels[to] = replacement ?? value;
  }
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith("__")));
}

const OURS = { network: "main", node: "rpc-1", client: "front", role: "full", stack: "prod" };

describe("discovery", () => {
  it("by pods asks for those of this cluster, and turns their labels into ours", () => {
    const { kubernetes_sd_configs, relabel_configs, static_configs } = job({ kind: "kubernetes", namespace: "nodes" });
    expect(static_configs).toBeUndefined();
    expect(kubernetes_sd_configs).toEqual([
      {
        role: "pod",
        namespaces: { names: ["nodes"] },
        selectors: [{ role: "pod", label: "chainkeep.dev/cluster=c,chainkeep.dev/stack=prod" }],
      },
    ]);
    const pod = {
      __meta_kubernetes_pod_container_name: "front",
      __meta_kubernetes_pod_container_port_name: "rpc",
      __meta_kubernetes_pod_label_chainkeep_dev_network: "main",
      __meta_kubernetes_pod_label_chainkeep_dev_node: "rpc-1",
      __meta_kubernetes_pod_label_chainkeep_dev_role: "full",
      __meta_kubernetes_pod_label_chainkeep_dev_stack: "prod",
    };
    expect(relabelled(pod, relabel_configs)).toEqual(OURS);
    // The other containers of the pod, and the other ports of this one, are no targets.
    expect(relabelled({ ...pod, __meta_kubernetes_pod_container_name: "agent" }, relabel_configs)).toBeUndefined();
    expect(relabelled({ ...pod, __meta_kubernetes_pod_container_port_name: "p2p" }, relabel_configs)).toBeUndefined();
  });

  it("by instances asks for running ones of this cluster, and turns their tags into ours", () => {
    const { ec2_sd_configs, relabel_configs } = job({ kind: "ec2", region: "eu-central-1" });
    expect(ec2_sd_configs).toEqual([
      {
        region: "eu-central-1",
        port: 7001,
        filters: [
          { name: "instance-state-name", values: ["running"] },
          { name: "tag:chainkeep:cluster", values: ["c"] },
          { name: "tag:chainkeep:stack", values: ["prod"] },
        ],
      },
    ]);
    const instance = {
      __meta_ec2_tag_chainkeep_group: "rpc",
      __meta_ec2_tag_chainkeep_network: "main",
      __meta_ec2_tag_chainkeep_node: "rpc-1",
      __meta_ec2_tag_chainkeep_role: "full",
      __meta_ec2_tag_chainkeep_stack: "prod",
    };
    expect(relabelled(instance, relabel_configs)).toEqual(OURS);
    expect(relabelled({ ...instance, __meta_ec2_tag_chainkeep_group: "light" }, relabel_configs)).toBeUndefined();
  });

  it("by the plan's own addresses takes names as well", () => {
    expect(job({ kind: "static" }).static_configs.map((c: { targets: string[] }) => c.targets)).toEqual([
      ["rpc-0.c:7001"],
      ["rpc-1.c:7001"],
    ]);
  });
});
