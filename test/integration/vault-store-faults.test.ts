import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import * as path from "node:path";
import { describeWith } from "./find-program";
import { codeOf, restic, StoreWorld } from "./vault-store-world";

jest.setTimeout(90_000);

describeWith({ restic })("a restic repository that something happens to", () => {
  let world: StoreWorld;
  beforeEach(() => {
    world = new StoreWorld();
  });
  afterEach(() => world.end());

  it("takes away the lock of a dead process, and tells who holds it when the process lives", async () => {
    world.fill(2, 1000);
    const store = world.store();
    await store.ensure();
    const child = await world.lockHolder();
    // A backup does not mind another one; to free room, nobody else may be there.
    await store.capture(world.request());
    const refused = store.remove([], true);
    await expect(refused).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining(`PID ${child.pid}`),
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    await store.remove([], true);
    expect(world.logged).toContain("vault_lock_removed");
    await store.ensure();
  });

  it("finds a flipped bit when everything is read, checked or restored, and lists its points all the same", async () => {
    world.fill(3, 300_000);
    const store = world.store();
    await store.ensure();
    const capture = await store.capture(world.request());
    const point = world.point(capture.snapshot, { sizeBytes: capture.bytes });
    await store.putRecord(point);
    flip(largestOf(world.packs()), 100_000);
    expect(await codeOf(store.readAll(point))).toBe("STORE_CORRUPT");
    expect(await codeOf(store.check({ n: 1, t: 7 }))).toBe("STORE_CORRUPT");
    const target = path.join(world.directory, "restored");
    expect(await codeOf(store.fetch({ point, process: "rpc-0", target }))).toBe("STORE_CORRUPT");
    expect((await store.records()).points).toEqual([point]);
    // The next point is whole, and brings back what the earlier one has lost.
    const next = await store.capture(world.request({ attempt: "attempt-2" }));
    await store.readAll(world.point(next.snapshot, { sizeBytes: next.bytes }));
    await store.readAll(point);
    await store.check({ n: 1, t: 1 });
  });

  it("finds a file of the repository that is gone, and takes a whole point afterwards", async () => {
    world.fill(3, 300_000);
    const store = world.store();
    await store.ensure();
    const capture = await store.capture(world.request());
    const point = world.point(capture.snapshot, { sizeBytes: capture.bytes });
    await store.putRecord(point);
    rmSync(largestOf(world.packs()));
    const target = path.join(world.directory, "restored");
    for (const look of [
      () => store.readAll(point),
      () => store.check({ n: 1, t: 7 }),
      () => store.fetch({ point, process: "rpc-0", target }),
    ]) {
      expect(await codeOf(look())).toBe("STORE_CORRUPT");
    }
    const warm = await store.warm(world.request({ attempt: "attempt-2" }));
    const next = await store.capture(world.request({ attempt: "attempt-2", parent: warm.snapshot }));
    await store.readAll(world.point(next.snapshot, { sizeBytes: next.bytes }));
  });

  it("finds a damaged directory, of which restic itself says nothing", async () => {
    world.fill(3, 300_000);
    const store = world.store();
    await store.ensure();
    const capture = await store.capture(world.request());
    const trees = world.packs().sort((a, b) => statSync(a).size - statSync(b).size)[0] as string;
    for (let at = 0; at < statSync(trees).size - 200; at += 64) flip(trees, at);
    rmSync(path.join(world.directory, "agent", "restic"), { recursive: true });
    expect(await codeOf(store.readAll(world.point(capture.snapshot)))).toBe("STORE_CORRUPT");
  });

  it("tells of a damaged snapshot, which restic leaves out of its list", async () => {
    world.fill(1, 1000);
    const store = world.store();
    await store.ensure();
    const { snapshot } = await store.capture(world.request());
    await store.putRecord(world.point(snapshot));
    const folder = path.join(world.destination.repository, "snapshots");
    const record = readdirSync(folder).find((name) => name !== snapshot) as string;
    flip(path.join(folder, record), 50);
    rmSync(path.join(world.directory, "agent", "restic"), { recursive: true });
    expect(await store.records()).toEqual({
      points: [],
      torn: [{ snapshot: record, text: expect.stringContaining("invalid data") }],
    });
    // Its data may be all that is left of the point.
    await store.forgetAttempt("attempt-1");
    await store.digest(snapshot);
  });

  it("has the newest of two versions of a record, and tells of those that it cannot read", async () => {
    world.fill(1, 1000);
    const store = world.store();
    await store.ensure();
    const { snapshot } = await store.capture(world.request());
    const point = world.point(snapshot);
    await store.putRecord(point);
    await store.putRecord({ ...point, sizeBytes: 5 });
    expect((await store.records("devnet")).points).toEqual([{ ...point, sizeBytes: 5 }]);
    expect((await store.records("other")).points).toEqual([]);
    const raw = (text: string, id: string) =>
      store.restic.run({
        args: [
          "backup",
          "--stdin",
          "--stdin-filename",
          "point.json",
          "--tag",
          `chainkeep,record,cluster=devnet,point=${id}`,
        ],
        input: text,
      });
    // After a crash between the two steps of a rewrite there are two versions.
    await raw(JSON.stringify({ ...point, sizeBytes: 9 }), point.id);
    await raw('{"schemaVersion":1,"id":"to', "torn-1");
    await raw('{"schemaVersion":2}', "later-1");
    const { points, torn } = await world.store({ agent: "another" }).records();
    expect(points.map((found) => found.sizeBytes)).toEqual([9]);
    expect(torn.map(({ text }) => text).sort()).toEqual([
      expect.stringContaining("schema 2"),
      expect.stringContaining("torn"),
    ]);
    await store.putRecord({ ...point, sizeBytes: 10 });
    expect((await store.records()).points.map((found) => found.sizeBytes)).toEqual([10]);
  });

  it("forgets what an attempt has left, and no data that has a record", async () => {
    world.fill(2, 1000);
    const store = world.store();
    await store.ensure();
    const warm = await store.warm(world.request());
    const first = await store.capture(world.request({ parent: warm.snapshot }));
    const point = world.point(first.snapshot, { lockedUntil: null });
    await store.putRecord(point);
    const second = await store.capture(world.request({ attempt: "attempt-2" }));
    await store.forgetAttempt("attempt-1");
    await store.forgetAttempt("attempt-2");
    await store.readAll(point);
    for (const gone of [warm.snapshot, second.snapshot]) expect(await codeOf(store.digest(gone))).not.toBe("no error");
    const later = { ...point, lockedUntil: 4_000_000_000 };
    expect(await codeOf(store.remove([later], true))).toBe("POINT_LOCKED");
    await store.remove([point], true);
    expect((await store.records()).points).toEqual([]);
    expect(world.packs()).toEqual([]);
  });

  it("copies points to another place, where they are listed and restored without the first one", async () => {
    world.fill(3, 100_000);
    const store = world.store();
    const offsite = world.store({ destination: world.at("offsite") });
    await store.ensure();
    await offsite.ensure();
    const capture = await store.capture(world.request());
    const point = world.point(capture.snapshot);
    await store.putRecord(point);
    const snapshot = await store.copyTo(offsite, point);
    // Once more makes no second one.
    expect(await store.copyTo(offsite, point)).toBe(snapshot);
    expect(await offsite.digest(snapshot)).toBe(await store.digest(capture.snapshot));
    const known = { ...point, copies: [{ destination: "offsite", at: 1, snapshot }] };
    rmSync(world.destination.repository, { recursive: true });
    const alone = world.store({ destination: world.at("offsite"), agent: "another" });
    const [found] = (await alone.records("devnet")).points;
    for (const from of [known, found as typeof known]) {
      const target = path.join(world.directory, `restored-${from === known}`);
      await alone.fetch({ point: from, process: "rpc-0", target });
      expect(world.contents(target)).toEqual(world.contents(world.home));
    }
  });
});

