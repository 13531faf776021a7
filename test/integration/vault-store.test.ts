import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { VaultProgress } from "../../packages/core/src/index";
import { describeWith } from "./find-program";
import { codeOf, restic, StoreWorld } from "./vault-store-world";

jest.setTimeout(60_000);

describeWith({ restic })("points in a restic repository", () => {
  let world: StoreWorld;
  beforeEach(() => {
    world = new StoreWorld();
  });
  afterEach(() => world.end());

  it("copies a node warm and still, and gives back the same bytes without its keys", async () => {
    world.fill(20, 200_000);
    writeFileSync(world.data("key-of-mine"), "secret");
    const store = world.store();
    await store.ensure();
    const warm = await store.warm(world.request());
    world.append("000003.sst", "more");
    world.fill(2, 100_000, "new");
    const steps: string[] = [];
    const capture = await store.capture(
      world.request({
        parent: warm.snapshot,
        onPrepared: async () => {
          // Written between the preparations and the stop: it belongs to the copy.
          world.append("000004.sst", "last words");
          steps.push("stopped");
        },
      }),
    );
    expect(steps).toEqual(["stopped"]);
    expect(capture.files).toBe(22);
    expect(capture.bytes).toBe(20 * 200_000 + 2 * 100_000 + "more".length + "last words".length);
    expect(capture.addedBytes).toBeLessThan(warm.addedBytes);
    const point = world.point(capture.snapshot, { sizeBytes: capture.bytes });
    const files: string[] = [];
    for await (const file of store.files(capture.snapshot)) files.push(path.basename(file.path));
    expect(files).toHaveLength(22);
    expect(files.filter((name) => name.startsWith("key-"))).toEqual([]);
    expect(await store.digest(capture.snapshot)).toMatch(/^[0-9a-f]{64}$/);

    const target = path.join(world.directory, "restored");
    const fetched = await store.fetch({ point, process: "rpc-0", target });
    expect(fetched.bytes).toBe(capture.bytes);
    rmSync(world.data("key-of-mine"));
    expect(world.contents(target)).toEqual(world.contents(world.home));
    await store.readAll(point);
    await store.check({ n: 1, t: 7 });
  });

  it("copies nothing where the node could not be stopped, and leaves no lock", async () => {
    world.fill(3, 1000);
    const store = world.store();
    await store.ensure();
    const refused = store.capture(world.request({ onPrepared: () => Promise.reject(new Error("does not stop")) }));
    await expect(refused).rejects.toThrow("does not stop");
    await store.remove([], true);
    const capture = await store.capture(world.request());
    await store.putRecord(world.point(capture.snapshot));
    expect((await store.records()).points.map((point) => point.id)).toEqual(["devnet-7-20261125T030000Z"]);
  });

  it("takes it as it comes that files vanish under a running node", async () => {
    world.fill(300, 20_000);
    const store = world.store();
    await store.ensure();
    const vanish = () => {
      for (let i = 100; i < 300; i++) rmSync(world.data(`${String(i).padStart(6, "0")}.sst`));
    };
    const warm = await store.warm(world.request({ onChild: vanish }));
    expect(warm.files).toBe(100);
  });

  it("makes no point of a node that stands still with a file that cannot be read", async () => {
    world.fill(3, 1000);
    const store = world.store();
    await store.ensure();
    const vanish = () => rmSync(path.join(world.home, "data"), { recursive: true });
    const code = await codeOf(store.capture(world.request({ onChild: vanish })));
    expect(["STORE_READ", "STORE_FAILED"]).toContain(code);
  });

  it("is stopped by nothing that is missing: a point of nothing is an error", async () => {
    const store = world.store();
    await store.ensure();
    expect(await codeOf(store.capture(world.request()))).toBe("CAPTURE_EMPTY");
    expect(await codeOf(store.warm(world.request()))).toBe("CAPTURE_EMPTY");
    world.fill(1, 10);
    symlinkSync("/var/lib/elsewhere", world.data("ancient"));
    await expect(store.capture(world.request())).rejects.toThrow(/ancient: a link to \/var\/lib\/elsewhere/);
  });

  it("says what is wrong with the password, the place and the program", async () => {
    world.fill(1, 1000);
    const store = world.store();
    await store.ensure();
    const other = path.join(world.directory, "other");
    writeFileSync(other, "battery staple\n");
    expect(await codeOf(world.store({ vault: { passwordFile: other } }).records())).toBe("STORE_PASSWORD");
    expect(await codeOf(world.store({ vault: { passwordFile: "/nowhere" } }).records())).toBe("STORE_PASSWORD");
    expect(await codeOf(world.store({ vault: { restic: "/nowhere/restic" } }).records())).toBe("STORE_PROGRAM");
    expect(await codeOf(world.store({ vault: { restic: "/bin/false" } }).records())).toBe("STORE_FAILED");
    expect(await codeOf(world.store({ destination: world.at("absent") }).records())).toBe("STORE_MISSING");
    const file = { repository: path.join(world.passwordFile, "below") };
    await expect(world.store({ destination: file }).ensure()).rejects.toThrow(/no directory/);
  });

  it("does not begin an empty vault where a full one was", async () => {
    const store = world.store();
    await store.ensure();
    rmSync(world.destination.repository, { recursive: true });
    expect(await codeOf(store.ensure())).toBe("STORE_GONE");
    await Promise.all([world.store({ agent: "a" }).ensure(), world.store({ agent: "b" }).ensure()]);
  });

  it("tells how far it is, with a rate and the time left", async () => {
    world.fill(120, 1_000_000);
    const store = world.store();
    await store.ensure();
    const told: VaultProgress[] = [];
    const capture = await store.capture(world.request({ onProgress: (progress) => told.push(progress) }));
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toMatchObject({ totalBytes: 120_000_000, doneBytes: expect.any(Number) });
    expect(told.some((progress) => (progress.bytesPerSecond ?? 0) > 0)).toBe(true);
    const restored: VaultProgress[] = [];
    const request = { point: world.point(capture.snapshot), process: "rpc-0", target: path.join(world.directory, "t") };
    await store.fetch({ ...request, onProgress: (progress) => restored.push(progress) });
    expect(restored.at(-1)).toMatchObject({ doneBytes: 120_000_000, totalBytes: 120_000_000, secondsLeft: 0 });
  });

  it("ends at once when it is cancelled, and leaves no lock", async () => {
    world.fill(400, 1_000_000);
    const store = world.store({ patience: 0 });
    await store.ensure();
    const cancel = new AbortController();
    const later = ({ doneBytes }: VaultProgress) => {
      if (doneBytes > 0) cancel.abort();
    };
    const copying = store.capture(world.request({ signal: cancel.signal, onProgress: later }));
    expect(await codeOf(copying)).toBe("STORE_CANCELLED");
    const held = new AbortController();
    const holding = store.capture(
      world.request({
        signal: held.signal,
        onPrepared: async () => {
          held.abort();
        },
      }),
    );
    expect(await codeOf(holding)).toBe("STORE_CANCELLED");
    await store.remove([], true);
  });
});
