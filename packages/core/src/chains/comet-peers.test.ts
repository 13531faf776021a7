import fc from "fast-check";
import { spread } from "./comet-peers";

const ring = (count: number) => Array.from({ length: count }, (_, i) => ({ node: `val-${i}` }));
const names = (nodes: readonly { readonly node: string }[]) => nodes.map((n) => n.node);

describe("anchors that a node dials", () => {
  it("are all of them, but never itself, while they are few", () => {
    expect(names(spread(ring(4), "val-2"))).toEqual(["val-0", "val-1", "val-3"]);
    expect(names(spread(ring(16), "rpc-0"))).toHaveLength(16);
    expect(spread(ring(1), "val-0")).toEqual([]);
  });

  it("are at growing distances around the ring when they are many", () => {
    expect(names(spread(ring(20), "val-18"))).toEqual(["val-19", "val-0", "val-2", "val-6", "val-14"]);
  });

  it("make one network of any number, with few dials each", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (count) => {
        const anchors = ring(count);
        const seen = new Set<string>(["val-0"]);
        const todo = ["val-0"];
        for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
          const dialled = names(spread(anchors, node));
          expect(dialled.length).toBeLessThanOrEqual(16);
          expect(dialled).not.toContain(node);
          expect(new Set(dialled).size).toBe(dialled.length);
          for (const next of dialled.filter((n) => !seen.has(n))) {
            seen.add(next);
            todo.push(next);
          }
        }
        expect(seen.size).toBe(count);
      }),
    );
  });

  it("spread the nodes outside the ring over it", () => {
    const anchors = ring(100);
    const dialled = Array.from({ length: 50 }, (_, i) => names(spread(anchors, `rpc-${i}`))).flat();
    expect(new Set(dialled).size).toBeGreaterThan(80);
  });
});
