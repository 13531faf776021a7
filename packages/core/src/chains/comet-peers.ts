import { createHash } from "node:crypto";
import { hostPort } from "./addresses";
import type { CometPeers } from "./comet-config";
import type { DeriveContext, SiblingAddress } from "./types";

type Process = DeriveContext["processes"][number];

/** Up to so many anchors, everybody dials all of them. */
const MESH = 16;

/** Of a node that must find nobody. */
export const NOBODY: CometPeers = { persistent: [], seeds: [], privateIds: [], unconditionalIds: [], pex: false };

/** Nodes that others hold on to. They follow from the genesis, so that a node that is added later changes nobody's list. */
export interface CometTopology {
  readonly validators: readonly Process[];
  readonly sentries: readonly Process[];
  readonly seeds: readonly Process[];
  /** Sentries where there are any, else the genesis validators. */
  readonly anchors: readonly Process[];
  readonly addresses: ReadonlyMap<string, SiblingAddress>;
}

/** Nodes that run consensus, in the order that decides who is in the genesis: by group, then index. */
export function cometNodes(processes: readonly Process[]): readonly Process[] {
  return processes
    .filter((p) => p.kind !== "light")
    .sort((a, b) => (a.group === b.group ? a.index - b.index : a.group < b.group ? -1 : 1));
}

export function cometTopology(processes: readonly Process[], genesisValidators: number): CometTopology {
  const nodes = cometNodes(processes);
  const validators = nodes.filter((p) => p.kind === "validator").slice(0, genesisValidators);
  const sentries = nodes.filter((p) => p.kind === "sentry");
  const seeds = nodes.filter((p) => p.kind === "seed");
  const anchors = sentries.length > 0 ? sentries : validators;
  return { validators, sentries, seeds, anchors, addresses: addressesOf(processes) };
}

/** Every node stands in somebody's list of siblings: two lists hold them all. */
function addressesOf(processes: readonly Process[]): ReadonlyMap<string, SiblingAddress> {
  const first = processes[0];
  const other = processes.find((p) => p.node !== first?.node);
  const own = other?.siblings.filter((s) => s.node === first?.node) ?? [];
  return new Map([...own, ...(first?.siblings ?? [])].map((address) => [address.node, address]));
}

/**
 * Whom a node dials. With sentries, validators dial these only and tell nobody; sentries dial the genesis validators too (who
 * was away longest dials first), keep their addresses to themselves and always let them in. Everybody else dials the anchors.
 */
export function cometPeersOf(self: Process, topology: CometTopology, idOf: (node: string) => string): CometPeers {
  if (self.offline) return NOBODY;
  const { validators, sentries, seeds, anchors, addresses } = topology;
  const dial = (node: Process) => {
    const address = addresses.get(node.node);
    return address === undefined ? [] : [`${idOf(node.node)}@${hostPort(address.host, address.ports.p2p)}`];
  };
  const hidden = self.kind === "validator" && sentries.length > 0;
  const wards = self.kind === "sentry" ? validators : [];
  const guarded = wards.map((v) => idOf(v.node));
  return {
    persistent: [...[...spread(anchors, self.node), ...spread(wards, self.node)].flatMap(dial), ...self.peers],
    seeds: hidden || self.kind === "seed" ? [] : seeds.flatMap(dial),
    privateIds: guarded,
    unconditionalIds: guarded,
    pex: !hidden,
  };
}

/**
 * The anchors that a node dials: all of them, or of many those at distances 1, 2, 4, ... from its own place on the ring.
 * The ring hangs together, nobody holds hundreds of connections, and the place of a node outside it follows from its name.
 */
export function spread<T extends { readonly node: string }>(anchors: readonly T[], self: string): readonly T[] {
  if (anchors.length <= MESH) return anchors.filter((a) => a.node !== self);
  const own = anchors.findIndex((a) => a.node === self);
  const start = own >= 0 ? own : createHash("sha256").update(self).digest().readUInt32BE() % anchors.length;
  const picked: T[] = [];
  for (let distance = 1; distance < anchors.length; distance *= 2) {
    const anchor = anchors[(start + distance) % anchors.length];
    if (anchor) picked.push(anchor);
  }
  return picked;
}
