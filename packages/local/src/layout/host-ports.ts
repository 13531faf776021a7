import { PORTS_PER_NODE, type Problem, whole } from "@chainkeep/core";
import { z } from "zod";

/** Ports on this machine. All of them are bound to loopback. */
export interface HostPortsArgs {
  /**
   * Port of the proxy that sends requests to ready nodes.
   *
   * Changing it restarts the agent.
   * @default 26657
   */
  rpc?: number;
  /**
   * Port of the agent: `/status`, `/metrics`, `/ready/<node>`.
   *
   * Changing it restarts the agent.
   * @default 26680
   */
  agent?: number;
  /**
   * Port of Prometheus.
   *
   * Changing it restarts Prometheus.
   * @default 26690
   */
  prometheus?: number;
  /**
   * Port of Alertmanager.
   *
   * Changing it restarts Alertmanager.
   * @default 26693
   */
  alertmanager?: number;
  /**
   * Port of Grafana, where this machine has it.
   *
   * Changing it restarts Grafana.
   * @default 26695
   */
  grafana?: number;
  /**
   * Port of node_exporter, which tells of this machine: memory, processors, disks, clock.
   *
   * Changing it restarts node_exporter.
   * @default 26691
   */
  nodeExporter?: number;
  /**
   * First port of the range that nodes take theirs from, sixteen per node. A node's place follows from its name.
   *
   * Changing it restarts every node.
   * @default 20000
   */
  nodesFrom?: number;
  /**
   * Last port of that range. Keep it below the system's ephemeral ports (32768 on Linux).
   *
   * Changing it restarts every node.
   * @default 25999
   */
  nodesTo?: number;
  /**
   * First of sixteen ports of the node that is started for a while to prove a recovery point. One at a time takes them; clusters of this machine
   * that prove points at the same time need different ones.
   *
   * Changing it restarts nobody; it holds from the next proof on.
   * @default 26720
   */
  proof?: number;
}

export type HostPorts = Required<HostPortsArgs>;

const DEFAULTS: HostPorts = {
  rpc: 26657,
  agent: 26680,
  prometheus: 26690,
  alertmanager: 26693,
  grafana: 26695,
  nodeExporter: 26691,
  nodesFrom: 20000,
  nodesTo: 25999,
  proof: 26720,
};

const port = () => whole(1024, 65535, "PORT_RANGE").optional();

export const hostPortsSchema = z
  .strictObject({
    rpc: port(),
    agent: port(),
    prometheus: port(),
    alertmanager: port(),
    grafana: port(),
    nodeExporter: port(),
    nodesFrom: port(),
    nodesTo: port(),
    proof: whole(1024, 65536 - PORTS_PER_NODE, "PORT_RANGE").optional(),
  })
  .optional();

/** The user's ports, and the defaults for the rest. Broken args give the defaults: they are refused elsewhere. */
export function hostPortsOf(args: HostPortsArgs | undefined): HostPorts {
  const parsed = hostPortsSchema.safeParse(args);
  // A setting that is there but undefined, e.g. from a config without it, is none.
  const given = Object.entries((parsed.success && parsed.data) || {}).filter(([, port]) => port !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/**
 * Two services on one port, or a service inside the nodes' range.
 *
 * @param proves - Whether recovery points are proven: only then the ports for it are taken.
 */
export function hostPortProblems(args: HostPortsArgs | undefined, proves = args?.proof !== undefined): Problem[] {
  if (!hostPortsSchema.safeParse(args).success) return [];
  const hostPorts = hostPortsOf(args);
  const { nodesFrom, nodesTo, proof, ...services } = hostPorts;
  const problems: Problem[] = [];
  if (nodesTo - nodesFrom < PORTS_PER_NODE - 1) {
    const message = `got ${nodesTo}; use at least ${nodesFrom + PORTS_PER_NODE - 1}: a node takes sixteen ports`;
    problems.push({ path: "hostPorts.nodesTo", message, code: "PORT_RANGE" });
  }
  const seen = new Map<number, string>();
  for (const [name, value] of Object.entries(services)) {
    const other = seen.get(value);
    if (other !== undefined) {
      const message = `got ${value}, also used by hostPorts.${other}; choose a free port, e.g. ${freePort(value, hostPorts)}`;
      problems.push({ path: `hostPorts.${name}`, message, code: "PORT_CLASH" });
    } else if (value >= nodesFrom && value <= nodesTo) {
      const message = `got ${value}, which lies in the nodes' range ${nodesFrom} to ${nodesTo}; choose a port outside of it`;
      problems.push({ path: `hostPorts.${name}`, message, code: "PORT_CLASH" });
    }
    seen.set(value, name);
  }
  return proves ? [...problems, ...proofProblems(hostPorts)] : problems;
}

/** The block of ports of a proof: beside the services, and beside the nodes. */
function proofProblems(hostPorts: HostPorts): Problem[] {
  const { proof, nodesFrom, nodesTo, ...services } = hostPorts;
  const last = proof + PORTS_PER_NODE - 1;
  const inside = Object.entries(services).find(([, value]) => value >= proof && value <= last);
  const among = nodesFrom <= last && proof <= nodesTo;
  if (inside === undefined && !among) return [];
  const what = among ? `the nodes' range ${nodesFrom} to ${nodesTo}` : `hostPorts.${inside?.[0]} (${inside?.[1]})`;
  const message = `got ${proof}: ports ${proof} to ${last} overlap with ${what}; choose sixteen free ports, e.g. from ${freeBlock(hostPorts)}`;
  return [{ path: "hostPorts.proof", message, code: "PORT_CLASH" }];
}

/** First port of the lowest block that neither services nor nodes have, from the default one on where there is one. */
function freeBlock({ nodesFrom, nodesTo, proof: _, ...services }: HostPorts): number {
  const used = Object.values(services);
  const isFree = (first: number) => {
    const last = first + PORTS_PER_NODE - 1;
    return (first > nodesTo || last < nodesFrom) && !used.some((port) => port >= first && port <= last);
  };
  const candidates = [DEFAULTS.proof, 1024].flatMap((from) =>
    Array.from({ length: 65_537 - PORTS_PER_NODE - from }, (_, i) => from + i),
  );
  return candidates.find(isFree) ?? DEFAULTS.proof;
}

/** The next port that no service and no node has; from the lowest one on where there is none above. */
function freePort(taken: number, { nodesFrom, nodesTo, proof, ...services }: HostPorts): number {
  const used = new Set(Object.values(services));
  const inBlock = (port: number) => port >= proof && port < proof + PORTS_PER_NODE;
  const free = (port: number) => !used.has(port) && !inBlock(port) && (port < nodesFrom || port > nodesTo);
  const candidates = [taken + 1, 1024].flatMap((from) => Array.from({ length: 65_536 - from }, (_, i) => from + i));
  return candidates.find(free) ?? taken;
}
