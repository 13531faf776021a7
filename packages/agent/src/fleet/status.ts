import type { AgentInventory, InventoryMonitoring, StatusAlert, StatusDocument, StatusNode } from "@chainkeep/core";
import type { VaultService } from "../vault/service/vault-service";
import { rpcUrlOf } from "./fleet";
import type { FleetState, NodeState } from "./judge";
import type { Rotation } from "./rotation";

export interface StatusInput {
  readonly inventory: AgentInventory;
  readonly fleet: FleetState;
  readonly rotation: Rotation;
  readonly alerts: readonly StatusAlert[];
  /** Unix milliseconds. */
  readonly now: number;
  readonly vault?: Pick<VaultService, "status" | "statusPoints"> | undefined;
}

/** The document of GET /status. */
export function statusDocument({ inventory, fleet, rotation, alerts, now, vault }: StatusInput): StatusDocument {
  const { stack, cluster, protocol, network, proxy, monitoring } = inventory;
  return {
    schemaVersion: 1,
    stack,
    cluster,
    protocol,
    network,
    time: round(now / 1000),
    networkState: {
      halted: fleet.halted,
      height: fleet.height ?? null,
      secondsSinceProgress: fleet.riseAt === undefined ? null : round(Math.max(0, now - fleet.riseAt) / 1000),
    },
    nodes: [...fleet.nodes.values()].map((state) => statusNode(state, rotation, now)),
    alerts,
    points: vault?.statusPoints() ?? [],
    ...(vault ? { vault: vault.status() } : {}),
    ...(monitoring ? linksOf(monitoring) : {}),
    ...(proxy ? { proxyUrl: `http://${proxy.host.includes(":") ? `[${proxy.host}]` : proxy.host}:${proxy.port}` } : {}),
  };
}

function linksOf({ prometheusUrl, alertmanagerUrl, grafanaUrl }: InventoryMonitoring) {
  return { prometheusUrl, alertmanagerUrl, ...(grafanaUrl === undefined ? {} : { grafanaUrl }) };
}

function statusNode(state: NodeState, rotation: Rotation, now: number): StatusNode {
  const { node, first, alive, ready } = state;
  const { head } = first;
  return {
    name: node.name,
    group: node.group,
    kind: node.kind,
    client: first.process.client,
    alive,
    ready,
    inRotation: rotation.isIn(state),
    reasons: rotation.reasons(state),
    height: head?.height ?? null,
    hash: head?.hash ?? null,
    headAgeSeconds: head?.timestamp === undefined ? null : round(now / 1000 - head.timestamp),
    lagBlocks: head === undefined ? null : (first.verdict.lagBlocks ?? null),
    peers: head?.peers ?? null,
    syncing: head?.syncing ?? null,
    version: head?.version ?? null,
    rpcUrl: rpcUrlOf(node) ?? null,
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
