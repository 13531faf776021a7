import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { START, Stage, NOWHERE as url } from "../testing/stage.fixture";

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
    stage.wait(11);
    expect(stage.status().nodes[0]).toMatchObject({ ready: false, height: null, lagBlocks: null });
    expect(stage.status().networkState).toMatchObject({ height: null, secondsSinceProgress: 11 });
  });
});
