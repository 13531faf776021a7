import * as path from "node:path";
import {
  type AgentInventory,
  type BudgetArgs,
  type ClusterPlan,
  inventoryOf,
  type MonitoringArgs,
  plainCopy,
  planCluster,
  type VaultPlace,
} from "@chainkeep/core";
import * as pulumi from "@pulumi/pulumi";
import { localVaultOf } from "../backup-vault/local-vault";
import { type HostPorts, hostPortsOf } from "../layout/host-ports";
import { LOOPBACK, localLayout } from "../layout/layout";
import { reported } from "../layout/run-error";
import { stateDirOf } from "../layout/state-dir";
import { addressesOf } from "../monitoring/addresses";
import { Monitoring } from "../monitoring/monitoring";
import { openSecrets } from "../monitoring/secret-files";
import type { FileSet } from "../resources/file-set";
import { Supervisor } from "../resources/supervisor";
import type { NodeClusterArgs } from "./args";
import { createNodes } from "./nodes";
import { fileDigest, localPrograms, programsOf, textDigest } from "./programs";
import { INVENTORY_FILE, type Programs, renderAgent } from "./render";
import { localValidation, OPAQUE } from "./schema";
import { createFiles, createSupervised } from "./supervised";
import { createVaultFiles, vaultPlace } from "./vault";

/**
 * A cluster of blockchain nodes as supervised processes of this machine, with agent, proxy, Prometheus, Alertmanager and
 * dashboards.
 *
 * Makes one supervisor, files and a process per client process, two resources for the agent, one more with a vault, and six for monitoring or
 * seven where Grafana runs. It costs nothing but this machine. It does not start again by itself after a reboot: run `pulumi up --refresh`.
 *
 * @example
 * new NodeCluster("devnet", {
 *   chain: { protocol: "cometbft", network: "private" },
 *   nodes: { validators: { kind: "validator", count: 4 }, rpc: { kind: "full" } },
 *   monitoring: { receivers: { chat: { slack: { webhookUrlFile: "/run/secrets/slack" } } } },
 *   seed: new pulumi.Config().requireSecret("seed"),
 * });
 */
export class NodeCluster extends pulumi.ComponentResource {
  /** Where users send requests: the agent's proxy, which knows ready nodes only. Empty when no group serves. */
  readonly rpcUrl: pulumi.Output<string>;
  /** The agent: `/status`, `/metrics`, `/ready/<node>`. */
  readonly agentUrl: pulumi.Output<string>;
  /** Command that opens the supervisor's terminal interface. */
  readonly attachCommand: pulumi.Output<string>;
  /** Names of all nodes. */
  readonly nodeNames: pulumi.Output<string[]>;
  /** Prometheus, Alertmanager and dashboards, unless they are turned off. */
  readonly monitoring: Monitoring | undefined;

  constructor(name: string, args: NodeClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { plan, ports, stateDir } = reported(() => planLocal("NodeCluster", name, args));
    const settings = args.monitoring ?? {};
    const monitored = settings.enabled !== false;
    const wantsGrafana = monitored && settings.grafanaUrl === undefined;
    const programs = reported(() => localPrograms(programsOf(plan, monitored), wantsGrafana));
    super("chainkeep-local:index:NodeCluster", name, {}, opts);
    for (const text of openSecrets(settings)) pulumi.log.warn(text, this);
    const childOpts = { parent: this };
    const directory = path.join(stateDir, name);
    const stack = pulumi.getStack();

    const supervisor = new Supervisor(
      `${name}-supervisor`,
      { stateDir: directory, binary: programs.find("process-compose") },
      childOpts,
    );
    const common = { prefix: name, plan, programs, supervisor };
    const budget = args.budget === undefined ? {} : { budget: args.budget };
    const seed = args.seed;
    const purgeData = args.purgeData ?? false;
    const vault = plan.backup && localVaultOf(args.backup?.vault);
    const inventory = inventoryFor({
      plan,
      stack,
      ports,
      settings,
      ...budget,
      hasGrafana: programs.grafana !== undefined,
      ...(vault ? { vault: vaultPlace({ plan, vault, directory, programs }) } : {}),
    });
    const agentPlace = { prefix: name, directory: path.join(directory, "agent"), ports, programs, supervisor };
    const agentFiles = createAgentFiles(inventory, agentPlace, childOpts);
    const bootstrap = vault && {
      inventory: path.join(agentPlace.directory, INVENTORY_FILE),
      needs: [agentFiles, ...vault.needs],
    };
    createNodes({ ...common, seed, purgeData, ...(bootstrap ? { bootstrap } : {}) }, childOpts);
    const vaultFiles = vault ? [createVaultFiles({ prefix: name, plan, directory, seed, purgeData }, childOpts)] : [];
    const agentNeeds = [agentFiles, ...vaultFiles, ...(vault?.needs ?? [])];
    const agent = createAgent(inventory, agentPlace, agentNeeds, childOpts);
    const monitoringArgs = { plan, stack, settings, ...budget, directory, ports, programs, supervisor };
    this.monitoring = monitored ? new Monitoring(`${name}-monitoring`, monitoringArgs, childOpts) : undefined;

    this.agentUrl = agent.id.apply(() => `http://${LOOPBACK}:${ports.agent}`);
    this.rpcUrl = agent.id.apply(() => (inventory.proxy ? `http://${LOOPBACK}:${ports.rpc}` : ""));
    this.attachCommand = supervisor.attachCommand;
    this.nodeNames = pulumi.output(plan.nodes.map((n) => n.name));
    this.registerOutputs({
      rpcUrl: this.rpcUrl,
      agentUrl: this.agentUrl,
      attachCommand: this.attachCommand,
      nodeNames: this.nodeNames,
    });
  }
}

