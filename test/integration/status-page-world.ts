import {
  type FakeNode,
  fakeInventory,
  fakeNode,
  inventoryNode,
} from "../../packages/agent/src/testing/fake-node.fixture";
import type { Kind } from "../../packages/core/src/chains/types";
import type { InventoryAlert, InventoryMonitoring } from "../../packages/core/src/cluster/inventory-types";
import { plannedAlerts } from "../../packages/core/src/monitoring/overrides";
import { PRESETS } from "../../packages/core/src/monitoring/types";
import { exampleClusters } from "../../scripts/docs/example-clusters";
import { RunningAgent } from "./running-agent";

/** What a fake node says when it is asked for its head. */
export interface Says {
  readonly version: string;
  readonly behind: number;
  readonly syncing: boolean;
  readonly silent: boolean;
}

const BLOCK_SECONDS = 1.1;

/** The bundled agent beside nodes that say what the test wants, with a chain that goes on by the clock. */
export class StatusPageWorld {
  private readonly says = new Map<string, Says>();
  private constructor(
    readonly agent: RunningAgent,
    private readonly nodes: ReadonlyMap<string, FakeNode>,
  ) {}

  static async of(kinds: Readonly<Record<string, Kind>>): Promise<StatusPageWorld> {
    const nodes = new Map<string, FakeNode>();
    for (const name of Object.keys(kinds)) nodes.set(name, await fakeNode());
    const inventory = await fakeInventory(
      [...nodes].map(([name, { url }]) => {
        const kind = kinds[name] ?? "full";
        const servesRpc = kind === "full" || kind === "archive";
        const plain = inventoryNode(name, url, { kind, servesRpc });
        const processes = plain.processes.map(({ rpcUrl, ...p }) => ({
          ...p,
          client: "cometbft",
          ...(servesRpc && rpcUrl ? { rpcUrl } : {}),
        }));
        return { ...plain, processes };
      }),
      { stack: "local", cluster: "devnet", protocol: "cometbft", network: "private", monitoring: monitoring() },
    );
    const probe = { ...inventory.probe, intervalSeconds: 0.5 };
    const agent = await RunningAgent.start({ ...inventory, probe });
    const world = new StatusPageWorld(agent, nodes);
    for (const name of nodes.keys()) world.say(name, {});
    return world;
  }

  get base(): string {
    const { host, port } = this.agent.inventory.listen;
    return `http://${host}:${port}`;
  }

  /** Changes what a node says from now on. */
  say(name: string, change: Partial<Says>): void {
    const usual: Says = { version: "0.38.19", behind: 0, syncing: false, silent: false };
    this.says.set(name, { ...(this.says.get(name) ?? usual), ...change });
    const node = this.nodes.get(name);
    if (!node) throw new Error(`no node ${name}`);
    node.state.respond = (_, response, body) => {
      const { version, behind, syncing, silent } = this.says.get(name) ?? usual;
      if (silent) return response.writeHead(503).end();
      if (!body.includes('"head"')) return "usual";
      const now = Date.now() / 1000;
      const height = Math.floor((now - 1_790_000_000) / BLOCK_SECONDS) - behind;
      const time = Math.floor(now - behind * BLOCK_SECONDS - (height % 3) / 4);
      const result = { height, time, syncing, chainId: "7", version };
      return response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
    };
  }

  /** As Alertmanager tells it. */
  async alert(name: string, labels: Readonly<Record<string, string>>, rest: object = {}): Promise<void> {
    const alert = {
      status: "firing",
      labels: { alertname: name, severity: "critical", ...labels },
      annotations: { summary: `${name} of ${labels.node ?? "all"}` },
      startsAt: new Date(Date.now() - 65_000).toISOString(),
      endsAt: "0001-01-01T00:00:00Z",
      ...rest,
    };
    const body = JSON.stringify({ version: "4", alerts: [alert] });
    const answer = await fetch(`${this.base}/alerts/webhook`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    await Promise.all([...this.nodes.values()].map((node) => node.close()));
  }
}

function monitoring(): InventoryMonitoring {
  const { parameters } = exampleClusters()[0];
  const alerts = plannedAlerts(parameters, PRESETS).map(
    ({ definition, severity, replicatedSeverity, forSeconds, threshold }): InventoryAlert => ({
      name: definition.name,
      severity,
      ...(replicatedSeverity === undefined ? {} : { replicatedSeverity }),
      owner: definition.owner,
      forSeconds,
      ...(Number.isNaN(threshold) ? {} : { threshold }),
      expr: definition.expr(parameters, threshold),
    }),
  );
  return { prometheusUrl: "http://127.0.0.1:9", alertmanagerUrl: "http://127.0.0.1:9", alerts };
}
