import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { VaultJob, VaultJobRequest } from "@chainkeep/core";
import { until } from "../../testing/fake-node.fixture";
import { VaultError } from "../vault-error";
import { ServiceWorld, START, servicePoint } from "./service-world.fixture";
import type { VaultService } from "./vault-service";

const HOUR = 3600;
const DAY = 24 * HOUR;

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

describe("by the clock", () => {
  it("takes a point of each lineage when its time comes, once, and tells what came of it", async () => {
    world.policy = { schedule: "0 3 * * *" };
    world.lineages = [...world.lineages, { id: "toy-archive", nodes: ["rpc-0"], sources: ["rpc-0"] }];
    const service = await world.start();
    expect(service.status()).toMatchObject({ nextBackupAt: START + 3 * HOUR, lastAttempt: null, job: null });
    world.now += 3 * HOUR;
    await did("take toy-full schedule", "take toy-archive schedule");
    await idle(service);
    expect(world.done).toHaveLength(2);
    expect(
      service
        .statusPoints()
        .map((p) => p.id)
        .sort(),
    ).toEqual(["p1", "p2"]);
    expect(service.status()).toMatchObject({
      nextBackupAt: START + DAY + 3 * HOUR,
      lastAttempt: { ok: true, text: "p1, p2", at: START + 3 * HOUR },
    });
    expect(service.state()).toMatchObject({ transferErrors: 1, lastDowntimeSeconds: 2 });
  });

  it("makes up once for what passed while the agent was down", async () => {
    world.policy = { schedule: "0 3 * * *" };
    await world.stop(await world.start());
    world.now += 9 * DAY;
    const service = await world.start();
    await did("take toy-full schedule");
    await idle(service);
    world.now += 60;
    await idle(service);
    expect(world.done.filter((one) => one.startsWith("take"))).toHaveLength(1);
  });

  it("tries again after a failure, later, and tells of it meanwhile", async () => {
    world.policy = { schedule: "0 3 * * *" };
    world.fail("take", new VaultError("NODE_KILLED", "rpc-1 was killed"));
    const service = await world.start();
    world.now += 3 * HOUR;
    await did("take toy-full schedule");
    await idle(service);
    expect(service.status()).toMatchObject({
      lastAttempt: { ok: false, text: "rpc-1 was killed" },
      nextBackupAt: START + 3 * HOUR + 300,
    });
    world.now += 300;
    await until("success", () => service.status().lastAttempt?.ok === true, isTrue);
    expect(world.done).toHaveLength(2);
  });

  it("goes by height only when it knows what the vault holds", async () => {
    world.policy = { everyBlocks: 50 };
    world.points = [servicePoint("p0", { height: 90 })];
    world.fail("records", new VaultError("STORE_UNREACHABLE", "away"));
    const service = await world.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.done).toEqual([]);
    await service.points();
    world.height = 139;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.done).toEqual([]);
    world.height = 140;
    await did("take toy-full blocks");
  });

  it("takes the first point by height of a vault that was never used, also when its store was away at the start", async () => {
    world.policy = { everyBlocks: 50 };
    world.points = [];
    world.height = 60;
    const away = new VaultError("STORE_UNREACHABLE", "away");
    const unused = Array.from({ length: 10_000 }, () => new VaultError("STORE_MISSING", "holds no repository"));
    world.fail("records", away, away, ...unused);
    await world.start({ reapMs: 5 });
    await did("take toy-full blocks");
  });

  it("proves the newest open point of each lineage", async () => {
    world.lineages = [...world.lineages, { id: "toy-archive", nodes: ["rpc-0"], sources: ["rpc-0"] }];
    world.policy = { verify: { schedule: "0 5 * * *", afterEach: false, level: "chain" } };
    world.points = ["toy-full", "toy-archive"].flatMap((lineage) => [
      servicePoint(`${lineage}-new`, { lineage, createdAt: START + 2 }),
      servicePoint(`${lineage}-old`, { lineage, createdAt: START + 1 }),
    ]);
    const service = await world.start();
    world.now += 5 * HOUR;
    await did("verify toy-full-new", "verify toy-archive-new");
    await idle(service);
    expect(world.done).toHaveLength(2);
  });

  it("begins with no schedule of the past, and with no state that is torn", async () => {
    writeFileSync(path.join(world.directory, "service.json"), '{"schemaVersion":1,"marks":{');
    world.policy = { schedule: "0 3 * * *" };
    const service = await world.start();
    expect(world.events).toContain("vault_state_torn");
    expect(service.status().nextBackupAt).toBe(START + 3 * HOUR);
  });
});

