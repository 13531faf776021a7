import type { ClientDefinition, Layer, ProcessContext, SiblingAddress } from "../chains/types";
import { ConfigError, type Problem, show } from "../errors/errors";
import { backupPlan } from "../vault/backup-plan";
import type { ClusterArgs } from "./args";
import { healthLimits, probeTiming } from "./limits";
import { assignPorts, PORTS_PER_NODE, portCapacity } from "./ports";
import type { ClusterSpec, GroupSpec } from "./spec";
import type { ClusterPlan, GroupPlan, NodePlan, ProcessPlan, TargetLayout } from "./types";
import { type ValidateOptions, validateCluster } from "./validate";

/**
 * The plan of a cluster on a target: pure and deterministic, the same args give the same plan.
 *
 * @throws ConfigError with every problem at once, before anything is registered
 */
export function planCluster(
  name: string,
  given: ClusterArgs,
  layout: TargetLayout,
  options: ValidateOptions = {},
): ClusterPlan {
  const spec = validateCluster(name, given, options);
  const { args } = spec;
  const component = options.component ?? "NodeCluster";
  const seats = seatsOf(spec);
  refuseOverflow(spec, seats, layout, component);
  const bases = layout.sharedPorts ? assignPorts(name, seats, layout.sharedPorts) : undefined;
  const addresses = seats.map((seat) => addressOf(spec, seat, layout, bases?.get(seat.name)));
  const places = seats.map((seat, i) => placeOf(spec, seat, layout, addresses, i));
  refuseContexts(spec, places, component);
  const nodes = places.map((place) => planNode(place));
  const settings = args.privateNetwork ?? {};
  const facts = spec.networkFacts;
  const blockTimeSeconds = facts.private
    ? (settings.blockTimeSeconds ?? facts.blockTimeSeconds)
    : facts.blockTimeSeconds;
  const chainId = chainIdOf(spec);
  const timing = probeTiming(facts, args.health);
  const validators = seats.filter((seat) => seat.group.args.kind === "validator").length;
  const plan: Omit<ClusterPlan, "backup"> = {
    name,
    protocol: spec.protocol,
    network: spec.network,
    networkFacts: { ...facts, blockTimeSeconds },
    chainId,
    groups: spec.groups.map((g) => planGroup(g)),
    nodes,
    limits: healthLimits({
      facts,
      blockTimeSeconds,
      nodeCount: nodes.length,
      chainId,
      timing,
      args: args.health ?? {},
    }),
    probe: timing,
    needsSeed: spec.protocol.needsSeed?.(spec.network) ?? false,
    privateNetwork: facts.private
      ? {
          genesisTime: settings.genesisTime ?? "2025-01-01T00:00:00Z",
          blockTimeSeconds,
          genesisValidators: settings.genesisValidators ?? validators,
        }
      : undefined,
  };
  return { ...plan, backup: backupPlan(plan, args.backup, layout) };
}

/** The network's own, or for a private one what the user chose, else the cluster's name. */
function chainIdOf({ name, args, networkFacts: facts }: ClusterSpec): string | undefined {
  return facts.chainId ?? (facts.private ? (args.privateNetwork?.chainId ?? name) : undefined);
}

/** A place for a node: one of a group's nodes, before anything is assigned. */
interface Seat {
  readonly name: string;
  readonly index: number;
  readonly group: GroupSpec;
}

function seatsOf(spec: ClusterSpec): Seat[] {
  return spec.groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, index) => ({ name: `${group.name}-${index}`, index, group })),
  );
}

/** On a shared host: more nodes than ports, and clients that need more than a node's share. */
function refuseOverflow(spec: ClusterSpec, seats: readonly Seat[], layout: TargetLayout, component: string): void {
  if (!layout.sharedPorts) return;
  const problems: Problem[] = [];
  const capacity = portCapacity(layout.sharedPorts);
  if (seats.length > capacity) {
    const { from, to } = layout.sharedPorts;
    const message = `got ${seats.length} nodes, but ports ${from} to ${to} hold ${capacity}; use fewer nodes or a wider hostPorts range`;
    problems.push({ path: "nodes", message, code: "PORTS_EXHAUSTED" });
  }
  for (const group of spec.groups) {
    const needed = group.clients.flatMap((client) => client.ports).length;
    if (needed <= PORTS_PER_NODE) continue;
    const message = `got clients that need ${needed} ports, a node has room for ${PORTS_PER_NODE}; use other clients`;
    problems.push({ path: `nodes.${group.name}`, message, code: "PORTS_PER_NODE" });
  }
  if (problems.length > 0) throw new ConfigError(`${component} ${show(spec.name)}`, problems);
}

