import type { ClusterPlan, NodePlan, ProcessPlan } from "../cluster/types";

/**
 * How Prometheus finds the processes of a plan. `static`: by the plan's own addresses, where they are known and stay.
 * `kubernetes` and `ec2`: by labels and tags that the target puts on pods and instances.
 */
export type Discovery =
  | { readonly kind: "static" }
  | { readonly kind: "kubernetes"; readonly namespace: string }
  | { readonly kind: "ec2"; readonly region: string };

/** Labels of pods, and tags of instances: what a target must put on, by our label. */
export const POD_LABELS = {
  network: "chainkeep.dev/network",
  node: "chainkeep.dev/node",
  role: "chainkeep.dev/role",
  stack: "chainkeep.dev/stack",
  cluster: "chainkeep.dev/cluster",
} as const;
export const INSTANCE_TAGS = {
  network: "chainkeep:network",
  node: "chainkeep:node",
  role: "chainkeep:role",
  stack: "chainkeep:stack",
  cluster: "chainkeep:cluster",
  group: "chainkeep:group",
} as const;

const OURS = ["network", "node", "role", "stack"] as const;

export interface ProcessTarget {
  readonly node: NodePlan;
  readonly process: ProcessPlan;
  readonly port: number;
  /** Name of the port, which pods have as well. */
  readonly portName: string;
}

/** Targets of one client: the part of a scrape job that says where to ask, and which labels the answers get. */
export function clientTargets(
  client: string,
  targets: readonly ProcessTarget[],
  { name, network }: ClusterPlan,
  stack: string,
  discovery: Discovery,
) {
  if (discovery.kind === "kubernetes") return pods(client, targets, name, stack, discovery.namespace);
  if (discovery.kind === "ec2") return instances(client, targets, name, stack, discovery.region);
  return {
    static_configs: targets.map(({ node, port }) => ({
      targets: [`${node.address.host}:${port}`],
      labels: { network, node: node.name, client, role: node.kind, stack },
    })),
  };
}

/** The container has the client's name, and its port the name that the client's definition gives it. */
function pods(client: string, targets: readonly ProcessTarget[], cluster: string, stack: string, namespace: string) {
  const label = `${POD_LABELS.cluster}=${cluster},${POD_LABELS.stack}=${stack}`;
  return {
    kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [namespace] }, selectors: [{ role: "pod", label }] }],
    relabel_configs: [
      keep("__meta_kubernetes_pod_container_name", [client]),
      keep(
        "__meta_kubernetes_pod_container_port_name",
        targets.map((t) => t.portName),
      ),
      ...OURS.map((ours) => copy(meta("__meta_kubernetes_pod_label_", POD_LABELS[ours]), ours)),
      { target_label: "client", replacement: client },
    ],
  };
}

/** One node per instance: which clients run there follows from its group. */
function instances(client: string, targets: readonly ProcessTarget[], cluster: string, stack: string, region: string) {
  const tag = (key: keyof typeof INSTANCE_TAGS, value: string) => ({
    name: `tag:${INSTANCE_TAGS[key]}`,
    values: [value],
  });
  const filters = [{ name: "instance-state-name", values: ["running"] }, tag("cluster", cluster), tag("stack", stack)];
  const ports = [...new Set(targets.map((t) => t.port))];
  return {
    ec2_sd_configs: ports.map((port) => ({ region, port, filters })),
    relabel_configs: [
      keep(
        meta("__meta_ec2_tag_", INSTANCE_TAGS.group),
        targets.map((t) => t.node.group),
      ),
      ...OURS.map((ours) => copy(meta("__meta_ec2_tag_", INSTANCE_TAGS[ours]), ours)),
      { target_label: "client", replacement: client },
    ],
  };
}

function keep(label: string, values: readonly string[]) {
  return { source_labels: [label], regex: [...new Set(values)].sort().join("|"), action: "keep" };
}

function copy(label: string, ours: string) {
  return { source_labels: [label], target_label: ours };
}

/** As Prometheus writes the name of a label or tag of somebody else. */
function meta(prefix: string, name: string): string {
  return prefix + name.replace(/[^a-zA-Z0-9_]/g, "_");
}