const isRoot = process.getuid?.() === 0 && process.platform === "linux";

describeWith({ restic, ...(isRoot ? {} : { "root on Linux": undefined }) })(
  "a repository on a disk that is full",
  () => {
    let world: StoreWorld;
    beforeEach(() => {
      world = new StoreWorld();
    });
    afterEach(() => {
      execFileSync("umount", [path.join(world.directory, "disk")]);
      world.end();
    });

    it("says so, keeps the points that it has, and takes new ones once old ones are deleted", async () => {
      const disk = path.join(world.directory, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]);
      const destination = { repository: path.join(disk, "repository") };
      const store = world.store({ destination });
      await store.ensure();
      world.fill(8, 1_000_000);
      const first = await store.capture(world.request());
      const point = world.point(first.snapshot, { sizeBytes: first.bytes });
      await store.putRecord(point);
      world.fill(20, 1_000_000);
      const full = store.capture(world.request({ attempt: "attempt-2" }));
      await expect(full).rejects.toMatchObject({ code: "STORE_FULL", message: expect.stringContaining(disk) });
      await store.forgetAttempt("attempt-2");
      await store.readAll(point);
      expect((await store.room()).freeBytes).toEqual(expect.any(Number));
      await store.remove([point], true);
      expect((await store.room()).usedBytes).toBeLessThan(1_000_000);
      world.fill(2, 1_000_000);
      await store.capture(world.request({ attempt: "attempt-3" })).catch((error) => {
        expect(error).toBeUndefined();
      });
    });

    it("deletes points although not one byte is left", async () => {
      const disk = path.join(world.directory, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", disk]);
      const store = world.store({ destination: { repository: path.join(disk, "repository") } });
      await store.ensure();
      world.fill(3, 1_000_000);
      const { snapshot } = await store.capture(world.request());
      const point = world.point(snapshot);
      await store.putRecord(point);
      const others = path.join(disk, "somebody-elses");
      expect(() => execFileSync("dd", ["if=/dev/zero", `of=${others}`, "bs=4096"], { stdio: "ignore" })).toThrow();
      // What is there is read without a lock, for which there is no room.
      expect((await store.records()).points).toEqual([point]);
      await store.readAll(point);
      expect(await codeOf(store.capture(world.request({ attempt: "attempt-2" })))).toBe("STORE_FULL");
      await store.putRecord({ ...point, sizeBytes: 1 });
      await store.remove([point], true);
      expect((await store.records()).points).toEqual([]);
      expect((await store.room()).freeBytes).toBeGreaterThan(3_000_000);
    });

    it("says that it is read-only", async () => {
      const disk = path.join(world.directory, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk]);
      const store = world.store({ destination: { repository: path.join(disk, "repository") } });
      await expect(store.ensure()).rejects.toMatchObject({
        code: "STORE_DIRECTORY",
        message: expect.stringContaining("read-only"),
      });
    });
  },
);

function largestOf(files: string[]): string {
  return files.sort((a, b) => statSync(b).size - statSync(a).size)[0] as string;
}

function flip(file: string, offset: number): void {
  const handle = openSync(file, "r+");
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, offset);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(handle, byte, 0, 1, offset);
  closeSync(handle);
}
