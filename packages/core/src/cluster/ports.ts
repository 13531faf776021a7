/** Ports per node on a shared host; room for the largest pair of clients. */
export const PORTS_PER_NODE = 16;

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface PortCandidate {
  readonly name: string;
  readonly index: number;
}

/** How many nodes a range of ports holds. */
export function portCapacity(range: PortRange): number {
  return Math.floor((range.to - range.from + 1) / PORTS_PER_NODE);
}

/**
 * First port of each node on a shared host. The place follows from the node's name, so that nodes which come or go move
 * nobody else; where two names meet, the one with the lower index stays.
 */
export function assignPorts(cluster: string, nodes: readonly PortCandidate[], range: PortRange): Map<string, number> {
  const slots = portCapacity(range);
  const taken = new Set<number>();
  const bases = new Map<string, number>();
  const ordered = [...nodes].sort((a, b) => a.index - b.index || (a.name < b.name ? -1 : 1));
  for (const node of ordered) {
    let slot = hash(`${cluster}/${node.name}`) % slots;
    while (taken.has(slot)) slot = (slot + 1) % slots;
    taken.add(slot);
    bases.set(node.name, range.from + slot * PORTS_PER_NODE);
  }
  return bases;
}

/** FNV-1a, 32 bit: spreads short names well and never changes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
