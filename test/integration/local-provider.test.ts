import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import { type SupervisedProcess, supervisorClient } from "../../packages/local/src/supervisor/client";
import { until } from "../../packages/local/src/supervisor/process-table";
import { describeWith, findProgram } from "./find-program";
import { openWorld, type TrialProcess, type World } from "./local-provider-world";

const pulumiBinary = findProgram("pulumi");
const supervisorBinary = findProgram("process-compose");

const PATIENCE_MS = 30_000;

/** One stack's life, told in order: each test goes on where the last one ended. */
describeWith({ pulumi: pulumiBinary, "process-compose": supervisorBinary })("the local provider", () => {
  jest.setTimeout(180_000);
  let world: World;

  const client = () => supervisorClient(world.stateDir);
  const processes = async () => new Map((await client().list()).map((one) => [one.name, one]));
  const pids = async () => Object.fromEntries([...(await processes()).values()].map(({ name, pid }) => [name, pid]));
  const log = (name: string) => readFileSync(path.join(world.stateDir, "logs", `${name}.log`), "utf8");
  const file = (name: string) => path.join(world.stateDir, "nodes", name);
  const becomes = async (holds: (found: Map<string, SupervisedProcess>) => boolean) => {
    expect(await until(async () => holds(await processes()), PATIENCE_MS)).toBe(true);
  };

  const a: TrialProcess = { say: "a" };
  const expandable = "$HOME {{.X}} $".concat("{PATH}");
  const b: TrialProcess = { say: expandable, config: "one" };
  const c: TrialProcess = { say: "c" };
  const d: TrialProcess = { say: "d" };

  beforeAll(async () => {
    world = await openWorld(pulumiBinary as string, supervisorBinary as string);
  });

  afterAll(async () => {
    await world?.close();
  });

  test("a preview goes through although parts of it are not known yet, and starts nothing", async () => {
    world.plan({ processes: { a, b, c } });
    const { ok, text } = await world.pulumi("preview");
    expect({ ok, text }).toMatchObject({ ok: true, text: expect.stringContaining("8 to create") });
    expect(text).toMatch(/attach -u \S+\.sock/);
    expect(world.marked()).toEqual([]);
  });

  test("up starts everything, and it outlives the plugin", async () => {
    const { ok, text, changes } = await world.up({ processes: { a, b, c } });
    expect({ ok, text }).toMatchObject({ ok: true });
    expect(changes).toEqual({ create: 8 });
    const found = await processes();
    expect([...found.values()].map(({ name, status, restarts }) => [name, status, restarts])).toEqual([
      ["a", "Running", 0],
      ["b", "Running", 0],
      ["c", "Running", 0],
    ]);
    expect(log("b")).toBe(`says ${expandable}\n`);
    expect(world.marked()).toHaveLength(4);
  });

  test("a second up changes nothing and restarts nobody", async () => {
    const before = await pids();
    expect((await world.up({ processes: { a, b, c } })).changes).toEqual({ same: 8 });
    expect(await pids()).toEqual(before);
  });

  test("secrets are in the files and not in the state", async () => {
    expect(readFileSync(`${file("a")}/etc/key`, "utf8")).toBe("key-that-nobody-sees");
    const { text } = await world.pulumi("stack", "export");
    expect(text).toContain("secretFiles");
    expect(text).not.toContain("that-nobody-sees");
  });

  test("a new process leaves the others alone", async () => {
    const before = await pids();
    expect((await world.up({ processes: { a, b, c, d } })).changes).toEqual({ same: 8, create: 2 });
    expect(await pids()).toEqual({ ...before, d: expect.any(Number) });
  });

  test("a changed process restarts alone, and so does one whose digest has changed", async () => {
    const before = await pids();
    const changed = { ...d, say: "d again", more: { restartDigest: "1" } };
    expect((await world.up({ processes: { a, b, c, d: changed } })).changes).toEqual({ same: 9, update: 1 });
    const after = await pids();
    expect(after).toEqual({ ...before, d: expect.any(Number) });
    expect(after.d).not.toBe(before.d);
    expect(log("d")).toContain("says d again\n");
    const digest = { ...changed, more: { restartDigest: "2" } };
    await world.up({ processes: { a, b, c, d: digest } });
    const last = await pids();
    expect(last).toEqual({ ...after, d: expect.any(Number) });
    expect(last.d).not.toBe(after.d);
  });

  test("a reload digest is announced by a signal, to the same process", async () => {
    const before = await pids();
    const reloaded = { ...b, config: "two", more: { reloadDigest: "two" } };
    expect((await world.up({ processes: { a, b: reloaded, c } })).changes).toMatchObject({ update: 2, delete: 2 });
    expect(await until(() => log("b").includes("reloaded\n"), PATIENCE_MS)).toBe(true);
    expect(await pids()).toEqual({ a: before.a, b: before.b, c: before.c });
    expect(readFileSync(`${file("b")}/etc/config`, "utf8")).toBe("two");
    await world.up({ processes: { a, b, c } });
  });

  test("a killed process comes back by itself, which is no change", async () => {
    const before = await pids();
    process.kill(before.a as number, "SIGKILL");
    await becomes((found) => found.get("a")?.status === "Running" && found.get("a")?.pid !== before.a);
    expect(await pids()).toEqual({ ...before, a: expect.any(Number) });
    expect((await world.up({ processes: { a, b, c } }, "--refresh")).changes).toEqual({ same: 8 });
  });

  test("a process that was stopped behind Pulumi's back is missed by refresh and put back by up", async () => {
    const before = await pids();
    await client().stop("b");
    expect((await world.pulumi("refresh", "--yes", "--skip-preview")).ok).toBe(true);
    expect((await world.up({ processes: { a, b, c } })).changes).toEqual({ same: 7, create: 1 });
    const after = await pids();
    expect(after).toEqual({ ...before, b: expect.any(Number) });
  });

  test("files that somebody changed are put back, and nobody restarts", async () => {
    const before = await pids();
    writeFileSync(`${file("a")}/etc/config`, "tampered");
    rmSync(`${file("c")}/etc/key`);
    expect((await world.up({ processes: { a, b, c } }, "--refresh")).changes).toEqual({ same: 6, update: 2 });
    expect(readFileSync(`${file("a")}/etc/config`, "utf8")).toBe("");
    expect(existsSync(`${file("c")}/etc/key`)).toBe(true);
    expect(await pids()).toEqual(before);
  });

  test("a killed supervisor is replaced, and nothing runs twice", async () => {
    const daemon = world.marked().find(({ name }) => name === undefined);
    process.kill(daemon?.pid as number, "SIGKILL");
    const { ok, changes } = await world.up({ processes: { a, b, c } }, "--refresh");
    expect({ ok, changes }).toEqual({ ok: true, changes: { same: 4, create: 4 } });
    const running = await pids();
    expect(Object.keys(running)).toEqual(["a", "b", "c"]);
    const others = world.marked().filter(({ name }) => name !== undefined);
    expect(others.map(({ pid }) => pid).sort()).toEqual(Object.values(running).sort());
    expect((await world.up({ processes: { a, b, c } })).changes).toEqual({ same: 8 });
  });

  test("a process that ends at once fails with its last lines and is not left behind", async () => {
    const { ok, text } = await world.up({ processes: { a, b, c, d: { say: "my last words", ending: "die" } } });
    expect(ok).toBe(false);
    expect(text).toMatch(/command: ended at once with exit code 7; .*\n\s+\| says my last words \[PROCESS_ENDED\]/);
    expect([...(await processes()).keys()]).toEqual(["a", "b", "c"]);
    await world.up({ processes: { a, b, c } });
  });

  test("an update that does not come up fails until it does", async () => {
    const broken = { ...c, ending: "die" as const };
    expect((await world.up({ processes: { a, b, c: broken } })).text).toContain("PROCESS_ENDED");
    expect((await world.up({ processes: { a, b, c: broken } })).text).toContain("PROCESS_ENDED");
    expect((await world.up({ processes: { a, b, c } })).ok).toBe(true);
    expect((await processes()).get("c")?.status).toBe("Running");
    expect((await world.up({ processes: { a, b, c } })).changes).toEqual({ same: 8 });
  });

  test("a port in use is told before anything starts", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { text } = await world.up({ processes: { a, b, c, d: { ...d, more: { ports: [port] } } } });
    server.close();
    expect(text).toContain(`ports[0]: got ${port}, in use by process ${process.pid} (`);
    await world.up({ processes: { a, b, c } });
  });

  test("bad inputs are all told of in a preview", async () => {
    world.plan({ processes: { a: { ...a, more: { graceSeconds: 0, stopSignal: "SIGKILL", grace: 1 } } } });
    const { ok, text } = await world.pulumi("preview");
    expect(ok).toBe(false);
    for (const code of ["GRACE_RANGE", "BAD_SIGNAL", "UNKNOWN_KEY"]) expect(text).toContain(`[${code}]`);
  });

  test("another identity is refused in a preview while the data is there", async () => {
    world.plan({ processes: { a }, identity: "genesis-2" });
    const { ok, text } = await world.pulumi("preview");
    expect(ok).toBe(false);
    expect(text).toMatch(
      /identity: got identity "genesis-2", but \S+a holds data of "genesis-1" \(data\); keep the old seed/,
    );
  });

  test("destroy leaves no process and keeps the data, which still knows its identity", async () => {
    expect((await world.pulumi("destroy", "--yes", "--skip-preview")).ok).toBe(true);
    expect(world.marked()).toEqual([]);
    expect(existsSync(`${file("a")}/data`)).toBe(true);
    expect(existsSync(`${file("a")}/etc`)).toBe(false);
    expect((await world.up({ processes: { a }, identity: "genesis-2" })).text).toContain("IDENTITY_CONFLICT");
  });

  test("purgeData deletes the data too", async () => {
    expect((await world.up({ processes: { a, b, c }, purgeData: true })).ok).toBe(true);
    expect((await world.pulumi("destroy", "--yes", "--skip-preview")).ok).toBe(true);
    expect(world.marked()).toEqual([]);
    expect(["a", "b", "c"].filter((name) => existsSync(file(name)))).toEqual([]);
  });
});
