import type { AgentInventory } from "@chainkeep/core";
import { closeAll, deadPort, fakeNode, inventoryNode } from "../testing/fake-node.fixture";
import { TestAgent, three } from "../testing/test-agent.fixture";

describe("Agent.reload", () => {
  let running: TestAgent | undefined;

  afterEach(async () => {
    await running?.agent.stop();
    running = undefined;
    await closeAll();
  });

  async function start(inventory: AgentInventory): Promise<TestAgent> {
    running = await TestAgent.start(inventory);
    return running;
  }

  it("adds and removes nodes, keeps what is known of the others, and leaves no series behind", async () => {
    const { inventory } = await three();
    const agent = await start(inventory);
    for (const name of ["rpc-0", "rpc-1", "rpc-2"]) await agent.ready(name);
    const added = await fakeNode();
    await agent.agent.reload({
      ...inventory,
      nodes: [...inventory.nodes.slice(0, 2), inventoryNode("rpc-3", added.url)],
    });
    const names = (await agent.status()).nodes.map((n) => [n.name, n.ready]);
    expect(names.slice(0, 2)).toEqual([
      ["rpc-0", true],
      ["rpc-1", true],
    ]);
    await agent.ready("rpc-3");
    expect((await agent.get("/metrics")).text).not.toContain('node="rpc-2"');
    expect(agent.events.find((e) => e.event === "inventory_reloaded")).toMatchObject({
      nodes: 3,
      added: ["rpc-3"],
      removed: ["rpc-2"],
    });
  });

  it("keeps the inventory in force when the new one was refused, and says so", async () => {
    const { inventory } = await three();
    const agent = await start(inventory);
    await agent.ready("rpc-0");
    agent.agent.refused([{ path: "nodes", message: "missing" }]);
    expect(await agent.series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 0"]);
    expect((await agent.node("rpc-0")).ready).toBe(true);
    expect(agent.events.find((e) => e.event === "inventory_refused")).toMatchObject({
      level: "error",
      event: "inventory_refused",
      problems: [{ path: "nodes" }],
    });
    await agent.agent.reload(inventory);
    expect(await agent.series("chain_agent_inventory_valid")).toEqual(["chain_agent_inventory_valid 1"]);
  });

  it("does not move its address, and says so", async () => {
    const { inventory } = await three();
    const agent = await start(inventory);
    const elsewhere = { host: "127.0.0.1", port: await deadPort() };
    await agent.agent.reload({ ...inventory, listen: elsewhere, proxy: { ...inventory.proxy!, ...elsewhere } });
    expect((await agent.get("/healthz")).code).toBe(200);
    expect(agent.events.map((e) => e.event)).toEqual(
      expect.arrayContaining(["listen_unchanged", "proxy_listen_unchanged"]),
    );
  });

  it("opens the proxy when there is one at last, and closes it when there is none any more", async () => {
    const { inventory } = await three();
    const { proxy, ...bare } = inventory;
    const agent = await start(bare);
    await agent.ready("rpc-0");
    const ask = () => fetch(`http://127.0.0.1:${proxy!.port}/x`).then((r) => r.status);
    await expect(ask()).rejects.toThrow();
    await agent.agent.reload(inventory);
    expect(await ask()).toBe(200);
    expect((await agent.status()).proxyUrl).toBe(`http://127.0.0.1:${proxy!.port}`);
    await agent.agent.reload(bare);
    await expect(ask()).rejects.toThrow();
  });
});
