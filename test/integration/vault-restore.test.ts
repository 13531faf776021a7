import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { AgentInventory, RestoreResult } from "../../packages/core/src/index";
import { describeWith, findProgram } from "./find-program";
import { RunningAgent } from "./running-agent";
import { RestoreStack } from "./vault-restore-world";

const restic = findProgram("restic");
const OLD = { height: 10, databases: 40 };

/** What is ours below a home, less what a restore keeps on purpose. */
const leftovers = (home: string) =>
  readdirSync(home).filter((name) => name.startsWith(".chainkeep-") && !name.startsWith(".chainkeep-before-"));
/** Programs that still write somewhere. */
const writers = (place: string) =>
  execFileSync("ps", ["-eo", "args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("restic") && line.includes(place));

describeWith({ restic })("restores on the disk", () => {
  jest.setTimeout(180_000);
  let stack: RestoreStack;
  let inventory: AgentInventory;
  let agent: RunningAgent | undefined;

  beforeEach(async () => {
    stack = await RestoreStack.of(restic ?? "", "rpc-0", "rpc-1", "mirror-0");
    for (const name of stack.names) {
      stack.fill(stack.home(name), OLD);
      mkdirSync(path.join(stack.home(name), "config"));
      writeFileSync(path.join(stack.home(name), "config/key"), `key of ${name}`);
      stack.control("start", name);
    }
    inventory = await stack.inventory();
  });
  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
    stack.dispose();
  });

  async function startAgent(): Promise<RunningAgent> {
    agent = await RunningAgent.start(inventory);
    return agent;
  }
  const ready = (of: RunningAgent, ...names: string[]) =>
    of.until(
      `${names.join(", ")} ready`,
      async () => (await of.status()).nodes.filter((node) => node.ready).map((node) => node.name),
      (all) => names.every((name) => all.includes(name)),
    );
  const restore = { kind: "restore", node: "rpc-0", point: { newestVerified: true } };

  it("bring a lost node back: its data, its place among the others, and nothing of its keys", async () => {
    const point = await stack.take({ height: 500, databases: 30, bytes: 1000 });
    await stack.take({ height: 600, databases: 30 }, "intact");
    const at = await startAgent();
    await ready(at, "rpc-0", "rpc-1");
    stack.control("stop", "rpc-0");
    rmSync(path.join(stack.home("rpc-0"), "data"), { recursive: true });
    const job = await stack.job(at, restore);
    expect(job).toMatchObject({ state: "done", error: null });
    expect(job.result).toMatchObject({ node: "rpc-0", point: point.id, oldData: [] });
    expect(stack.generation("rpc-0")).toBe(500);
    expect(leftovers(stack.home("rpc-0"))).toEqual([]);
    await ready(at, "rpc-0");
    expect(execFileSync("cat", [path.join(stack.home("rpc-0"), "config/key")], { encoding: "utf8" })).toBe(
      "key of rpc-0",
    );
  });

  it("keep the old data until it is discarded", async () => {
    await stack.take({ height: 500, databases: 30 });
    const at = await startAgent();
    await ready(at, "rpc-0", "rpc-1");
    const job = await stack.job(at, restore);
    const { oldData, downtimeSeconds } = job.result as RestoreResult;
    expect(oldData.map((place) => readdirSync(path.join(place, "data")).length)).toEqual([OLD.databases]);
    expect(downtimeSeconds).toBeLessThan(10);
    const discarded = await stack.job(at, { kind: "discard-old", node: "rpc-0" });
    expect(discarded).toMatchObject({ state: "done", result: { directories: oldData } });
    expect(oldData.filter(existsSync)).toEqual([]);
    expect(stack.mixes()).toBe("");
  });

  it("whose agent is killed while it writes the copy leave the old data, no copy and no program that writes", async () => {
    await stack.take({ height: 500, databases: 60, bytes: 3_000_000 });
    const first = await startAgent();
    await ready(first, "rpc-0", "rpc-1");
    await stack.begin(first, restore);
    const copy = () => readdirSync(stack.home("rpc-0")).find((name) => name.startsWith(".chainkeep-restore-"));
    await first.until(
      "a part of the copy",
      () => existsSync(path.join(stack.home("rpc-0"), copy() ?? "none", "data")),
      Boolean,
    );
    first.signal("SIGKILL");
    await first.stop();
    const at = await startAgent();
    await at.until(
      "recovery",
      () => at.events("restore_was_interrupted"),
      (events) => events.length === 1,
    );
    expect(at.events("restore_was_interrupted")).toMatchObject([{ node: "rpc-0", data: "old" }]);
    expect([leftovers(stack.home("rpc-0")), writers(stack.home("rpc-0"))]).toEqual([[], []]);
    expect([stack.generation("rpc-0"), stack.mixes()]).toEqual([OLD.height, ""]);
    await ready(at, "rpc-0");
    expect(await stack.job(at, restore)).toMatchObject({ state: "done" });
  });

  /** So many that the swap takes a while. */
  const MANY = 3000;
  it.each([
    ["right after the old data began to go", 0, false],
    ["when some of the new data is there", MANY + MANY / 3, false],
    ["in the middle, with the whole machine, whose nodes start before the agent", MANY + MANY / 2, true],
  ])("whose agent is killed in the swap, %s, end with one or the other", async (_, moves, machine) => {
    stack.control("stop", "rpc-0");
    stack.fill(stack.home("rpc-0"), { height: 10, databases: MANY });
    stack.control("start", "rpc-0");
    await stack.take({ height: 500, databases: MANY });
    const first = await startAgent();
    await ready(first, "rpc-0", "rpc-1");
    await stack.begin(first, restore);
    await first.until(
      "the swap",
      () => movesDone(stack.home("rpc-0")),
      (done) => done > moves,
    );
    first.signal("SIGKILL");
    if (machine) for (const name of stack.names) if (name !== "rpc-0") stack.kill(name);
    await first.stop();
    if (machine) for (const name of stack.names) stack.control("start", name);
    const at = await startAgent();
    await at.until(
      "recovery",
      () => at.events("restore_was_interrupted"),
      (events) => events.length === 1,
    );
    const data = at.events("restore_was_interrupted")[0]?.data;
    expect(stack.generation("rpc-0")).toBe(data === "new" ? 500 : 10);
    await ready(at, "rpc-0", "rpc-1");
    expect(stack.generation("rpc-0")).toBe(data === "new" ? 500 : 10);
    expect(leftovers(stack.home("rpc-0"))).toEqual([]);
    // With the machine, the client itself saw a mix and did not start; it was never started on one by us.
    if (!machine) expect(stack.mixes()).toBe("");
  });

  /** Entries that have left their place: old ones, and new ones. */
  function movesDone(home: string): number {
    const [old, fresh] = ["before", "restore"].map((kind) =>
      readdirSync(home).find((name) => name.startsWith(`.chainkeep-${kind}-`)),
    );
    if (old === undefined) return 0;
    const count = (name: string | undefined) => {
      const place = path.join(home, name ?? "none", "data");
      return existsSync(place) ? readdirSync(place).length : 0;
    };
    const aside = count(old);
    return aside < MANY ? aside : MANY + (MANY - count(fresh));
  }

  it("of data that the client refuses go back to the old data by themselves", async () => {
    await stack.take({ height: 500, databases: 30 });
    const spoilt = await stack.take({ height: 700, databases: 29, says: 30 });
    const at = await startAgent();
    await ready(at, "rpc-0", "rpc-1");
    const job = await stack.job(at, { ...restore, point: { id: spoilt.id } });
    expect(job.error).toMatchObject({ code: "RESTORE_ROLLED_BACK" });
    expect([stack.generation("rpc-0"), leftovers(stack.home("rpc-0"))]).toEqual([OLD.height, []]);
    await ready(at, "rpc-0");
  });
});
