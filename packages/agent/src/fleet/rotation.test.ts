import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { Stage, NOWHERE as url } from "../testing/stage.fixture";

describe("Rotation", () => {
  const stage = async () => {
    const made = new Stage(
      await fakeInventory([inventoryNode("rpc-0", url), { ...inventoryNode("val-0", url), servesRpc: false }]),
    );
    made.answer("rpc-0", {});
    made.answer("val-0", {});
    return made;
  };

  it("has ready nodes that serve, and nobody else", async () => {
    const made = await stage();
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(true);
    expect(made.rotation.isIn(made.state("val-0"))).toBe(false);
    made.answer("rpc-0", undefined);
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(false);
  });

  it("takes out a node that could not be reached until the next good answer that was asked for after that", async () => {
    const made = await stage();
    made.rotation.unreachable("rpc-0", "a request failed: connection refused");
    expect(made.status().nodes[0]).toMatchObject({
      ready: true,
      inRotation: false,
      reasons: [{ code: "REQUEST_FAILED", text: "a request failed: connection refused" }],
    });
    // This asking began before the request failed: it proves nothing.
    made.answer("rpc-0", {});
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(false);
    made.wait(1);
    made.answer("rpc-0", undefined);
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(false);
    made.answer("rpc-0", {});
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(true);
    expect(made.status().nodes[0]?.reasons).toEqual([]);
  });

  it("takes out a node that kept silent if another one answered, or at the second time", async () => {
    const made = await stage();
    const isIn = () => made.rotation.isIn(made.state("rpc-0"));
    made.rotation.timedOut("rpc-0", "late", false);
    expect(isIn()).toBe(true);
    made.rotation.answered("rpc-0");
    made.rotation.timedOut("rpc-0", "late", false);
    expect(isIn()).toBe(true);
    made.rotation.timedOut("rpc-0", "late", false);
    expect(isIn()).toBe(false);
    made.wait(1);
    made.answer("rpc-0", {});
    expect(isIn()).toBe(true);
    made.rotation.timedOut("rpc-0", "late", true);
    expect(isIn()).toBe(false);
  });

  it("forgets removed nodes", async () => {
    const made = await stage();
    made.rotation.unreachable("rpc-0", "x");
    made.rotation.keep(new Set());
    expect(made.rotation.isIn(made.state("rpc-0"))).toBe(true);
  });
});
