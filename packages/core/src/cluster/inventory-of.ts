import { checkpointBlocks, type ParameterInput } from "../monitoring/parameters";
import { clusterAlerts } from "../monitoring/rules";
import { inventoryProcessVault, inventoryVault, type VaultPlace } from "../vault/inventory-of";
import type {
  AgentInventory,
  InventoryAlert,
  InventoryMonitoring,
  InventoryProcess,
  InventoryProxy,
} from "./inventory-types";
import type { ClusterPlan, GroupPlan, NodePlan, ProcessPlan } from "./types";

export interface InventoryInput {
  readonly stack: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Where monitoring is, and what it alerts on. */
  readonly monitoring?: Omit<InventoryMonitoring, "alerts"> & { readonly alerts: ParameterInput };
  /** Whether the agent sees the file systems that the nodes' data lies on. */
  readonly sharesDisks?: boolean;
  /** Where the vault's agent finds what it needs; only of clusters with a vault. */
  readonly vault?: VaultPlace;
  /** Where the agent's proxy listens; absent where another balancer is in front. */
  readonly proxy?: { readonly host: string; readonly port: number };
}

/** agent.json of a plan. Pure, so that a preview shows what the agent will watch. */
export function inventoryOf(plan: ClusterPlan, input: InventoryInput): AgentInventory {
  const proxy = input.proxy ? proxyOf(plan, input.proxy) : undefined;
  const reference = input.monitoring?.alerts.monitoring?.reference;
  const clients = new Map(plan.nodes.flatMap((n) => n.processes).map((p) => [p.client.name, p.client]));
  return {
    schemaVersion: 1,
    stack: input.stack,
    cluster: plan.name,
    protocol: plan.protocol.name,
    network: plan.network,
    listen: input.listen,
    ...(proxy ? { proxy } : {}),
    probe: { ...plan.probe, maxAnswerBytes: 4 * 1024 * 1024 },
    limits: plan.limits,
    blockTimeSeconds: plan.networkFacts.blockTimeSeconds,
    checkpointBlocks: checkpointBlocks(plan),
    ...(plan.networkFacts.reorgBlocks ? { reorgBlocks: plan.networkFacts.reorgBlocks } : {}),
    ...(reference ? { reference: { questions: firstClient(plan), probeUrl: reference.url } } : {}),
    ...(input.monitoring
      ? { monitoring: { ...input.monitoring, alerts: inventoryAlerts(input.monitoring.alerts) } }
      : {}),
    ...(plan.backup && input.vault ? { vault: inventoryVault(plan.backup, input.vault) } : {}),
    questions: Object.fromEntries([...clients].map(([name, client]) => [name, client.health])),
    nodes: plan.nodes.map((node) => ({
      name: node.name,
      group: node.group,
      kind: node.kind,
      servesRpc: node.servesRpc,
      processes: node.processes.map((process) => inventoryProcess(plan, node, process, input)),
    })),
  };
}

function inventoryProcess(
  plan: ClusterPlan,
  node: NodePlan,
  process: ProcessPlan,
  { sharesDisks, vault }: InventoryInput,
): InventoryProcess {
  const { client } = process;
  // A mirror serves nobody until it is promoted.
  const maySee = node.servesRpc || (plan.backup !== undefined && node.kind === "mirror");
  const url = (port: string) => `http://${node.address.host}:${process.ports[port]}`;
  return {
    name: process.name,
    layer: process.layer,
    client: client.name,
    version: process.version,
    questions: client.name,
    probeUrl: url(client.health.port),
    ...(sharesDisks ? { dataDir: process.home } : {}),
    ...(client.rpc && maySee ? { rpcUrl: url(client.rpc.port) } : {}),
    ...(client.health.basicAuthFile ? { basicAuthFile: `${process.home}/${client.health.basicAuthFile}` } : {}),
    ...(plan.backup && vault ? { vault: inventoryProcessVault(process, vault) } : {}),
  };
}

/** The client that tells the head of the first node: what is outside is asked in its words. */
function firstClient({ nodes }: ClusterPlan): string {
  return nodes[0]?.processes[0]?.client.name ?? "";
}

function inventoryAlerts(input: ParameterInput): InventoryAlert[] {
  const { parameters, alerts } = clusterAlerts(input);
  return alerts.map(({ definition, severity, replicatedSeverity, forSeconds, threshold }) => ({
    name: definition.name,
    severity,
    ...(replicatedSeverity === undefined || replicatedSeverity === severity ? {} : { replicatedSeverity }),
    owner: definition.owner,
    forSeconds,
    ...(Number.isNaN(threshold) ? {} : { threshold }),
    expr: definition.expr(parameters, threshold),
    ...(definition.current ? { current: definition.current(parameters) } : {}),
  }));
}

/** Group that answers on the root path: full nodes before archives before light ones, then by name. */
export function defaultGroup(plan: ClusterPlan): GroupPlan | undefined {
  const order = ["full", "archive", "light"];
  return plan.groups
    .filter((g) => g.servesRpc)
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : 1))[0];
}

function proxyOf(plan: ClusterPlan, at: { host: string; port: number }): InventoryProxy | undefined {
  const group = defaultGroup(plan);
  if (!group) return undefined;
  const patterns = plan.nodes.flatMap((n) => n.processes).flatMap((p) => (p.client.rpc ? [p.client.rpc.writes] : []));
  const writes = [...new Set(patterns)].sort();
  return {
    ...at,
    defaultGroup: group.name,
    writes: writes.length === 1 ? (writes[0] as string) : writes.map((w) => `(?:${w})`).join("|"),
    timeoutMs: Math.max(plan.probe.timeoutMs, 2000),
    maxBodyBytes: 10 * 1024 * 1024,
  };
}
