import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { hold, holderOf, release, untilReleased } from "./hold";
import { type Identified, identify } from "./process-table";

let stateDir: string;
const me = identify(process.pid) as Identified;
const dead: Identified = { pid: process.pid, startTime: "before the last boot" };

beforeEach(() => {
  stateDir = mkdtempSync(path.join(tmpdir(), "chainkeep-hold-"));
});

afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

test("a process is held until it is released", async () => {
  await hold(stateDir, "rpc-0", me);
  expect(await holderOf(stateDir, "rpc-0")).toEqual(me);
  expect(await holderOf(stateDir, "rpc-1")).toBeUndefined();
  await release(stateDir, "rpc-0");
  expect(await holderOf(stateDir, "rpc-0")).toBeUndefined();
  expect(readdirSync(path.join(stateDir, "holds"))).toEqual([]);
});

test("nobody waits for a holder that has died, also when its pid is somebody else's by now", async () => {
  await hold(stateDir, "rpc-0", dead);
  expect(await holderOf(stateDir, "rpc-0")).toBeUndefined();
  await expect(untilReleased(stateDir, "rpc-0", 0)).resolves.toBeUndefined();
});

test("a torn file holds nothing", async () => {
  await hold(stateDir, "rpc-0", me);
  writeFileSync(path.join(stateDir, "holds", "rpc-0.json"), '{"pid":');
  expect(await holderOf(stateDir, "rpc-0")).toBeUndefined();
});

test("whoever waits goes on as soon as it is released, and is told of who does not let go", async () => {
  await hold(stateDir, "rpc-0", me);
  await expect(untilReleased(stateDir, "rpc-0", 0)).rejects.toThrow(
    new RegExp(`is kept stopped by process ${process.pid}, .* wait until .*\\[PROCESS_HELD\\]`),
  );
  const waiting = untilReleased(stateDir, "rpc-0", 10_000);
  await release(stateDir, "rpc-0");
  await expect(waiting).resolves.toBeUndefined();
});
