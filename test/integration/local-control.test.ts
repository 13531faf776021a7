import { execFile, spawn } from "node:child_process";
import * as path from "node:path";
import { control } from "../../packages/local/src/control/control";
import { supervisorClient } from "../../packages/local/src/supervisor/client";
import { until } from "../../packages/local/src/supervisor/process-table";
import { describeWith, findProgram } from "./find-program";
import { openWorld, type TrialProcess, type World } from "./local-provider-world";

const pulumiBinary = findProgram("pulumi");
const supervisorBinary = findProgram("process-compose");
const PROGRAM = path.resolve(__dirname, "../../packages/local/bin/chainkeep-local-control");

const PATIENCE_MS = 30_000;

/** What an agent does to nodes, and what `pulumi` does at the same time. */
describeWith({ pulumi: pulumiBinary, "process-compose": supervisorBinary })("the control program", () => {
  jest.setTimeout(180_000);
  let world: World;

  const a: TrialProcess = { say: "a" };
  const b: TrialProcess = { say: "b" };
  const deaf: TrialProcess = {
    say: "deaf",
    more: { command: ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], graceSeconds: 1 },
  };
  const status = async (name: string) => (await supervisorClient(world.stateDir).list()).find((p) => p.name === name);
  const at = (name: string) => ["--state-dir", world.stateDir, "--process", name];

  /** As the agent calls it: a child, whose caller is this process. */
  const run = (action: string, name: string, ...more: string[]) =>
    new Promise<{ code: number; out: unknown; err: string }>((resolve) => {
      execFile(process.execPath, [PROGRAM, action, ...at(name), ...more], (error, stdout, stderr) => {
        const out: unknown = stdout === "" ? undefined : JSON.parse(stdout);
        resolve({ code: error === null ? 0 : Number(error.code), out, err: stderr });
      });
    });

  beforeAll(async () => {
    world = await openWorld(pulumiBinary as string, supervisorBinary as string);
    const { ok, text } = await world.up({ processes: { a, b, deaf } });
    expect({ ok, text }).toMatchObject({ ok: true });
  });

  afterAll(async () => {
    await world?.close();
  });

  test("stops a process until it is started, and starts one that runs only once", async () => {
    expect(await run("state", "a")).toMatchObject({ code: 0, out: { running: true } });
    expect(await run("stop", "a")).toMatchObject({ code: 0, out: { ended: "stopped" } });
    expect(await run("state", "a")).toMatchObject({ code: 0, out: { running: false } });
    // Longer than the pause before a start that nobody asked for.
    expect(await until(async () => (await status("a"))?.pid !== undefined, 2_500)).toBe(false);
    expect(await run("stop", "a")).toMatchObject({ code: 0, out: { ended: "stopped" } });
    expect(await run("start", "a")).toMatchObject({ code: 0, out: { started: true } });
    const pid = (await status("a"))?.pid;
    expect(pid).toEqual(expect.any(Number));
    expect(await run("start", "a")).toMatchObject({ code: 0, out: { started: true } });
    expect((await status("a"))?.pid).toBe(pid);
  });

  test("tells a process that had to be killed from one that has ended", async () => {
    expect(await run("stop", "deaf")).toMatchObject({ code: 0, out: { ended: "killed" } });
    expect(await run("start", "deaf")).toMatchObject({ code: 0, out: { started: true } });
    expect((await status("deaf"))?.pid).toEqual(expect.any(Number));
  });

  test("starts a process that is about to end, as soon as it has", async () => {
    const before = (await status("deaf"))?.pid;
    const stopping = run("stop", "deaf");
    expect(await until(async () => (await status("deaf"))?.status === "Terminating", PATIENCE_MS)).toBe(true);
    expect(await run("start", "deaf")).toMatchObject({ code: 0 });
    await stopping;
    expect(await until(async () => (await status("deaf"))?.pid !== undefined, PATIENCE_MS)).toBe(true);
    expect((await status("deaf"))?.pid).not.toBe(before);
  });

  test("tells what it does not know from what failed", async () => {
    const { code, err } = await run("stop", "nobody");
    expect(code).toBe(3);
    expect(err).toContain("[PROCESS_UNKNOWN]");
  });

  test("an up with a refresh leaves a process alone that somebody holds", async () => {
    const other = (await status("b"))?.pid;
    expect(await run("stop", "a", "--hold")).toMatchObject({ code: 0, out: { ended: "stopped" } });
    const { ok, changes } = await world.up({ processes: { a, b, deaf } }, "--refresh");
    expect({ ok, changes }).toEqual({ ok: true, changes: { same: 8 } });
    expect((await status("a"))?.pid).toBeUndefined();
    expect((await status("b"))?.pid).toBe(other);
  });

  test("an up that must restart it waits until it is let go", async () => {
    const changed = { ...a, say: "changed" };
    let done = false;
    const up = world.up({ processes: { a: changed, b: { ...b, say: "too" }, deaf } }).finally(() => {
      done = true;
    });
    const before = (await status("b"))?.pid;
    // The other one is restarted meanwhile.
    expect(await until(async () => ![undefined, before].includes((await status("b"))?.pid), 60_000)).toBe(true);
    expect([done, (await status("a"))?.pid]).toEqual([false, undefined]);
    expect(await run("start", "a")).toMatchObject({ code: 0 });
    expect((await up).ok).toBe(true);
    expect((await status("a"))?.status).toBe("Running");
    expect((await world.up({ processes: { a: changed, b: { ...b, say: "too" }, deaf } })).changes).toEqual({ same: 8 });
  });

  test("a holder that dies holds nothing any more: the next up with a refresh starts the process", async () => {
    const holder = spawn("/bin/sleep", ["600"]);
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    try {
      expect(await control(["stop", ...at("b"), "--hold"], holder.pid as number)).toMatchObject({ code: 0 });
    } finally {
      holder.kill("SIGKILL");
      await gone;
    }
    const { changes } = await world.up(
      { processes: { a: { ...a, say: "changed" }, b: { ...b, say: "too" }, deaf } },
      "--refresh",
    );
    expect(changes).toEqual({ same: 7, create: 1 });
    expect((await status("b"))?.pid).toEqual(expect.any(Number));
  });

  test("a destroy does not wait for a holder, and whoever starts the process later is told that it is gone", async () => {
    expect(await run("stop", "a", "--hold")).toMatchObject({ code: 0 });
    expect((await world.pulumi("destroy", "--yes", "--skip-preview")).ok).toBe(true);
    expect(world.marked()).toEqual([]);
    const { code, err } = await run("start", "a");
    expect(code).toBe(3);
    expect(err).toContain("[SUPERVISOR_GONE]");
  });
});