function planGroup(group: GroupSpec): GroupPlan {
  const nodes = Array.from({ length: group.count }, (_, index) => `${group.name}-${index}`);
  const { kind, bootstrap } = group.args;
  const from = bootstrap === "newest-verified" ? { bootstrap } : {};
  return { name: group.name, kind, count: group.count, servesRpc: group.servesRpc, ...from, nodes };
}

interface Address extends SiblingAddress {
  /** Ports by layer, then name. */
  readonly layers: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

function addressOf(spec: ClusterSpec, seat: Seat, layout: TargetLayout, base: number | undefined): Address {
  const layers: Record<string, Record<string, number>> = {};
  let next = base;
  for (const client of seat.group.clients) {
    const ports: Record<string, number> = {};
    for (const port of client.ports) {
      ports[port.name] = next ?? port.port;
      if (next !== undefined) next += 1;
    }
    layers[client.layer] = ports;
  }
  return {
    node: seat.name,
    group: seat.group.name,
    kind: seat.group.args.kind,
    host: layout.host(spec.name, seat.name),
    // The head's process comes first and keeps its names where two clients share one.
    ports: Object.assign({}, ...Object.values(layers).reverse()) as Record<string, number>,
    layers,
  };
}

/** A seat with its address and the contexts of its processes. */
interface Place {
  readonly seat: Seat;
  readonly address: Address;
  readonly contexts: readonly { readonly client: ClientDefinition; readonly context: ProcessContext }[];
}

function placeOf(
  spec: ClusterSpec,
  seat: Seat,
  layout: TargetLayout,
  all: readonly Address[],
  position: number,
): Place {
  const contexts = seat.group.clients.map((client) => ({
    client,
    context: contextOf(spec, seat, layout, all, position, client.layer),
  }));
  return { seat, address: all[position] as Address, contexts };
}

/** Asks every client whether it can run where it was put; one line per group and setting, not per node. */
function refuseContexts(spec: ClusterSpec, places: readonly Place[], component: string): void {
  const problems = new Map<string, Problem>();
  for (const { seat, contexts } of places) {
    for (const { client, context } of contexts) {
      for (const p of client.check?.(context) ?? []) {
        const path = `nodes.${seat.group.name}.${p.path}`;
        const got = p.got === undefined ? "missing" : `got ${show(p.got)}`;
        const problem = { path, message: `${got}; use ${p.allowed}; ${p.fix}`, code: p.code };
        if (!problems.has(path)) problems.set(path, problem);
      }
    }
  }
  if (problems.size > 0) throw new ConfigError(`${component} ${show(spec.name)}`, [...problems.values()]);
}

function planNode({ seat, address, contexts }: Place): NodePlan {
  const { layers, ...sibling } = address;
  return {
    name: seat.name,
    group: seat.group.name,
    index: seat.index,
    kind: seat.group.args.kind,
    address: sibling,
    processes: contexts.map(({ client, context }) => planProcess(seat, client, context)),
    servesRpc: seat.group.servesRpc,
  };
}

function contextOf(
  spec: ClusterSpec,
  seat: Seat,
  layout: TargetLayout,
  all: readonly Address[],
  position: number,
  layer: Layer,
): ProcessContext {
  const address = all[position] as Address;
  const chainId = chainIdOf(spec);
  let siblings: readonly SiblingAddress[] | undefined;
  return {
    cluster: spec.name,
    node: seat.name,
    group: seat.group.name,
    index: seat.index,
    kind: seat.group.args.kind,
    network: spec.network,
    ...(chainId === undefined ? {} : { chainId }),
    home: layout.home(spec.name, seat.name, layer),
    shared: layout.home(spec.name, seat.name, undefined),
    listen: layout.listen,
    self: layout.self,
    ports: address.layers[layer] ?? {},
    layers: address.layers,
    // Made when asked for: most clients never look at their siblings, and ten thousand lists of ten thousand are too many.
    get siblings() {
      siblings ??= all.toSpliced(position, 1);
      return siblings;
    },
    peers: seat.group.args.peers ?? [],
    options: seat.group.args.options ?? {},
  };
}

function planProcess(seat: Seat, client: ProcessPlan["client"], context: ProcessContext): ProcessPlan {
  return {
    name: client.layer === "node" ? seat.name : `${seat.name}-${client.layer}`,
    layer: client.layer,
    client,
    image: client.release.image,
    version: client.release.version,
    args: client.args(context),
    env: client.env?.(context) ?? {},
    files: client.files?.(context) ?? [],
    prepare: client.prepare?.(context) ?? [],
    ports: context.ports,
    portDefinitions: client.ports,
    home: context.home,
    stop: client.stop,
    sizing: client.sizing(context.network, context.kind),
    context,
  };
}