describe("at its start", () => {
  it("begins nothing before it has put right what was left", async () => {
    world.fail("recover", new VaultError("STORE_UNREACHABLE", "away"), new VaultError("STORE_UNREACHABLE", "away"));
    const service = await world.start();
    const job = service.submit({ kind: "backup" }) as VaultJob;
    expect(service.queue.find(job.id)?.state).toBe("queued");
    expect(await service.queue.whenEnded(job.id)).toMatchObject({ state: "done" });
    expect(world.events.filter((event) => event === "vault_recovery_failed")).toHaveLength(2);
  });

  it("comes up although its directory takes nothing for a while", async () => {
    const blocked = path.join(world.directory, "file");
    writeFileSync(blocked, "");
    const real = world.vault.bind(world);
    let full = true;
    world.vault = () => ({ ...real(), directory: full ? path.join(blocked, "vault") : world.directory });
    const service = await world.start();
    expect(world.events).toContain("vault_not_started");
    full = false;
    await until("token", () => service.status().controlTokenFile !== "", isTrue);
  });
});

describe("who asks", () => {
  it("is told everything that is wrong at once", async () => {
    const service = await world.start();
    expect(service.submit({ kind: "backup", node: "rpc-9" })).toEqual({
      problems: [expect.objectContaining({ path: "node", code: "NODE_UNKNOWN" })],
    });
    expect(service.submit({ kind: "drill", from: "offsit" })).toMatchObject({
      problems: [{ path: "from", code: "DRILL_FROM", message: expect.stringContaining('did you mean "offsite"') }],
    });
  });

  it("gets a restore although a proof runs, and the proof comes again", async () => {
    world.points = [servicePoint("p0")];
    world.holds.add("verify");
    const service = await world.start();
    const proof = service.submit({ kind: "verify", point: "p0" }) as VaultJob;
    await did("verify p0");
    world.holds.delete("verify");
    const restore = await ended(service, { kind: "restore", node: "rpc-0", point: { newestVerified: true } });
    expect(restore).toMatchObject({ state: "done", result: { seconds: 77 } });
    expect(service.queue.find(proof.id)).toMatchObject({
      state: "failed",
      error: { code: "JOB_CANCELLED", text: expect.stringContaining("does it anew") },
    });
    await idle(service);
    expect(world.done).toEqual(["verify p0", "restore rpc-0", "verify p0"]);
    expect(service.state()).toMatchObject({ lastRestoreSeconds: 77, lastVerification: { point: "p0", ok: true } });
  });

  it("gets a restore after the backup that runs: half of one is worth nothing", async () => {
    world.holds.add("take");
    const service = await world.start();
    service.submit({ kind: "backup" });
    await did("take toy-full manual");
    const restore = service.submit({ kind: "restore", node: "rpc-0", point: { newestVerified: true } }) as VaultJob;
    expect(service.queue.current()?.kind).toBe("backup");
    world.held.get("take")?.();
    expect(await service.queue.whenEnded(restore.id)).toMatchObject({ state: "done" });
    expect(service.status().lastAttempt?.ok).toBe(true);
  });

  it("gets a promotion at once, whatever runs", async () => {
    world.holds.add("take");
    const service = await world.start();
    service.submit({ kind: "backup" });
    await did("take toy-full manual");
    expect(await ended(service, { kind: "promote", node: "mirror-0" })).toMatchObject({ state: "done" });
    expect(service.status()).toMatchObject({
      job: { kind: "backup" },
      mirrors: [{ node: "mirror-0", promoted: true }],
    });
  });

  it("may cancel a backup, which is no failure of the vault's", async () => {
    world.policy = { schedule: "0 3 * * *" };
    world.holds.add("take");
    const service = await world.start();
    const job = service.submit({ kind: "backup" }) as VaultJob;
    await did("take toy-full manual");
    service.queue.cancel(job.id);
    expect(await service.queue.whenEnded(job.id)).toMatchObject({ state: "failed", error: { code: "JOB_CANCELLED" } });
    expect(service.status()).toMatchObject({ lastAttempt: null, nextBackupAt: START + 3 * HOUR });
  });
});

it("makes up for a backup that the agent's own end has broken off, and calls it no failure", async () => {
  world.policy = { schedule: "0 3 * * *" };
  world.holds.add("take");
  const first = await world.start();
  world.now += 3 * HOUR;
  await did("take toy-full schedule");
  await world.stop(first);
  world.holds.delete("take");
  const second = await world.start();
  await until("made up", () => second.status().lastAttempt?.ok === true, isTrue);
  expect(second.state()?.marks.failures).toBe(0);
});

it("keeps what must outlive the agent in one file", async () => {
  const service = await world.start();
  await ended(service, { kind: "backup" });
  const kept = JSON.parse(readFileSync(path.join(world.directory, "service.json"), "utf8"));
  expect(kept).toMatchObject({ schemaVersion: 1, lastAttempt: { ok: true }, transferErrors: 1 });
  // An agent of before knew less.
  const { lastDrill: _, lastCheck: __, ...older } = kept;
  await world.stop(service);
  writeFileSync(path.join(world.directory, "service.json"), JSON.stringify(older));
  expect((await world.start()).state()).toEqual(kept);
});
