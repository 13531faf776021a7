import type { Kind, Layer, ProcessContext } from "../chains/types";
import { PORTS_PER_NODE } from "../cluster/ports";
import type { ClusterPlan, GuestPlan, Lineage, NodePlan, ProcessPlan, TargetLayout } from "../cluster/types";

/**
 * The guest that proves points of a lineage: the clients and options of its first source, with a name, ports and directories of its own, so
 * that it holds no key of anybody. Undefined where the target has no place for one.
 */
export function planGuest(
  plan: Omit<ClusterPlan, "backup">,
  lineage: Lineage,
  layout: TargetLayout,
): GuestPlan | undefined {
  const model = lineage.sources[0];
  if (!layout.guest || !model) return undefined;
  const name = `proof-${lineage.id}`;
  const kind = guestKind(model.kind, plan.protocol.kinds);
  const layers = portsOf(model, layout.guest.from);
  const at = { plan, model, name, kind, layers, layout, home: layout.guest.home };
  return { name, offline: guestNode(at, true), online: guestNode(at, false) };
}

/** A guest of an archive is an archive; any other follows and serves nobody. */
function guestKind(model: Kind, kinds: readonly Kind[]): Kind {
  if (model === "archive") return "archive";
  return kinds.includes("mirror") ? "mirror" : "full";
}

type Ports = Readonly<Record<string, Readonly<Record<string, number>>>>;

function portsOf({ processes }: NodePlan, from: number | undefined): Ports {
  let next = from;
  const limit = (from ?? 0) + PORTS_PER_NODE;
  const layers: Record<string, Record<string, number>> = {};
  for (const { layer, portDefinitions } of processes) {
    layers[layer] = {};
    for (const { name, port } of portDefinitions) {
      (layers[layer] as Record<string, number>)[name] = next ?? port;
      if (next !== undefined && next < limit) next += 1;
    }
  }
  return layers;
}

interface Place {
  readonly plan: Omit<ClusterPlan, "backup">;
  readonly model: NodePlan;
  readonly name: string;
  readonly kind: Kind;
  readonly layers: Ports;
  readonly layout: TargetLayout;
  readonly home: NonNullable<TargetLayout["guest"]>["home"];
}

function guestNode(place: Place, offline: boolean): NodePlan {
  const { model, name, kind, layers, layout } = place;
  return {
    name,
    group: name,
    index: 0,
    kind,
    address: {
      node: name,
      group: name,
      kind,
      host: layout.self,
      ports: Object.assign({}, ...Object.values(layers).reverse()) as Record<string, number>,
    },
    processes: model.processes.map((process) => guestProcess(place, process, offline)),
    servesRpc: false,
  };
}

function guestProcess(
  place: Place,
  { client, layer, context: of, portDefinitions }: ProcessPlan,
  offline: boolean,
): ProcessPlan {
  const { plan, name, kind, layers, layout, home } = place;
  const at = (which: Layer | undefined) => home(plan.name, name, which);
  const { announce: _, offline: __, ...given } = { ...of, siblings: [] };
  const context: ProcessContext = {
    ...given,
    node: name,
    group: name,
    index: 0,
    kind,
    home: at(layer),
    shared: at(undefined),
    listen: layout.self,
    ports: layers[layer] ?? {},
    layers,
    siblings: offline ? [] : plan.nodes.map((n) => n.address),
    peers: offline ? [] : of.peers,
    ...(offline ? { offline: true } : {}),
  };
  return {
    name: client.layer === "node" ? name : `${name}-${layer}`,
    layer,
    client,
    image: client.release.image,
    version: client.release.version,
    args: client.args(context),
    env: client.env?.(context) ?? {},
    files: client.files?.(context) ?? [],
    prepare: client.prepare?.(context) ?? [],
    ports: context.ports,
    portDefinitions,
    home: context.home,
    stop: client.stop,
    sizing: client.sizing(context.network, kind),
    context,
  };
}
