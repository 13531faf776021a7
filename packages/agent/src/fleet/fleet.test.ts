import type { Head, InventoryNode } from "@chainkeep/core";
import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { START, Stage, NOWHERE as url } from "../testing/stage.fixture";

const pair = (name: string): InventoryNode => ({
  ...inventoryNode(name, url),
  processes: [
    {
      name: `${name}-el`,
      layer: "execution",
      client: "geth",
      version: "1",
      questions: "fake",
      probeUrl: url,
      rpcUrl: url,
    },
    { name: `${name}-cl`, layer: "consensus", client: "lighthouse", version: "1", questions: "fake", probeUrl: url },
  ],
});

describe("Fleet", () => {
  it("fails closed after a start: nobody is ready before it was asked, and nothing is called halted", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url), inventoryNode("rpc-1", url)]));
    expect(stage.codes("rpc-0")).toEqual(["NOT_ASKED_YET"]);
    expect(stage.state("rpc-0")).toMatchObject({ ready: false, alive: true });
    expect(stage.fleet.state()).toMatchObject({ halted: false, height: undefined, riseAt: undefined });
    stage.wait(20);
    for (const name of ["rpc-0", "rpc-1"]) stage.answer(name, { timestamp: START / 1000 - 300 });
    expect(stage.fleet.state().halted).toBe(false);
    expect(stage.codes("rpc-0")).toEqual(["HEAD_OLD"]);
  });

  it("sees a halt after half the head-age limit of its own watching, and its end at once", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url), inventoryNode("rpc-1", url)]));
    const both = (head: Partial<Head>) => {
      for (const name of ["rpc-0", "rpc-1"]) stage.answer(name, head);
    };
    const old = { timestamp: START / 1000 };
    both(old);
    for (let i = 0; i < 70; i += 1) {
      stage.wait(1);
      both(old);
    }
    expect(stage.fleet.state().halted).toBe(true);
    expect(stage.state("rpc-0").ready).toBe(true);
    expect(stage.changes.filter((c) => c.kind === "network")).toEqual([{ kind: "network", halted: true, height: 100 }]);
    stage.answer("rpc-0", { height: 101 });
    expect(stage.fleet.state().halted).toBe(false);
    expect(stage.codes("rpc-1")).toEqual(["HEAD_OLD"]);
    expect(stage.changes.at(-1)).toEqual({ kind: "network", halted: false, height: 101 });
  });

  it("judges layers apart, and a node by the worst of its processes", async () => {
    const stage = new Stage(await fakeInventory([pair("full-0"), pair("full-1")]));
    for (const name of ["full-0", "full-1"]) {
      stage.answer(name, { height: 20_000_000 });
      expect(stage.codes(name)).toEqual(["NOT_ASKED_YET"]);
      stage.answer(name, { height: 9_000_000 }, 1);
    }
    expect([stage.state("full-0").ready, stage.state("full-1").ready]).toEqual([true, true]);
    stage.answer("full-1", { height: 8_999_990 }, 1);
    expect(stage.state("full-1")).toMatchObject({
      ready: false,
      reasons: [{ code: "BEHIND", text: "full-1-cl: 10 blocks behind its siblings, limit 3" }],
    });
    expect(stage.state("full-0").ready).toBe(true);
    expect(stage.status().nodes[1]).toMatchObject({ height: 20_000_000, lagBlocks: 0, client: "geth" });
    expect(stage.fleet.state().height).toBe(20_000_000);
    expect([...stage.fleet.state().heights]).toEqual([
      ["execution", 20_000_000],
      ["consensus", 9_000_000],
    ]);
  });

  it("does not hold a second layer to the chain id if its questions do not ask for it", async () => {
    const { chainId: _, ...head } = (await fakeInventory([])).questions.fake!.head;
    const inventory = await fakeInventory([pair("full-0"), pair("full-1")]);
    const questions = { ...inventory.questions, mute: { ...inventory.questions.fake!, head } };
    const nodes = inventory.nodes.map((n) => ({
      ...n,
      processes: n.processes.map((p, i) => (i === 1 ? { ...p, questions: "mute" } : p)),
    }));
    const stage = new Stage({ ...inventory, questions, nodes });
    for (const name of ["full-0", "full-1"]) {
      stage.answer(name, {});
      stage.answer(name, { chainId: undefined }, 1);
    }
    expect(stage.codes("full-0")).toEqual([]);
    stage.answer("full-0", { chainId: undefined });
    expect(stage.codes("full-0")).toEqual(["WRONG_CHAIN"]);
  });

  it("keeps the history of nodes that keep their name, and forgets the others", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url), inventoryNode("rpc-1", url)]));
    stage.answer("rpc-0", {});
    stage.answer("rpc-1", {});
    stage.inventory = { ...stage.inventory, nodes: [inventoryNode("rpc-1", url), inventoryNode("rpc-2", url)] };
    stage.fleet.update(stage.inventory);
    expect([...stage.fleet.state().nodes.keys()]).toEqual(["rpc-1", "rpc-2"]);
    expect(stage.state("rpc-1").ready).toBe(true);
    expect(stage.codes("rpc-2")).toEqual(["NOT_ASKED_YET"]);
  });

  it("tells of changes once: the first word, then each turn", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url)]));
    const turns = () =>
      stage.changes
        .splice(0)
        .map((c) => (c.kind === "node" ? `${c.after.node.name} ready=${c.after.ready} alive=${c.after.alive}` : c));
    stage.wait(1);
    expect(turns()).toEqual([]);
    stage.answer("rpc-0", {});
    stage.answer("rpc-0", { height: 101 });
    expect(turns()).toEqual(["rpc-0 ready=true alive=true"]);
    stage.answer("rpc-0", undefined);
    stage.answer("rpc-0", undefined);
    expect(turns()).toEqual(["rpc-0 ready=false alive=true"]);
    stage.wait(121);
    expect(turns()).toEqual(["rpc-0 ready=false alive=false"]);
    stage.answer("rpc-0", {});
    expect(turns()).toEqual(["rpc-0 ready=true alive=true"]);
  });

  it("one node that claims an impossible height changes nobody else's verdict, from two nodes on", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url), inventoryNode("rpc-1", url)]));
    stage.answer("rpc-0", {});
    stage.answer("rpc-1", {});
    stage.wait(1);
    stage.answer("rpc-1", { height: 3_000_000 });
    expect(stage.codes("rpc-1")).toEqual(["HEIGHT_DOUBTED"]);
    expect(stage.state("rpc-0").ready).toBe(true);
    expect(stage.fleet.state().height).toBe(100);
  });
});
