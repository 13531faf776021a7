import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describeWith, findProgram } from "./find-program";
import { RestoreStack } from "./vault-restore-world";

const restic = findProgram("restic");

describeWith({ restic })("a process that takes its data from the vault", () => {
  jest.setTimeout(120_000);
  let stack: RestoreStack;
  let file: string;

  beforeEach(async () => {
    stack = await RestoreStack.of(restic ?? "", "rpc-0", "rpc-1");
    mkdirSync(path.join(stack.home("rpc-0"), "config"), { recursive: true });
    writeFileSync(path.join(stack.home("rpc-0"), "config/key"), "its own key");
    file = path.join(stack.root, "agent.json");
    writeFileSync(file, JSON.stringify(await stack.inventory()));
  });
  afterEach(() => stack.dispose());

  const own = () => readdirSync(stack.home("rpc-0")).filter((name) => name.startsWith(".chainkeep-"));

  it("waits as long as there is no verified point, says so, and has it as soon as there is one", async () => {
    const { said, ended } = stack.bootstrap(file, "rpc-0");
    await until(said, /^chainkeep: .*STORE_MISSING\]/m);
    await stack.take({ height: 500, databases: 5 }, "intact");
    await until(said, /rpc-0 waits, and does not start empty \[POINT_NONE\]/);
    expect(readdirSync(stack.home("rpc-0"))).toEqual(["config"]);
    const point = await stack.take({ height: 400, databases: 5 });
    expect(await ended).toEqual({ code: 0, text: expect.stringContaining(`rpc-0 has the data of ${point.id}`) });
    expect(stack.generation("rpc-0")).toBe(400);
    const again = Date.now();
    expect(await stack.bootstrap(file, "rpc-0").ended).toEqual({ code: 0, text: "" });
    expect(Date.now() - again).toBeLessThan(5000);
    stack.control("start", "rpc-0");
    expect(stack.mixes()).toBe("");
  });

  it("starts over when it is killed while the copy is written, and leaves nothing of the first", async () => {
    await stack.take({ height: 500, databases: 60, bytes: 3_000_000 });
    const { child, ended } = stack.bootstrap(file, "rpc-0");
    await copyBegins();
    child.kill("SIGKILL");
    await ended;
    expect(stack.generation("rpc-0")).toBeUndefined();
    expect((await stack.bootstrap(file, "rpc-0").ended).code).toBe(0);
    expect([stack.generation("rpc-0"), own()]).toEqual([500, [".chainkeep-bootstrap"]]);
    expect(readdirSync(path.join(stack.home("rpc-0"), ".chainkeep-bootstrap"))).toEqual(["done.json"]);
  });

  it("gives its room back and ends at once when it is asked to stop", async () => {
    await stack.take({ height: 500, databases: 60, bytes: 3_000_000 });
    const { child, ended } = stack.bootstrap(file, "rpc-0");
    await copyBegins();
    const asked = Date.now();
    child.kill("SIGTERM");
    expect((await ended).code).toBe(1);
    expect(Date.now() - asked).toBeLessThan(12_000);
    expect(own()).toEqual([]);
  });

  it("takes nothing of another chain than its siblings are on", async () => {
    stack.fill(stack.home("rpc-1"), { height: 10, databases: 1 });
    stack.control("start", "rpc-1");
    await stack.take({ height: 500, databases: 5 }, "progresses", { chainId: "8" });
    const { code, text } = await stack.bootstrap(file, "rpc-0").ended;
    expect([code, text]).toEqual([1, expect.stringContaining("[RESTORE_CHAIN]")]);
    expect(existsSync(path.join(stack.home("rpc-0"), "data"))).toBe(false);
  });

  it("is told how it is used", async () => {
    rmSync(file);
    expect(await stack.bootstrap(file, "rpc-0").ended).toEqual({
      code: 1,
      text: expect.stringContaining("agent.json"),
    });
  });

  async function until(said: () => string, what: RegExp): Promise<void> {
    for (let i = 0; i < 600 && !what.test(said()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(said()).toMatch(what);
  }

  async function copyBegins(): Promise<void> {
    const home = path.join(stack.home("rpc-0"), ".chainkeep-bootstrap");
    const begun = () =>
      existsSync(home) &&
      readdirSync(home).some((name) => name.startsWith("copy-") && existsSync(path.join(home, name, "data")));
    for (let i = 0; i < 6000 && !begun(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(begun()).toBe(true);
  }
});
