import type { InventoryNode, InventoryProcess } from "@chainkeep/core";
import { VaultError } from "../vault-error";
import { startAlways } from "./restart";

const NODE = { name: "rpc-0", processes: [{ name: "el" }, { name: "cl" }] } as unknown as InventoryNode;
const gone = () => new VaultError("PROCESS_GONE", "no such process");

/** Starts a node of two processes; each call takes the next fault of its process. */
function starting(faults: Record<string, VaultError[] | VaultError>, patienceMs?: number) {
  const calls: string[] = [];
  const start = async ({ name }: InventoryProcess) => {
    calls.push(name);
    const own = faults[name];
    const fault = Array.isArray(own) ? own.shift() : own;
    if (fault) throw fault;
  };
  const runtime = { start, stop: jest.fn(), isRunning: jest.fn() };
  return { calls, work: startAlways({ runtime, log: () => {} }, NODE, 1, patienceMs) };
}

describe("startAlways", () => {
  it("gives up on a process that is gone for good, and has started the other one", async () => {
    const { calls, work } = starting({ el: gone() });
    await expect(work).rejects.toMatchObject({ code: "PROCESS_GONE", message: expect.stringContaining("given up") });
    expect(calls.filter((name) => name === "el")).toHaveLength(5);
    expect(calls.filter((name) => name === "cl")).toHaveLength(1);
  });

  it("takes a supervisor that comes back for what it is", async () => {
    const faults = [gone(), gone(), gone(), gone(), new VaultError("RUNTIME_START", "comes up"), gone(), gone()];
    const { calls, work } = starting({ el: faults });
    await work;
    expect(calls.filter((name) => name === "el")).toHaveLength(8);
  });

  it("tries the other process, too, before it is out of patience", async () => {
    const { calls, work } = starting({ el: new VaultError("RUNTIME_START", "never") }, 0);
    await expect(work).rejects.toMatchObject({ code: "RUNTIME_START" });
    expect(calls).toEqual(["el", "cl"]);
  });
});
