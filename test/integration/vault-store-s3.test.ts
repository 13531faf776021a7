import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { checkBucketLock } from "../../packages/agent/src/vault/store/lock-check";
import type { Destination } from "../../packages/core/src/index";
import { describeWith } from "./find-program";
import { KEYS, S3Server, versitygw } from "./vault-s3-server";
import { codeOf, restic, StoreWorld } from "./vault-store-world";

jest.setTimeout(90_000);

describeWith({ restic, versitygw })("points in an S3 store", () => {
  let server: S3Server;
  let world: StoreWorld;
  const at = (bucket: string): Destination => ({
    repository: `s3:${server.url}/${bucket}/vault`,
    region: "us-east-1",
    accessKeyIdFile: path.join(world.directory, "key-id"),
    secretAccessKeyFile: path.join(world.directory, "key"),
  });

  beforeAll(async () => {
    world = new StoreWorld();
    server = await S3Server.start(world.directory);
    writeFileSync(path.join(world.directory, "key-id"), `${KEYS.accessKeyId}\n`);
    writeFileSync(path.join(world.directory, "key"), `${KEYS.secretAccessKey}\n`);
    await server.makeBucket("plain", false);
    await server.makeBucket("locked", true);
  });
  afterAll(async () => {
    await server?.stop();
    world.end();
  });

  it("keeps, copies, gives back and deletes points, in a bucket that locks them as well", async () => {
    world.fill(5, 100_000);
    await server.retain("locked", "GOVERNANCE", 7);
    const store = world.store({
      destination: at("plain"),
      vault: { destination: at("plain"), copies: { offsite: at("locked") } },
    });
    const offsite = world.store({
      destination: at("locked"),
      vault: { destination: at("plain"), copies: { offsite: at("locked") } },
    });
    await store.ensure();
    await offsite.ensure();
    const capture = await store.capture(world.request());
    const point = world.point(capture.snapshot, { sizeBytes: capture.bytes });
    await store.putRecord(point);
    const snapshot = await store.copyTo(offsite, point);
    const { points } = await offsite.records("devnet");
    expect(points.map((found) => found.storage.snapshot)).toEqual([snapshot]);
    const target = path.join(world.directory, "restored");
    await offsite.fetch({ point: points[0] as typeof point, process: "rpc-0", target });
    expect(world.contents(target)).toEqual(world.contents(world.home));
    expect(await store.room()).toEqual({ usedBytes: expect.any(Number), freeBytes: undefined });
    expect((await store.room()).usedBytes).toBeGreaterThan(500_000);
    await offsite.remove(points, true);
    expect((await offsite.records()).points).toEqual([]);
    await store.check({ n: 1, t: 1 });
  });

  it("refuses wrong keys and missing ones without telling them", async () => {
    const wrong = { ...at("plain"), secretAccessKeyFile: path.join(world.directory, "wrong") };
    writeFileSync(wrong.secretAccessKeyFile, "a-secret-of-somebody\n");
    const refused = world.store({ destination: wrong }).records();
    await expect(refused).rejects.toMatchObject({
      code: "STORE_ACCESS",
      message: expect.not.stringContaining("a-secret"),
    });
    const none = { ...at("plain"), secretAccessKeyFile: "/nowhere" };
    expect(await codeOf(world.store({ destination: none }).records())).toBe("STORE_KEYS");
  });

  it("tells whether a bucket keeps what the policy wants to be locked", async () => {
    const lock = { mode: "governance", days: 7 } as const;
    expect(await checkBucketLock(at("plain"), lock)).toEqual({
      ok: false,
      text: expect.stringContaining("no Object Lock"),
    });
    await server.retain("locked", "GOVERNANCE", 7);
    expect(await checkBucketLock(at("locked"), lock)).toEqual({ ok: true, text: expect.stringContaining("7 days") });
    expect(await checkBucketLock(at("locked"), { ...lock, days: 30 })).toMatchObject({ ok: false });
    expect(await checkBucketLock(at("locked"), { ...lock, mode: "compliance" })).toMatchObject({ ok: false });
    await server.retain("locked", "COMPLIANCE", 7);
    expect(await checkBucketLock(at("locked"), { ...lock, mode: "compliance" })).toMatchObject({ ok: true });
    expect(await checkBucketLock(at("absent"), lock)).toMatchObject({ ok: false });
  });
});
