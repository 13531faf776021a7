import type { AgentInventory } from "@chainkeep/core";
import type { FleetState, NodeState } from "../fleet/judge";
import { Rotation } from "../fleet/rotation";
import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { Chooser, destinationOf, groupsOf } from "./choose";

const url = "http://127.0.0.1:9";

function fleet(...states: [name: string, lag: number | undefined, ready?: boolean][]): FleetState {
  const nodes = states.map(([name, lagBlocks, ready = true]) => {
    const node = inventoryNode(name, url);
    const verdict = { alive: true, ready, reasons: [], ...(lagBlocks === undefined ? {} : { lagBlocks }) };
    return { node, ready, alive: true, reasons: [], first: { verdict } } as unknown as NodeState;
  });
  return { nodes: new Map(nodes.map((n) => [n.node.name, n])) } as unknown as FleetState;
}

const names = (states: NodeState[]) => states.map((s) => s.node.name).join(" ");

describe("Chooser", () => {
  it("takes the least behind first, and equals in turn", () => {
    const chooser = new Chooser(new Rotation());
    const state = fleet(["rpc-0", 1], ["rpc-1", 0], ["rpc-2", 0], ["rpc-3", 2], ["rpc-4", 1]);
    expect([1, 2, 3].map(() => names(chooser.order("rpc", state)))).toEqual([
      "rpc-1 rpc-2 rpc-0 rpc-4 rpc-3",
      "rpc-2 rpc-1 rpc-4 rpc-0 rpc-3",
      "rpc-1 rpc-2 rpc-0 rpc-4 rpc-3",
    ]);
  });

  it("takes ready ones of the group only, and those of unknown lag last", () => {
    const chooser = new Chooser(new Rotation());
    const state = fleet(["rpc-0", undefined], ["rpc-1", 0, false], ["archive-0", 0], ["rpc-2", 3]);
    expect(names(chooser.order("rpc", state))).toBe("rpc-2 rpc-0");
    expect(names(chooser.order("none", state))).toBe("");
  });

  it("gives every one of equal nodes the same share", () => {
    const chooser = new Chooser(new Rotation());
    const state = fleet(["rpc-0", 0], ["rpc-1", 0], ["rpc-2", 0]);
    const first = Array.from({ length: 300 }, () => chooser.order("rpc", state)[0]?.node.name);
    expect(["rpc-0", "rpc-1", "rpc-2"].map((n) => first.filter((f) => f === n).length)).toEqual([100, 100, 100]);
  });
});

describe("destinationOf", () => {
  let inventory: AgentInventory;
  beforeAll(async () => {
    const nodes = [
      inventoryNode("rpc-0", url),
      inventoryNode("archive-0", url),
      { ...inventoryNode("val-0", url), servesRpc: false },
    ];
    inventory = await fakeInventory(nodes);
  });

  it.each([
    ["/", { group: "rpc", path: "/" }],
    ["/status?x=1", { group: "rpc", path: "/status?x=1" }],
    ["/groups", { group: "rpc", path: "/groups" }],
    ["/group/archive", { group: "archive", path: "/" }],
    ["/group/archive/", { group: "archive", path: "/" }],
    ["/group/archive/a/b?c=/d", { group: "archive", path: "/a/b?c=/d" }],
    ["/group/archive?c=1", { group: "archive", path: "/?c=1" }],
    ["/group/rpc/status", { group: "rpc", path: "/status" }],
    ["/group/archiv/", { unknown: "archiv" }],
    ["/group/val/", { unknown: "val" }],
    ["/group//", { unknown: "" }],
  ])("%s", (path, expected) => {
    expect(destinationOf(path, inventory)).toEqual(expected);
  });

  it("knows the groups that serve", () => {
    expect(groupsOf(inventory)).toEqual(["rpc", "archive"]);
  });
});
