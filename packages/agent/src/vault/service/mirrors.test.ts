import type { InventoryNode } from "@chainkeep/core";
import type { FleetState } from "../../fleet/judge";
import { inventoryNode } from "../../testing/fake-node.fixture";
import { Mirrors } from "./mirrors";

const nodes: InventoryNode[] = [
  inventoryNode("rpc-0", "http://x"),
  inventoryNode("mirror-0", "http://x", { kind: "mirror" }),
];

/** The fleet at a second: height of the network, and what the mirror tells. */
function fleet(second: number, height: number | undefined, mirror?: number): FleetState {
  const first = { head: mirror === undefined ? undefined : { height: mirror } };
  const known = nodes.map((node) => [node.name, { node, first }] as const);
  return { height, at: second * 1000, nodes: new Map(known) } as unknown as FleetState;
}

function lagAt(states: readonly FleetState[]) {
  const mirrors = new Mirrors();
  for (const state of states) mirrors.observe(state);
  return mirrors.lags(states.at(-1) as FleetState, nodes, new Set(["mirror-0"]))[0];
}
const network = (seconds: number, mirror?: (second: number) => number | undefined) =>
  Array.from({ length: seconds + 1 }, (_, s) => fleet(s, 100 + s, mirror?.(s)));

describe("Mirrors", () => {
  it("have no lag at the height of the network, also while the network stands", () => {
    expect(lagAt(network(10, (s) => 100 + s))).toEqual({
      node: "mirror-0",
      lagBlocks: 0,
      lagSeconds: 0,
      promoted: true,
    });
    expect(lagAt([...network(10, (s) => 100 + s), fleet(500, 110, 110)])).toMatchObject({ lagSeconds: 0 });
  });

  it("lag by the time since the network passed their height", () => {
    // It stands at 104, which the network passed with 105, five seconds after the start.
    expect(lagAt(network(30, (s) => Math.min(104, 100 + s)))).toMatchObject({ lagBlocks: 26, lagSeconds: 25 });
  });

  it("have what they had while they are down, and it grows old", () => {
    expect(lagAt(network(30, (s) => (s > 4 ? undefined : 100 + s)))).toMatchObject({ lagBlocks: null, lagSeconds: 25 });
  });

  it("tell nothing before they have told a height, nor while nobody knows that of the network", () => {
    expect(lagAt(network(5))).toMatchObject({ lagBlocks: null, lagSeconds: null });
    expect(lagAt([fleet(0, undefined, 7)])).toMatchObject({ lagBlocks: null, lagSeconds: null });
  });

  it("are at least as old as this agent remembers, and memory has a bound", () => {
    const lag = lagAt(network(20_000, () => 1));
    expect(lag?.lagBlocks).toBe(20_099);
    expect(lag?.lagSeconds).toBeGreaterThan(4000);
  });
});
