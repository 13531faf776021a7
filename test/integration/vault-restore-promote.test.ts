import type { AgentInventory } from "../../packages/core/src/index";
import { describeWith, findProgram } from "./find-program";
import { RunningAgent } from "./running-agent";
import { RestoreStack } from "./vault-restore-world";

const restic = findProgram("restic");

describeWith({ restic })("a promoted mirror", () => {
  jest.setTimeout(120_000);
  let stack: RestoreStack;
  let inventory: AgentInventory;
  let agent: RunningAgent;

  beforeAll(async () => {
    stack = await RestoreStack.of(restic ?? "", "rpc-0", "mirror-0");
    for (const name of stack.names) {
      stack.fill(stack.home(name), { height: 10, databases: 2 });
      stack.control("start", name);
    }
    inventory = await stack.inventory();
    agent = await RunningAgent.start(inventory);
    await readyAre("rpc-0", "mirror-0");
  });
  afterAll(async () => {
    await agent?.stop();
    stack.dispose();
  });

  async function readyAre(...names: string[]): Promise<void> {
    const look = async () => (await agent.status()).nodes.filter((node) => node.ready).map((node) => node.name);
    await agent.until("ready", look, (all) => names.every((name) => all.includes(name)));
  }
  async function served(times = 12): Promise<string[]> {
    const by = new Set<string>();
    for (let i = 0; i < times; i++) {
      const answer = await fetch(`http://127.0.0.1:${inventory.proxy?.port}/`, {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", id: i, method: "who" }),
      });
      by.add(answer.status === 200 ? (answer.headers.get("x-chainkeep-node") ?? "nobody") : String(answer.status));
    }
    return [...by].sort();
  }
  const promote = (change = {}) => stack.job(agent, { kind: "promote", node: "mirror-0", ...change });
  const mirrors = async () => (await agent.status()).vault?.mirrors.map((m) => [m.node, m.promoted]);
  /** How often each node has a series of that name. */
  async function series(name: string): Promise<Record<string, number>> {
    const text = await (await agent.get("/metrics")).text();
    const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`));
    const nodes = lines.map((line) => /node="([^"]+)"/.exec(line)?.[1] ?? "");
    return Object.fromEntries([...new Set(nodes)].map((node) => [node, nodes.filter((n) => n === node).length]));
  }

  it("serves nobody before, and its share after", async () => {
    expect(await served()).toEqual(["rpc-0"]);
    expect(await promote()).toMatchObject({ state: "done", result: { node: "mirror-0", group: "rpc" } });
    expect(await served()).toEqual(["mirror-0", "rpc-0"]);
    expect(await mirrors()).toEqual([["mirror-0", true]]);
    // A node that changes its group is one node all the same.
    expect(await series("chain_probe_up")).toEqual({ "rpc-0": 1, "mirror-0": 1 });
  });

  it("serves alone when everybody else is gone, also after the agent was killed", async () => {
    stack.control("stop", "rpc-0");
    agent.signal("SIGKILL");
    await agent.stop();
    agent = await RunningAgent.start(inventory);
    await readyAre("mirror-0");
    await agent.until("requests", served, (by) => by.join() === "mirror-0");
    expect(await mirrors()).toEqual([["mirror-0", true]]);
    stack.control("start", "rpc-0");
    await readyAre("rpc-0");
  });

  it("goes back to what it was, and is promoted no more when it comes back after it was gone", async () => {
    expect(await promote({ undo: true })).toMatchObject({ state: "done" });
    expect(await served()).toEqual(["rpc-0"]);
    await promote();
    expect(await served()).toContain("mirror-0");
    agent.write(JSON.stringify({ ...inventory, nodes: inventory.nodes.filter((n) => n.name !== "mirror-0") }));
    agent.signal("SIGHUP");
    await agent.until(
      "without it",
      () => agent.events("inventory_reloaded").length,
      (count) => count === 1,
    );
    expect(await served()).toEqual(["rpc-0"]);
    agent.write(JSON.stringify(inventory));
    agent.signal("SIGHUP");
    await agent.until(
      "with it",
      () => agent.events("inventory_reloaded").length,
      (count) => count === 2,
    );
    await readyAre("mirror-0");
    expect([await served(), await mirrors()]).toEqual([["rpc-0"], [["mirror-0", false]]]);
  });

  it("is refused while it is not ready", async () => {
    stack.control("stop", "mirror-0");
    await agent.until(
      "not ready",
      async () => (await agent.node("mirror-0")).ready,
      (ready) => !ready,
    );
    expect((await promote()).error).toMatchObject({ code: "PROMOTE_NOT_READY" });
    expect((await stack.job(agent, { kind: "promote", node: "rpc-0" })).error).toMatchObject({ code: "PROMOTE_KIND" });
    expect(await served()).toEqual(["rpc-0"]);
  });
});
