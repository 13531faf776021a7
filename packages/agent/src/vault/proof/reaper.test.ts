import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { InventoryGuest } from "@chainkeep/core";
import { deadPort, fakeInventory, until } from "../../testing/fake-node.fixture";
import { withGuest } from "./guest";
import { fakeGuest, writeChain } from "./guest-client.fixture";
import { markedBy } from "./guest-process";
import { pidFileOf, readGuestRecord } from "./guest-record";
import { identify, isRunning } from "./process-identity";
import { reapGuests } from "./reaper";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "chainkeep-reaper-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const guestOf = async () => fakeGuest(root, await deadPort());

describe("the reaper", () => {
  const events: string[] = [];
  const world = (of: InventoryGuest, now = Date.now) => ({
    vault: () => ({ lineages: [{ guest: of }] }) as never,
    log: (_: string, event: string) => void events.push(event),
    now,
  });
  /** What a dead agent leaves: a process that nobody waits for, a directory, a record. */
  async function leftover(of: InventoryGuest, change: object = {}) {
    mkdirSync(of.directory, { recursive: true });
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    await new Promise((resolve) => child.once("spawn", resolve));
    const found = identify(child.pid ?? 0);
    const record = {
      schemaVersion: 1,
      job: "job-0",
      agent: { pid: 2 ** 22 + 1, startTime: "never" },
      until: Date.now() / 1000 + 60,
      processes: [{ name: "client", ...found }],
      ...change,
    };
    writeFileSync(pidFileOf(of.directory), JSON.stringify(record));
    return { child, found };
  }

  it("ends and wipes what a dead agent has left, and says so", async () => {
    const of = await guestOf();
    const { child, found } = await leftover(of);
    expect(await reapGuests(world(of))).toEqual([{ directory: of.directory, job: "job-0", pids: [child.pid] }]);
    expect(found && isRunning(found)).toBe(false);
    expect(existsSync(of.directory)).toBe(false);
    expect(await reapGuests(world(of))).toEqual([]);
  });

  it("does not end a process that only has the pid of the one that was meant", async () => {
    const of = await guestOf();
    const { child, found } = await leftover(of);
    try {
      writeFileSync(
        pidFileOf(of.directory),
        JSON.stringify({ ...(await readGuestRecord(of.directory)), processes: [{ ...found, startTime: "earlier" }] }),
      );
      expect(await reapGuests(world(of))).toMatchObject([{ pids: [] }]);
      expect(found && isRunning(found)).toBe(true);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("finds processes by their mark when the record is torn, and guests that the inventory has forgotten", async () => {
    const of = await guestOf();
    const old = path.join(path.dirname(of.directory), "proof-old-full");
    mkdirSync(old, { recursive: true });
    writeFileSync(pidFileOf(old), '{"schemaVersion":1,"jo');
    const env = { ...process.env, CHAINKEEP_GUEST: old };
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      stdio: "ignore",
      env,
    });
    await until(
      "it is marked",
      () => markedBy(old),
      ({ length }) => length === 1,
    );
    expect(await reapGuests(world(of))).toEqual([{ directory: old, job: "", pids: [child.pid] }]);
    expect(existsSync(old)).toBe(false);
  });

  it("leaves a guest alone whose job runs, and that of a living agent until its time is over", async () => {
    const of = await guestOf();
    const inventory = await fakeInventory([]);
    const { signal } = new AbortController();
    const settings = { inventory, job: "job-1", lifetimeSeconds: 60, signal, now: Date.now };
    await withGuest(of, settings, async (guest) => {
      writeChain(of.processes[0]?.home ?? "", { height: 1 });
      await guest.start("offline", signal);
      expect(await reapGuests(world(of))).toEqual([]);
      expect(markedBy(of.directory)).toHaveLength(1);
    });
    const { child } = await leftover(of, { agent: identify(process.ppid) });
    expect(await reapGuests(world(of))).toEqual([]);
    const later = () => Date.now() + 3_600_000;
    expect(await reapGuests(world(of, later))).toMatchObject([{ pids: [child.pid] }]);
  });
});
