import type { ClientDefinition, Kind, ProcessContext, ProtocolDefinition } from "./types";

/** What a sample needs to know of a protocol. */
export type SampleProtocol = Pick<ProtocolDefinition, "clients" | "defaults" | "networks">;

/**
 * A context like the planner's, for asking a client's functions without a cluster: one node on loopback with one sibling
 * of the same client, the client's own ports, no peers and no options.
 */
export function sampleContext(
  protocol: SampleProtocol,
  client: ClientDefinition,
  kind: Kind,
  network: string,
  change: Partial<ProcessContext> = {},
): ProcessContext {
  const ports = portsOf(client);
  const facts = protocol.networks[network];
  const chainId = facts?.chainId ?? (facts?.private ? "sample" : undefined);
  return {
    cluster: "sample",
    node: "nodes-0",
    group: "nodes",
    index: 0,
    kind,
    network,
    ...(chainId === undefined ? {} : { chainId }),
    home: "/srv/sample/nodes-0",
    shared: "/srv/sample/nodes-0/shared",
    listen: "127.0.0.1",
    self: "127.0.0.1",
    ports,
    layers: layersOf(protocol, client, kind, network),
    siblings: [{ node: "nodes-1", group: "nodes", kind, host: "127.0.0.2", ports }],
    peers: [],
    options: {},
    ...change,
  };
}

/** Ports of the processes that would stand beside the client. */
function layersOf({ clients, defaults }: SampleProtocol, client: ClientDefinition, kind: Kind, network: string) {
  const layers: Record<string, Readonly<Record<string, number>>> = {};
  for (const { layer } of clients) {
    const able = clients.filter((c) => c.layer === layer && c.kinds.includes(kind) && c.networks.includes(network));
    const usual = able.find((c) => c.name === defaults[layer]) ?? able[0];
    if (usual) layers[layer] = portsOf(usual);
  }
  layers[client.layer] = portsOf(client);
  return layers;
}

function portsOf(client: ClientDefinition): Readonly<Record<string, number>> {
  return Object.fromEntries(client.ports.map(({ name, port }) => [name, port]));
}
