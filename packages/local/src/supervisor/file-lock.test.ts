import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { withLock } from "./file-lock";
import { identify } from "./process-table";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-lock-"));
  file = path.join(directory, "lock");
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test("one at a time, in order, and a failure does not stop the next", async () => {
  const events: string[] = [];
  const step = (name: string) => async () => {
    events.push(`${name} in`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} out`);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const results = await Promise.allSettled(["a", "b", "c"].map((name) => withLock(file, step(name))));
  expect(events).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(readdirSync(directory)).toEqual([]);
});

test("the lock of a process that has died is broken", async () => {
  const child = spawn("/bin/true");
  const holder = identify(child.pid as number) ?? { pid: child.pid, startTime: "gone" };
  await once(child, "exit");
  writeFileSync(file, JSON.stringify(holder));
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

test("the lock of a process whose pid somebody else has by now is broken", async () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: "earlier" }));
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

test("a lock that was torn by a crash is broken", async () => {
  writeFileSync(file, '{"pid": 1');
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

test("the lock of a living process is waited for", async () => {
  const child = spawn("/bin/sleep", ["1000"]);
  writeFileSync(file, JSON.stringify(identify(child.pid as number)));
  let entered = false;
  const action = withLock(file, async () => {
    entered = true;
  });
  // The candidate's own file lies beside the lock while it waits.
  while (readdirSync(directory).length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toBe(false);
  child.kill();
  await action;
  expect(entered).toBe(true);
});

test("a directory that is not there is an error that names it", async () => {
  const missing = path.join(directory, "no", "lock");
  await expect(withLock(missing, async () => 1)).rejects.toThrow(missing);
});
