import type { VaultJob, VaultJobRequest } from "@chainkeep/core";
import { until } from "../../testing/fake-node.fixture";
import { VaultError } from "../vault-error";
import { ServiceWorld, servicePoint } from "./service-world.fixture";
import type { VaultService } from "./vault-service";

const DAY = 86_400;

let world: ServiceWorld;
beforeEach(() => {
  world = new ServiceWorld();
});
afterEach(() => world.close());

const isTrue = (value: boolean) => value;
const did = (...wanted: string[]) =>
  until(wanted.join(), () => wanted.every((one) => world.done.includes(one)), isTrue);
const idle = (service: VaultService) =>
  until("idle", () => service.queue.list().every((job) => job.endedAt !== null), isTrue);
async function ended(service: VaultService, request: VaultJobRequest): Promise<VaultJob | undefined> {
  const job = service.submit(request);
  if ("problems" in job) throw new Error(JSON.stringify(job.problems));
  return service.queue.whenEnded(job.id);
}

describe("a bad point", () => {
  beforeEach(() => {
    world.policy = { verify: { schedule: "0 5 1 1 *", afterEach: false, level: "chain" } };
    world.points = [servicePoint("p0")];
    world.bad.add("p0");
  });

  it("is replaced, and the new one is proven, which ends the alarm", async () => {
    const service = await world.start();
    expect(await ended(service, { kind: "verify" })).toMatchObject({
      state: "failed",
      error: { code: "POINT_BAD", text: "point p0 fails at opens: does not open [OPENS]" },
    });
    expect(service.status().lastVerification).toMatchObject({ point: "p0", ok: false, level: "intact" });
    await did("take toy-full replacement", "verify p1");
    await idle(service);
    expect(service.status().lastVerification).toMatchObject({ point: "p1", ok: true, level: "chain" });
  });

  it("is replaced once: neither again, nor is a replacement that is bad as well", async () => {
    const service = await world.start();
    world.bad.add("p1");
    await ended(service, { kind: "verify", point: "p0" });
    await did("verify p1");
    await idle(service);
    await ended(service, { kind: "verify", point: "p0" });
    await idle(service);
    expect(world.done.filter((one) => one.startsWith("take"))).toEqual(["take toy-full replacement"]);
    expect(service.status().lastVerification).toMatchObject({ ok: false });
  });

  it("is one, too, when a drill has found it", async () => {
    const service = await world.start();
    expect(await ended(service, { kind: "drill" })).toMatchObject({ state: "done" });
    expect(service.state()).toMatchObject({ lastDrill: { ok: false }, lastVerification: { point: "p0", ok: false } });
    await did("take toy-full replacement");
  });

  it("is still one while another proof cannot be decided", async () => {
    const service = await world.start();
    world.undecided.add("p1");
    await ended(service, { kind: "verify" });
    await did("verify p1");
    await idle(service);
    expect(service.status().lastVerification).toMatchObject({ point: "p1", ok: false, text: "too few witnesses" });
  });
});

it("says nothing bad of a vault whose first proof cannot be decided", async () => {
  world.points = [servicePoint("p0")];
  world.undecided.add("p0");
  const service = await world.start();
  expect(await ended(service, { kind: "verify" })).toMatchObject({ state: "done" });
  expect(service.status().lastVerification).toMatchObject({ ok: true, level: "intact" });
});

describe("the store", () => {
  it("is looked over day by day; damage stays known until that part is sound again", async () => {
    const service = await world.start();
    world.fail("check", new VaultError("STORE_CORRUPT", "pack 12 is damaged"));
    world.now += DAY;
    await until("damage", () => service.state()?.lastCheck?.damaged.length === 1, isTrue);
    const [first] = world.done;
    // A new point may have mended it: it is looked at again right away.
    await ended(service, { kind: "backup" });
    await idle(service);
    expect(world.done).toEqual([first, "take toy-full manual", first]);
    expect(service.state()?.lastCheck?.damaged).toEqual([]);
  });

  it("is told to be open to deletion where the policy says that nobody can", async () => {
    world.policy = { lock: { mode: "compliance", days: 7 } };
    const service = await world.start();
    const job = await ended(service, { kind: "check" });
    expect(job).toMatchObject({ state: "failed", error: { code: "STORE_NOT_LOCKED" } });
    // Its bytes are sound all the same.
    expect(service.status().lastCheck).toMatchObject({
      ok: true,
      text: expect.stringContaining("a directory can always be"),
    });
    world.policy = { lock: { mode: "governance", days: 7 } };
    expect(await ended(service, { kind: "check" })).toMatchObject({ state: "done", result: { unlocked: [] } });
  });

  it("that cannot be reached says nothing of its bytes", async () => {
    const service = await world.start();
    world.fail("check", new VaultError("STORE_UNREACHABLE", "away"));
    expect(await ended(service, { kind: "check" })).toMatchObject({ state: "failed" });
    expect(service.state()?.lastCheck).toBeNull();
  });
});

describe("a drill", () => {
  it("tells how long a restore takes", async () => {
    world.points = [servicePoint("p0")];
    const service = await world.start();
    await ended(service, { kind: "drill", from: "offsite" });
    expect(service.state()).toMatchObject({ lastDrill: { ok: true }, lastRestoreSeconds: 33, lastVerification: null });
  });

  it("that cannot be carried out is one that failed, but nobody's question for nothing is", async () => {
    const service = await world.start();
    await ended(service, { kind: "drill" });
    expect(service.state()?.lastDrill).toBeNull();
    world.fail("drill", new VaultError("STORE_UNREACHABLE", "away"));
    await ended(service, { kind: "drill" });
    expect(service.state()?.lastDrill).toMatchObject({ ok: false, text: "away" });
  });
});
