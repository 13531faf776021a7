import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { InventoryProcess } from "@chainkeep/core";
import { identify } from "../proof/process-identity";
import { CommandRuntime } from "./command-runtime";

const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-runtime-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A process whose control program is a line of shell, the same for every action. */
function processOf(line: string | readonly string[], graceSeconds = 0): InventoryProcess {
  const command = typeof line === "string" ? ["/bin/sh", "-c", line] : line;
  const vault = { graceSeconds, control: { stop: command, start: command, state: command } };
  return { name: "rpc-0", vault } as unknown as InventoryProcess;
}
const runtime = new CommandRuntime(2000);
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error) => `${error.code}: ${error.message}`,
  );

describe("the runtime of commands", () => {
  it("takes the last line for the answer, whatever is told before", async () => {
    expect(await runtime.isRunning(processOf("echo warming up; echo '{\"running\":false}'"))).toBe(false);
    const stop = `echo '{"ended":"killed","seconds":12}'`;
    expect(await runtime.stop(processOf(stop))).toEqual({ ended: "killed", seconds: 12 });
    await runtime.start(processOf(`echo '{"started":true}'`));
  });

  it.each([
    [1, "RUNTIME_START"],
    [2, "RUNTIME_START"],
    [3, "PROCESS_GONE"],
    [4, "RUNTIME_START"],
    [126, "RUNTIME_START"],
  ])("knows a command that ends with %i as %s, and says what it said", async (exit, code) => {
    const fault = await faultOf(runtime.start(processOf(`echo '{"started":true}'; echo why >&2; exit ${exit}`)));
    expect(fault).toBe(`${code}: cannot start rpc-0: /bin/sh ended with code ${exit}: why`);
  });

  it("knows a process that is gone for every action", async () => {
    const process = processOf("exit 3");
    for (const action of ["stop", "start", "isRunning"] as const)
      expect(await faultOf(runtime[action](process))).toMatch(/^PROCESS_GONE: .* it printed nothing$/);
  });

  it.each([
    ["nothing", ":"],
    ["no JSON", "echo started"],
    ["another answer", `echo '{"started":"yes","running":1,"ended":"gone"}'`],
    ["no object", "echo null"],
  ])("takes %s for no answer", async (_, line) => {
    const process = processOf(line);
    expect(await faultOf(runtime.start(process))).toMatch(/^RUNTIME_START: .*its command answered/);
    expect(await faultOf(runtime.stop(process))).toMatch(/^RUNTIME_STOP: .*its command answered/);
    expect(await faultOf(runtime.isRunning(process))).toMatch(/^RUNTIME_STATE: .*its command answered/);
  });

  it("tells of a command that is not there", async () => {
    const missing = path.join(directory, "none");
    expect(await faultOf(runtime.stop(processOf([missing, "stop"])))).toContain(
      `RUNTIME_STOP: cannot stop rpc-0: ${missing}`,
    );
    expect(await faultOf(runtime.stop({ name: "rpc-0" } as InventoryProcess))).toMatch(
      /^RUNTIME_STOP: .*run pulumi up/,
    );
  });

  it("ends a command that hangs, with what it has started", async () => {
    const [pid, started] = [path.join(directory, "pid"), new CommandRuntime(300)];
    const fault = await faultOf(started.start(processOf(`sleep 60 & echo $! > ${pid}; wait`)));
    expect(fault).toMatch(/^RUNTIME_START: .*was ended by SIGKILL because it did not end in time/);
    const sleeper = Number(readFileSync(pid, "utf8"));
    // The signal is on its way; without it, this test runs out of time.
    while (identify(sleeper)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("gives a stop the grace of the process on top", async () => {
    const quick = new CommandRuntime(200);
    const process = processOf(`sleep 0.6; echo '{"ended":"stopped","running":true}'`, 10);
    expect(await quick.stop(process)).toEqual({ ended: "stopped", seconds: 0 });
    expect(await faultOf(quick.isRunning(process))).toMatch(/in time/);
  });

  it("does not wait for what a command has left running with its output", async () => {
    const pid = path.join(directory, "left");
    const began = Date.now();
    await runtime.start(processOf(`sleep 60 & echo $! > ${pid}; echo '{"started":true}'`));
    process.kill(Number(readFileSync(pid, "utf8")), "SIGKILL");
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it("keeps the marks of a supervisor from what it starts, which would be ended with the agent otherwise", async () => {
    const out = path.join(directory, "env");
    process.env.CHAINKEEP_SUPERVISOR = "s";
    process.env.CHAINKEEP_PROCESS = "agent";
    try {
      await runtime.start(processOf(`env > ${out}; echo '{"started":true}'`));
    } finally {
      delete process.env.CHAINKEEP_SUPERVISOR;
      delete process.env.CHAINKEEP_PROCESS;
    }
    expect(readFileSync(out, "utf8")).toContain("PATH=");
    expect(readFileSync(out, "utf8")).not.toContain("CHAINKEEP_");
  });
});
