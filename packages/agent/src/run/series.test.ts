import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import {
  BLOCK_PROBE,
  closeAll,
  type FakeNode,
  fakeInventory,
  fakeNode,
  hashOf,
  inventoryNode,
  until,
} from "../testing/fake-node.fixture";
import { TestAgent } from "../testing/test-agent.fixture";

/** What the agent measures beside heads, as a scraper finds it. */
describe("series of the agent", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-series-"));
  let agent: TestAgent | undefined;
  let nodes: FakeNode[] = [];

  afterEach(async () => {
    await agent?.agent.stop();
    agent = undefined;
    await closeAll();
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function start(count: number, rest: Partial<AgentInventory> = {}): Promise<TestAgent> {
    nodes = await Promise.all(Array.from({ length: count }, () => fakeNode({ hash: hashOf("aa100") })));
    for (const { state } of nodes) state.blocks = { 80: hashOf("c0ffee"), 90: hashOf("beef") };
    const inventory = await fakeInventory(
      nodes.map((node, i) => {
        const made = inventoryNode(`rpc-${i}`, node.url);
        return { ...made, processes: made.processes.map((p) => ({ ...p, dataDir: directory })) };
      }),
      { questions: { fake: BLOCK_PROBE }, checkpointBlocks: 10, reorgBlocks: 3, ...rest },
    );
    agent = await TestAgent.start(inventory);
    return agent;
  }

  /** Values of a series by node. */
  async function values(name: string): Promise<Record<string, number>> {
    const lines = (await agent?.series(name)) ?? [];
    return Object.fromEntries(
      lines.map((line) => [/node="([^"]+)"/.exec(line)?.[1] ?? line.split("{")[0], Number(line.split(" ").at(-1))]),
    );
  }

  const awaited = (name: string, wanted: Record<string, number>) =>
    until(
      `${name} ${JSON.stringify(wanted)}`,
      () => values(name),
      (found) => JSON.stringify(found) === JSON.stringify(wanted),
    );

  it("tells a fork by the hash of the same old block, and its healing", async () => {
    await start(3);
    nodes[2]!.state.blocks[90] = hashOf("dead");
    await awaited("chain_probe_checkpoint_height", { "rpc-0": 90, "rpc-1": 90, "rpc-2": 90 });
    const [ours, theirs] = [Number.parseInt("beef".padEnd(12, "0"), 16), Number.parseInt("dead".padEnd(12, "0"), 16)];
    await awaited("chain_probe_checkpoint_hash48", { "rpc-0": ours, "rpc-1": ours, "rpc-2": theirs });
    // One that lags is asked for a block that it has.
    nodes[1]!.state.height = 99;
    await awaited("chain_probe_checkpoint_height", { "rpc-0": 90, "rpc-1": 80, "rpc-2": 90 });
    expect((await agent!.node("rpc-2")).ready).toBe(true);
  });

  it("counts reorganisations from 0, with their depth", async () => {
    await start(1);
    await awaited("chain_probe_reorgs_total", { "rpc-0": 0 });
    expect(await values("chain_probe_reorg_depth_blocks")).toEqual({});
    const { state } = nodes[0]!;
    Object.assign(state, { height: 101, hash: hashOf("aa101"), blocks: { ...state.blocks, 100: hashOf("aa100") } });
    await awaited("chain_probe_height", { "rpc-0": 101 });
    await until(
      "the look at 100",
      () => state.seen.filter((s) => s.endsWith("block")).length,
      (n) => n >= 2,
    );
    const other = { 100: hashOf("bb100"), 101: hashOf("bb101") };
    Object.assign(state, { height: 102, hash: hashOf("bb102"), blocks: { ...state.blocks, ...other } });
    await awaited("chain_probe_reorgs_total", { "rpc-0": 1 });
    expect(await values("chain_probe_reorg_depth_blocks")).toEqual({ "rpc-0": 2 });
  });

  it("tells faults, the way to the top, and whether the port is open", async () => {
    await start(2);
    for (const { state } of nodes) state.target = 200;
    nodes[1]!.state.broken = true;
    await awaited("chain_probe_fault", { "rpc-0": 0, "rpc-1": 1 });
    expect((await agent!.series("chain_probe_fault"))[0]).toContain('code="BROKEN"');
    await awaited("chain_probe_sync_progress", { "rpc-0": 0.5, "rpc-1": 0.5 });
    nodes[0]!.state.target = 50;
    await awaited("chain_probe_sync_progress", { "rpc-0": 1, "rpc-1": 0.5 });
    nodes[0]!.state.respond = (_, response) => response.writeHead(500).end();
    await nodes[1]!.close();
    await awaited("chain_probe_up", { "rpc-0": 0, "rpc-1": 0 });
    await awaited("chain_probe_reachable", { "rpc-0": 1, "rpc-1": 0 });
  });

  it("tells the disks of those whose data it sees", async () => {
    await start(1);
    await until(
      "a size",
      () => values("chain_disk_size_bytes"),
      (found) => (found["rpc-0"] ?? 0) > 0,
    );
    for (const name of ["avail_bytes", "files", "files_avail", "readonly"]) {
      expect(Object.keys(await values(`chain_disk_${name}`))).toEqual(["rpc-0"]);
    }
  });

  it("counts whether each group could have served, from 0", async () => {
    await start(1);
    const events = async () =>
      (await agent!.series("chain_rpc_events_total")).map((line) => line.replace(/^.*group=/, ""));
    expect((await events()).map((line) => line.replace(/ \d+$/, ""))).toEqual([
      '"rpc",outcome="good"}',
      '"rpc",outcome="bad"}',
    ]);
    await until("good ones", events, ([good = ""]) => Number(good.split(" ")[1]) >= 2);
    await nodes[0]!.close();
    await until("bad ones", events, ([, bad = ""]) => Number(bad.split(" ")[1]) >= 2);
  });

  it("tells where others are, which changes no verdict", async () => {
    const outside = await fakeNode({ height: 90_000 });
    await start(1, { reference: { questions: "fake", probeUrl: outside.url } });
    await awaited("chain_reference_height", { chain_reference_height: 90_000 });
    await awaited("chain_reference_errors_total", { chain_reference_errors_total: 0 });
    expect(await values("chain_network_height")).toEqual({ chain_network_height: 100 });
    expect(await values("chain_node_lag_blocks")).toEqual({ "rpc-0": 0 });
    await outside.close();
    await awaited("chain_reference_height", {});
    expect((await values("chain_reference_errors_total")).chain_reference_errors_total).toBeGreaterThan(0);
  });

  it("drops what belonged to a node or group that is gone", async () => {
    const { inventory } = await start(2);
    await awaited("chain_probe_reorgs_total", { "rpc-0": 0, "rpc-1": 0 });
    await agent!.agent.reload({
      ...inventory,
      nodes: inventory.nodes.slice(0, 1).map((n) => ({ ...n, group: "new" })),
    });
    await awaited("chain_probe_reorgs_total", { "rpc-0": 0 });
    expect((await agent!.series("chain_rpc_events_total")).every((line) => line.includes('group="new"'))).toBe(true);
  });
});
