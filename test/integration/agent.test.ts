import { spawnSync } from "node:child_process";
import { inventoryOf } from "../../packages/core/src/cluster/inventory-of";
import { CometWorld } from "./comet-world";
import { describeWith, findProgram } from "./find-program";
import { freePort } from "./free-ports";
import { bundledAgent, RunningAgent } from "./running-agent";

const program = findProgram("cometbft");
const promtool = findProgram("promtool");

const VALIDATORS = ["val-0", "val-1", "val-2", "val-3"];
const NODES = [...VALIDATORS, "rpc-0", "rpc-1", "lite-0"];

/** The bundled agent beside a real network, walked through in order: each test leaves it healthy for the next. */
describeWith({ cometbft: program })("the agent beside a network of CometBFT", () => {
  let world: CometWorld;
  let agent: RunningAgent;

  const ready = (name: string, wanted = true, seconds = 60) =>
    agent.until(
      `${name} ready=${wanted}`,
      () => agent.node(name),
      (n) => n.ready === wanted,
      seconds,
    );

  beforeAll(async () => {
    world = await CometWorld.of(program ?? "", { val: ["validator", 4], rpc: ["full", 2], lite: ["light", 1] });
    for (const node of [...VALIDATORS, "rpc-0", "rpc-1"]) await world.start(node);
    await world.start("lite-0");
    const at = async () => ({ host: "127.0.0.1", port: await freePort() });
    const input = { stack: "test", listen: await at(), proxy: await at(), sharesDisks: true };
    // A minute of blocks is too long to wait for in a test.
    agent = await RunningAgent.start({ ...inventoryOf(world.plan, input), checkpointBlocks: 2 });
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await world?.dispose();
  }, 120_000);

  it("finds every node ready, at rising height", async () => {
    for (const name of NODES) await ready(name);
    const { networkState, nodes } = await agent.status();
    expect(networkState.halted).toBe(false);
    for (const node of nodes) {
      expect(node).toMatchObject({ alive: true, reasons: [], syncing: node.kind === "light" ? null : false });
      expect(node.lagBlocks).toBeLessThanOrEqual(3);
    }
    expect((await agent.node("rpc-0")).version).toBe("0.38.19");
    const height = networkState.height ?? 0;
    await agent.until(
      "a higher block",
      () => agent.status(),
      (s) => (s.networkState.height ?? 0) > height + 1,
    );
  }, 120_000);

  it("finds the same old block at every node, at the light proxy as well, and what is left on their disks", async () => {
    const values = async (name: string) => {
      const lines = (await (await agent.get("/metrics")).text()).split("\n").filter((l) => l.startsWith(`${name}{`));
      return lines.map((line) => Number(line.split(" ").at(-1)));
    };
    await agent.until(
      "one height and one hash",
      async () => [await values("chain_probe_checkpoint_height"), await values("chain_probe_checkpoint_hash48")],
      (both) => both.every((found) => found.length === NODES.length && new Set(found).size === 1),
    );
    const disks = await values("chain_disk_avail_bytes");
    expect(disks.filter((bytes) => bytes > 0)).toHaveLength(NODES.length);
    expect(await values("chain_probe_reachable")).toEqual(NODES.map(() => 1));
    expect(await values("chain_probe_reorgs_total")).toEqual(NODES.filter((n) => n !== "lite-0").map(() => 0));
  }, 60_000);

  it("passes requests of users to nodes that serve, also to the light proxy's group", async () => {
    const names = [
      (await agent.ask("/status")).node,
      (await agent.ask("/status")).node,
      (await agent.ask("/status")).node,
    ];
    for (const name of names) expect(["rpc-0", "rpc-1"]).toContain(name);
    expect(await agent.ask("/group/lite/status")).toMatchObject({ code: 200, node: "lite-0" });
    expect((await agent.ask("/group/val/status")).code).toBe(404);
  });

  it("takes a frozen node out within two intervals and a timeout, serves on without it, and takes it back", async () => {
    const { intervalSeconds, timeoutMs } = agent.inventory.probe;
    world.signal("rpc-1", "SIGSTOP");
    try {
      await ready("rpc-1", false, 2 * intervalSeconds + timeoutMs / 1000 + 1);
      expect((await agent.node("rpc-1")).reasons[0]?.code).toBe("NO_ANSWER");
      expect((await agent.get("/ready/rpc-1")).status).toBe(503);
      expect(await (await agent.get("/metrics")).text()).toMatch(/^chain_probe_reachable\{.*node="rpc-1".*\} 1$/m);
      for (let i = 0; i < 4; i += 1) expect(await agent.ask("/status")).toMatchObject({ code: 200, node: "rpc-0" });
    } finally {
      world.signal("rpc-1", "SIGCONT");
    }
    await ready("rpc-1");
  }, 60_000);

  it("sees that the network halts, keeps its nodes in service, and sees it go on", async () => {
    for (const name of ["val-2", "val-3"]) world.signal(name, "SIGSTOP");
    try {
      await agent.until(
        "halted",
        () => agent.status(),
        (s) => s.networkState.halted,
      );
      for (const name of ["val-0", "val-1", "rpc-0", "rpc-1"]) await ready(name);
      expect((await agent.ask("/status")).code).toBe(200);
      expect(await (await agent.get("/metrics")).text()).toContain(
        'chain_network_halted{network="private",stack="test"} 1',
      );
    } finally {
      for (const name of ["val-2", "val-3"]) world.signal(name, "SIGCONT");
    }
    await agent.until(
      "not halted",
      () => agent.status(),
      (s) => !s.networkState.halted,
    );
    for (const name of NODES) await ready(name);
    expect(agent.events("network_halted")).toHaveLength(1);
    expect(agent.events("network_resumed")).toHaveLength(1);
  }, 200_000);

  it("says that a killed node is down, and that it is back", async () => {
    world.signal("rpc-1", "SIGKILL");
    await ready("rpc-1", false);
    expect((await agent.node("rpc-1")).reasons).toEqual([{ code: "NO_ANSWER", text: "connection refused" }]);
    expect(await (await agent.get("/metrics")).text()).toMatch(/^chain_probe_reachable\{.*node="rpc-1".*\} 0$/m);
    await world.start("rpc-1");
    await ready("rpc-1");
  }, 60_000);

  it("keeps the inventory in force when the file is torn, and takes over the next sound one", async () => {
    const text = JSON.stringify(agent.inventory);
    agent.write(text.slice(0, 500));
    agent.signal("SIGHUP");
    await agent.until(
      "a refusal",
      () => agent.events("inventory_refused"),
      (events) => events.length === 1,
    );
    expect(await (await agent.get("/metrics")).text()).toContain("chain_agent_inventory_valid 0");
    expect((await agent.status()).nodes.map((n) => n.name)).toHaveLength(7);
    const nodes = agent.inventory.nodes.filter((n) => n.name !== "rpc-1");
    agent.write(JSON.stringify({ ...agent.inventory, nodes }));
    agent.signal("SIGHUP");
    await agent.until(
      "six nodes",
      () => agent.status(),
      (s) => s.nodes.length === 6,
    );
    const metrics = await (await agent.get("/metrics")).text();
    expect(metrics).toContain("chain_agent_inventory_valid 1");
    expect(metrics).not.toContain('node="rpc-1"');
    expect((await agent.node("rpc-0")).ready).toBe(true);
  }, 60_000);

  it("serves metrics that Prometheus has nothing to say against", async () => {
    if (promtool === undefined) return process.stderr.write("skipped: promtool not found; metrics are not linted\n");
    const input = await (await agent.get("/metrics")).text();
    const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], { input, encoding: "utf8" });
    expect(`${status} ${stdout}${stderr}`).toBe("0 ");
    return undefined;
  });

  it("ends with exit code 0 when it is told to", async () => {
    expect(await agent.stop()).toBe(0);
    expect(agent.events("agent_stopped")).toHaveLength(1);
  }, 30_000);
});

describe("the agent's command line", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bundledAgent(), ...args], { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  it.each([
    [["--help"], 0, "run --inventory FILE"],
    [["run", "--help"], 0, "Exit codes"],
  ])("%j", (args, status, text) => {
    const got = run(...args);
    expect([got.status, got.stderr]).toEqual([status, ""]);
    expect(got.stdout).toContain(text);
  });

  it.each([
    [[], "got no command; use one of run, check, bootstrap, light-trust, watchdog; see --help [AGENT_USAGE]"],
    [["rum"], 'got "rum"; use one of run, check, bootstrap, light-trust, watchdog; did you mean "run"'],
    [["run"], 'run takes --inventory FILE and nothing else; got ""'],
    [["check", "--inventory", "a", "b"], "check takes --inventory FILE and nothing else"],
    [
      ["check", "--inventory", "/nowhere/agent.json"],
      "Inventory /nowhere/agent.json has 1 problem:\n  inventory: is not there",
    ],
  ])("%j is refused with one clear message", (args, text) => {
    const got = run(...args);
    expect([got.status, got.stdout]).toEqual([2, ""]);
    expect(got.stderr).toContain(text);
  });
});
