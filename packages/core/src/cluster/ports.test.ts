import fc from "fast-check";
import { assignPorts, PORTS_PER_NODE, type PortCandidate, portCapacity } from "./ports";

const range = { from: 20000, to: 25999 };
const nodes = (group: string, count: number): PortCandidate[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${group}-${index}`, index }));

describe("portCapacity", () => {
  it.each([
    [20000, 20015, 1],
    [20000, 20014, 0],
    [20000, 20031, 2],
    [20000, 25999, 375],
    [20000, 19999, 0],
  ])("of %d to %d is %d", (from, to, capacity) => {
    expect(portCapacity({ from, to })).toBe(capacity);
  });
});

describe("assignPorts", () => {
  it("gives every node a share of its own inside the range, also when it is full", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 1, max: 200 }),
        (cluster, from, slots) => {
          const to = from + slots * PORTS_PER_NODE - 1;
          const all = [...nodes("rpc", Math.ceil(slots / 2)), ...nodes("v", Math.floor(slots / 2))];
          const bases = [...assignPorts(cluster, all, { from, to }).values()];
          expect(new Set(bases).size).toBe(slots);
          for (const base of bases) {
            expect(base).toBeGreaterThanOrEqual(from);
            expect(base + PORTS_PER_NODE - 1).toBeLessThanOrEqual(to);
            expect((base - from) % PORTS_PER_NODE).toBe(0);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("does not depend on the order in which nodes are listed", () => {
    const all = [...nodes("rpc", 20), ...nodes("v", 20)];
    const forward = assignPorts("c", all, range);
    const backward = assignPorts("c", [...all].reverse(), range);
    expect([...backward].sort()).toEqual([...forward].sort());
  });

  it("moves no node of the same group when it grows, and none of a lower index in others", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }), (before, more) => {
        const others = nodes("v", before);
        const old = assignPorts("c", [...nodes("rpc", before), ...others], range);
        const grown = assignPorts("c", [...nodes("rpc", before + more), ...others], range);
        // The others' indexes are all below the new ones.
        for (const [name, base] of old) expect([name, grown.get(name)]).toEqual([name, base]);
      }),
      { numRuns: 50 },
    );
  });

  it("leaves the places of nodes that stay when others go, but for those that had to step aside", () => {
    const all = [...nodes("rpc", 5), ...nodes("v", 4)];
    const before = assignPorts("devnet", all, range);
    const after = assignPorts("devnet", all.slice(0, -1), range);
    expect([...after].filter(([name, base]) => before.get(name) !== base)).toEqual([]);
  });

  it("never changes from release to release: a node would start again on other ports", () => {
    const bases = assignPorts("devnet", [...nodes("rpc", 2), ...nodes("validators", 2)], range);
    expect(Object.fromEntries(bases)).toEqual({
      "rpc-0": 24832,
      "rpc-1": 20736,
      "validators-0": 24736,
      "validators-1": 20640,
    });
  });
});
