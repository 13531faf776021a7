import type { AgentInventory, Head, InventoryNode, Observation } from "@chainkeep/core";
import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { Fleet, type FleetChange } from "./fleet";
import { Rotation } from "./rotation";
import { statusDocument } from "./status";

const START = 1_800_000_000_000;

/** A fleet whose clock and answers the test decides. */
class Stage {
  now = START;
  readonly changes: FleetChange[] = [];
  readonly fleet: Fleet;
  readonly rotation = new Rotation(() => this.now);

  constructor(public inventory: AgentInventory) {
    this.fleet = new Fleet(
      inventory,
      (change) => this.changes.push(change),
      () => this.now,
    );
  }

  node(name: string): InventoryNode {
    return this.inventory.nodes.find((n) => n.name === name)!;
  }

  /** An answer of a process: of the node's first one unless named. */
  answer(name: string, head: Partial<Head> | undefined, processIndex = 0): void {
    const node = this.node(name);
    const process = node.processes[processIndex]!;
    const full: Head = {
      height: 100,
      timestamp: this.now / 1000,
      peers: 3,
      syncing: false,
      chainId: "7",
      faults: [],
      ...head,
    };
    const observation: Observation = {
      at: this.now,
      durationMs: 10,
      ...(head ? { head: full } : { error: { kind: "timeout", text: "no answer within 1 s" } }),
    };
    this.rotation.observed({ node, process }, observation);
    this.fleet.observe({ node, process }, observation);
    // Verdicts are allowed to wait a little; tests are not.
    this.fleet.update(this.inventory);
  }

  wait(seconds: number): void {
    this.now += seconds * 1000;
    this.fleet.update(this.inventory);
  }

  state(name: string) {
    return this.fleet.state().nodes.get(name)!;
  }

  codes(name: string): string[] {
    return this.state(name).reasons.map((r) => r.code);
  }

  status() {
    const { inventory, rotation, now } = this;
    return statusDocument({ inventory, fleet: this.fleet.state(), rotation, alerts: [], now });
  }
}

const url = "http://127.0.0.1:9";
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

describe("statusDocument", () => {
  it("says all there is to know of a node, and null where nothing is known", async () => {
    const inventory = await fakeInventory([inventoryNode("rpc-0", url), inventoryNode("rpc-1", url)]);
    const stage = new Stage({ ...inventory, proxy: { ...inventory.proxy!, host: "::1", port: 7781 } });
    stage.answer("rpc-0", { hash: "ab", version: "v1", timestamp: START / 1000 - 2.25 });
    stage.wait(1.04);
    expect(stage.status()).toEqual({
      schemaVersion: 1,
      stack: "test",
      cluster: "toy",
      protocol: "toy",
      network: "main",
      time: START / 1000 + 1,
      networkState: { halted: false, height: 100, secondsSinceProgress: 1 },
      nodes: [
        {
          name: "rpc-0",
          group: "rpc",
          kind: "full",
          client: "fake",
          alive: true,
          ready: true,
          inRotation: true,
          reasons: [],
          height: 100,
          hash: "ab",
          headAgeSeconds: 3.3,
          lagBlocks: 0,
          peers: 3,
          syncing: false,
          version: "v1",
          rpcUrl: url,
        },
        {
          name: "rpc-1",
          group: "rpc",
          kind: "full",
          client: "fake",
          alive: true,
          ready: false,
          inRotation: false,
          reasons: [{ code: "NOT_ASKED_YET", text: "not asked yet" }],
          height: null,
          hash: null,
          headAgeSeconds: null,
          lagBlocks: null,
          peers: null,
          syncing: null,
          version: null,
          rpcUrl: url,
        },
      ],
      alerts: [],
      points: [],
      proxyUrl: "http://[::1]:7781",
    });
  });

  it("does not tell stale heads", async () => {
    const stage = new Stage(await fakeInventory([inventoryNode("rpc-0", url)]));
    stage.answer("rpc-0", {});
    stage.wait(3);
    expect(stage.status().nodes[0]).toMatchObject({ ready: false, height: null, lagBlocks: null });
    expect(stage.status().networkState).toMatchObject({ height: null, secondsSinceProgress: 3 });
  });
});