export interface LocalPlan {
  readonly plan: ClusterPlan;
  readonly ports: HostPorts;
  readonly stateDir: string;
}

/**
 * Checks the args and plans the cluster on this machine. Nothing is registered.
 *
 * @throws ConfigError with every problem at once
 */
export function planLocal(component: string, name: string, args: NodeClusterArgs): LocalPlan {
  // What is wrong with these two is told by the check of all args.
  const { hostPorts, stateDir: asked } = plainCopy(args, OPAQUE).value ?? {};
  const ports = hostPortsOf(hostPorts);
  const stateDir = stateDirOf(pulumi.getStack(), typeof asked === "string" ? asked : undefined);
  return { plan: planCluster(name, args, localLayout(stateDir, ports), localValidation(component)), ports, stateDir };
}

interface InventoryPlace {
  readonly plan: ClusterPlan;
  readonly stack: string;
  readonly ports: HostPorts;
  readonly settings: MonitoringArgs;
  readonly budget?: BudgetArgs;
  readonly hasGrafana: boolean;
  readonly vault?: VaultPlace;
}

function inventoryFor({ plan, stack, ports, settings, budget, hasGrafana, vault }: InventoryPlace): AgentInventory {
  const { prometheus, alertmanager, grafana } = addressesOf(ports, settings, hasGrafana);
  const { runbookUrl } = settings;
  const monitoring = {
    prometheusUrl: prometheus,
    alertmanagerUrl: alertmanager,
    ...(grafana === undefined ? {} : { grafanaUrl: grafana }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    alerts: {
      plan,
      stack,
      monitoring: settings,
      ...(budget === undefined ? {} : { monthlyBudgetUsd: budget.monthlyUsd }),
    },
  };
  return inventoryOf(plan, {
    stack,
    listen: { host: LOOPBACK, port: ports.agent },
    proxy: { host: LOOPBACK, port: ports.rpc },
    sharesDisks: true,
    ...(vault ? { vault } : {}),
    ...(settings.enabled === false ? {} : { monitoring }),
  });
}

interface AgentPlace {
  readonly prefix: string;
  readonly directory: string;
  readonly ports: HostPorts;
  readonly programs: Programs;
  readonly supervisor: Supervisor;
}

function inventoryText(inventory: AgentInventory): string {
  return `${JSON.stringify(inventory, undefined, 2)}\n`;
}

/** Apart from the agent: nodes that take their data from the vault read the inventory before their first start. */
function createAgentFiles(
  inventory: AgentInventory,
  { prefix, directory }: AgentPlace,
  opts: pulumi.CustomResourceOptions,
): FileSet {
  const files = { [INVENTORY_FILE]: { content: inventoryText(inventory) } };
  return createFiles(`${prefix}-agent-files`, { directory, files }, opts);
}

function createAgent(
  inventory: AgentInventory,
  { prefix, directory, ports, programs, supervisor }: AgentPlace,
  needs: readonly FileSet[],
  opts: pulumi.CustomResourceOptions,
) {
  const { listen, proxy } = inventory;
  return createSupervised(
    {
      prefix,
      process: renderAgent({ directory, ports: [ports.agent, ...(proxy ? [ports.rpc] : [])] }, programs),
      supervisor,
      alsoNeeds: needs,
      // Ports are taken at the start; everything else is reread.
      restartDigest: `${fileDigest(programs.agentBundle)}:${listen.port}:${proxy?.port ?? 0}`,
      reload: { digest: textDigest(inventoryText(inventory)), signal: "SIGHUP" },
    },
    opts,
  );
}
