import { mkdtempSync, rmSync, statfsSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import { fakeInventory, inventoryNode, until } from "../testing/fake-node.fixture";
import { type DiskState, Disks, usualDisks } from "./disks";
import { keyOf } from "./prober";

const PLENTY: DiskState = { availBytes: 5, sizeBytes: 10, files: 100, filesAvail: 50, readonly: false };

async function inventory(
  directories: readonly (string | undefined)[],
  intervalSeconds = 0.05,
): Promise<AgentInventory> {
  const nodes = directories.map((dataDir, i) => {
    const node = inventoryNode(`n-${i}`, "http://127.0.0.1:9");
    return { ...node, processes: node.processes.map((p) => ({ ...p, ...(dataDir ? { dataDir } : {}) })) };
  });
  return fakeInventory(nodes, { probe: { intervalSeconds, timeoutMs: 1000, maxAnswerBytes: 1000 } });
}

describe("Disks", () => {
  let disks: Disks | undefined;
  const looks: string[] = [];

  afterEach(() => {
    disks?.stop();
    looks.length = 0;
  });

  function start(given: AgentInventory, look: (directory: string) => Promise<DiskState>): Disks {
    const counted = (directory: string) => {
      looks.push(directory);
      return look(directory);
    };
    disks = new Disks(given, { look: counted, leastPeriodMs: 20, timeoutMs: 60 });
    disks.start();
    return disks;
  }

  const key = (given: AgentInventory, index: number) => {
    const node = given.nodes[index];
    return node?.processes[0] ? keyOf(node, node.processes[0]) : "";
  };
  const seen = (given: AgentInventory, index: number, what: string, holds: (state?: DiskState) => boolean) =>
    until(what, () => disks?.of(key(given, index)), holds);

  it("tells what is left, looks again and again, and at one directory once for all that use it", async () => {
    const given = await inventory(["/a", "/a", undefined]);
    let avail = 5;
    start(given, async () => ({ ...PLENTY, availBytes: avail }));
    await seen(given, 0, "first figures", (s) => s?.availBytes === 5);
    expect(disks?.of(key(given, 1))).toEqual(disks?.of(key(given, 0)));
    expect(disks?.of(key(given, 2))).toBeUndefined();
    avail = 0;
    await seen(given, 0, "a full disk", (s) => s?.availBytes === 0);
    expect(new Set(looks)).toEqual(new Set(["/a"]));
  });

  it("says nothing of a disk that vanished, and tells again when it is back", async () => {
    const given = await inventory(["/a"]);
    let there = true;
    start(given, async () => (there ? PLENTY : Promise.reject(new Error("ENOENT"))));
    await seen(given, 0, "figures", (s) => s !== undefined);
    there = false;
    await seen(given, 0, "no figures", (s) => s === undefined);
    there = true;
    await seen(given, 0, "figures again", (s) => s !== undefined);
  });

  it("says nothing of a disk that hangs, does not ask it again, and goes on with the others", async () => {
    const given = await inventory(["/hangs", "/a"]);
    let hangs = false;
    start(given, async (directory) => (hangs && directory === "/hangs" ? new Promise(() => {}) : PLENTY));
    await seen(given, 0, "figures", (s) => s !== undefined);
    hangs = true;
    await seen(given, 0, "no figures", (s) => s === undefined);
    const asked = (directory: string) => looks.filter((d) => d === directory).length;
    const [hung, fine] = [asked("/hangs"), asked("/a")];
    await until(
      "further looks",
      () => asked("/a"),
      (n) => n > fine + 3,
    );
    expect(asked("/hangs")).toBe(hung);
    expect(disks?.of(key(given, 1))).toEqual(PLENTY);
  });

  it("keeps no old figures of disks that cannot be looked at because others hang", async () => {
    const given = await inventory(["/a", "/h1", "/h2"]);
    let hangs = false;
    start(given, async () => (hangs ? new Promise(() => {}) : PLENTY));
    await seen(given, 0, "figures", (s) => s !== undefined);
    hangs = true;
    await seen(given, 0, "no figures", (s) => s === undefined);
    expect(looks.length).toBeLessThan(100);
  });

  it("follows the inventory", async () => {
    const given = await inventory(["/a"]);
    start(given, async () => PLENTY);
    await seen(given, 0, "figures", (s) => s !== undefined);
    const moved = await inventory(["/b"]);
    disks?.update(moved);
    looks.length = 0;
    await seen(moved, 0, "figures of the other one", (s) => s !== undefined);
    expect(looks).not.toContain("/a");
    disks?.update(await inventory([undefined]));
    expect(disks?.of(key(moved, 0))).toBeUndefined();
  });
});

describe("usualDisks", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-disk-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("reads a real file system, through symbolic links as well", async () => {
    const link = path.join(directory, "link");
    symlinkSync(directory, link);
    const { look } = usualDisks();
    const { bsize, blocks, files } = statfsSync(directory);
    for (const place of [directory, link]) {
      const state = await look(place);
      expect(state).toMatchObject({ sizeBytes: bsize * blocks, files });
      expect(state.availBytes).toBeGreaterThan(0);
      expect(state.availBytes).toBeLessThanOrEqual(state.sizeBytes);
      if (process.platform === "linux") expect(state.readonly).toBe(false);
    }
  });

  it("says so when there is nothing", async () => {
    await expect(usualDisks().look(path.join(directory, "none"))).rejects.toThrow(/ENOENT/);
  });
});
