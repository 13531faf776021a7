import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import type { DrillReport, RestorePlan, VaultJob } from "@chainkeep/core";
import { endProcessesOf, until } from "../stack";
import { flipBits } from "./flip-bits";
import { type Phase, VaultWorld } from "./vault-world";

const MINUTES = 60_000;
const POINTS = 12;

/** One network, walked through in order: each test leaves it healthy for the next. */
describe("backup vault of a network", () => {
  const world = new VaultWorld();
  const { stack } = world;
  const itWithDisk = world.hasDisk ? it : it.skip;

  beforeAll(() => world.setUp(), 40 * MINUTES);
  afterAll(() => world.tearDown(), 5 * MINUTES);

  it(
    "takes points by itself, proves each to the last level, and keeps what the policy says",
    async () => {
      const seen = new Map<string, number>();
      await until(
        `${POINTS} points`,
        async () => {
          for (const p of await world.points()) seen.set(p.id, p.createdAt);
          return seen.size;
        },
        (count) => count >= POINTS,
        900,
      );
      // The mirror is copied now and then until the policy is another one.
      const others = async () => ({ ...(await stack.pids()), "mirror-0": undefined });
      const before = await others();
      await stack.config("everyBlocks", "1000000000");
      await world.apply();
      await world.idle();
      for (const p of await world.points()) seen.set(p.id, p.createdAt);
      const newest = [...seen].sort(([, a], [, b]) => b - a).map(([id]) => id);
      const kept = await world.points();
      expect(kept.map((p) => p.id)).toEqual(newest.slice(0, 3));
      // A mirror serves nobody: nobody else was stopped.
      expect(kept.map((p) => [p.node, p.verified, p.bad])).toEqual(kept.map(() => ["mirror-0", "progresses", null]));
      expect(kept.map((p) => p.copies)).toEqual(kept.map(() => ["offsite"]));
      // Another policy is no reason to restart a node.
      expect(await others()).toEqual(before);
      expect(await world.query("chain:backup_last_verification_status")).toBe(1);
      await world.sound();
    },
    20 * MINUTES,
  );

  it(
    "brings a node back whose data is lost, and keeps what lay there until it is told otherwise",
    async () => {
      const [point] = await world.points();
      if (!point) throw new Error("no point");
      const home = path.join(world.stateDir, "nodes", "rpc-0");
      await stack.supervisor.stop("rpc-0");
      rmSync(path.join(home, "data"), { recursive: true });
      const { job } = await world.json<{ job: VaultJob }>("restore", "rpc-0", "--yes");
      expect(job.result).toMatchObject({ point: point.id });
      expect(await stack.node("rpc-0")).toMatchObject({ ready: true });
      expect(await world.hashAt("rpc-0", point.height)).toBe(point.blockHash);
      expect(await world.hashAt("validators-0", point.height)).toBe(point.blockHash);

      const again = await world.json<{ job: VaultJob }>("restore", "rpc-0", "--point", point.id, "--yes");
      const { oldData } = again.job.result as { oldData: string[] };
      expect(oldData.map((place) => existsSync(place))).toEqual(oldData.map(() => true));
      expect(oldData).not.toEqual([]);
      await world.json("restore", "rpc-0", "--discard-old");
      expect(oldData.map((place) => existsSync(place))).toEqual(oldData.map(() => false));
      await world.sound();
    },
    5 * MINUTES,
  );

  it(
    "starts a new node from the newest proven point",
    async () => {
      const [point] = await world.points();
      await stack.config("rpcCount", "2");
      const before = await stack.pids();
      await world.apply();
      const after = await stack.pids();
      expect(after).toMatchObject(before);
      const log = await stack.cli("logs", "rpc-1", "--lines", "1000");
      expect(log).toEqual({ code: 0, stderr: "", stdout: expect.stringContaining(point?.id ?? "a point") });
      await world.sound();
    },
    5 * MINUTES,
  );

  it.each<Phase>(["warm", "stopping", "copying", "starting", "recording"])(
    "has the node running and every point whole after the agent is killed while a backup is %s",
    async (phase) => {
      const before = await world.points();
      let met = false;
      // A phase of a few milliseconds can be missed.
      for (let tries = 0; tries < 4 && !met; tries++) {
        const agent = await stack.pidOf("agent");
        ({ met } = await world.inPhase(phase, () => process.kill(agent, "SIGKILL")));
        await world.sound();
        await world.idle();
      }
      expect(met).toBe(true);
      const after = (await world.points()).map((p) => p.id);
      // Each stays, unless a backup that was not interrupted has pushed it out.
      expect(after).toEqual(expect.arrayContaining(before.slice(0, 2).map((p) => p.id)));
      const [last] = before;
      await world.json("verify", last?.id ?? "", "--level", "intact");
    },
    4 * MINUTES,
  );

  it(
    "takes points again after the whole machine went down in the middle of one",
    async () => {
      const [before] = await world.points();
      let met = false;
      for (let tries = 0; tries < 4 && !met; tries++) {
        ({ met } = await world.inPhase("copying", () => endProcessesOf(stack.root)));
        if (met) await world.apply();
        await world.sound();
      }
      expect(met).toBe(true);
      const point = await world.provenPoint();
      expect((await world.points()).map((p) => p.id)).toEqual(expect.arrayContaining([before?.id, point.id]));
    },
    6 * MINUTES,
  );

  itWithDisk(
    "says that the repository's disk is full, with the node running, and goes on when there is room",
    async () => {
      const before = await world.points();
      try {
        world.fillDisk();
        expect(await world.refused("backup")).toMatch(/^1 .*STORE_FULL/s);
        await world.firing("BackupFailed");
        expect((await stack.status()).nodes.filter((n) => !n.ready)).toEqual([]);
        expect((await world.points()).map((p) => p.id)).toEqual(before.map((p) => p.id));
        // What is there can be restored all the same.
        await world.json("restore", "rpc-0", "--yes");
      } finally {
        world.emptyDisk();
      }
      await world.provenPoint();
      await world.sound();
    },
    6 * MINUTES,
  );

  it(
    "refuses what must not be restored, before anything is touched",
    async () => {
      const before = await stack.pids();
      const [newest] = await world.points();
      const { plan } = await world.json<{ plan: RestorePlan }>("restore", "rpc-0", "--plan");
      expect(plan).toMatchObject({ node: "rpc-0", point: { id: newest?.id }, problems: [] });
      expect(await world.refused("restore", "rpc-0", "--point", "devnet-1-20200101T000000Z", "--yes")).toContain(
        "POINT_UNKNOWN",
      );
      expect(await world.refused("restore", "rpc-0", "--at-height", "1", "--yes")).toContain("POINT_NONE");
      expect(await world.refused("restore", "nobody-0", "--yes")).toContain("RESTORE_NODE");
      expect(await stack.pids()).toEqual(before);
    },
    2 * MINUTES,
  );

  it(
    "drills a restore from the copy elsewhere, and tells what it took",
    async () => {
      const { job } = await world.json<{ job: VaultJob }>("drill", "--from", "offsite");
      const report = job.result as DrillReport;
      expect(report).toMatchObject({ met: true, from: "offsite", reached: "objectives" });
      const page = `http://127.0.0.1:${stack.ports.agent}/vault/reports/${report.id}`;
      expect(await (await fetch(page)).text()).toContain(report.point);
      await until(
        "series of the drill",
        () => world.query("chain:backup_last_drill_status"),
        (value) => value === 1,
        30,
      );
      // What a drill starts lives no longer than the drill.
      const guests = path.join(world.stateDir, "vault", "guests");
      expect(existsSync(guests) ? readdirSync(guests).filter((name) => !name.includes(".")) : []).toEqual([]);
    },
    3 * MINUTES,
  );

  it(
    "lets a mirror serve, and takes it out again",
    async () => {
      const serving = () => stack.node("mirror-0");
      expect((await stack.cli("promote", "mirror-0")).code).toBe(0);
      await stack.supervisor.stop("rpc-0");
      await stack.supervisor.stop("rpc-1");
      try {
        await until(
          "the mirror answers",
          () => world.servedBy(),
          (node) => node === "mirror-0",
          30,
        );
      } finally {
        await stack.supervisor.start("rpc-0");
        await stack.supervisor.start("rpc-1");
      }
      expect((await stack.cli("promote", "mirror-0", "--undo")).code).toBe(0);
      await world.sound();
      expect(await serving()).toMatchObject({ ready: true });
      expect(await world.servedBy()).toMatch(/^rpc-/);
    },
    3 * MINUTES,
  );

  it(
    "finds flipped bits, tells of them, and has a good point in the end",
    async () => {
      const bad = await world.provenPoint();
      await world.idle();
      const snapshot = await world.snapshotOf(bad.id);
      const { vault } = world.inventory();
      if (!vault) throw new Error("no vault");
      flipBits(vault, snapshot);
      expect(await world.refused("verify", bad.id, "--level", "intact")).toMatch(/^1 .*POINT_BAD/s);
      await world.firing("BackupVerificationFailed");
      expect((await world.points()).find((p) => p.id === bad.id)?.bad).toContain("intact");
      await world.idle();
      const good = await until(
        "a new point in its place",
        async () => (await world.points()).find((p) => p.createdAt > bad.createdAt && p.verified === "progresses"),
        (found) => found !== undefined,
        120,
      );
      const { plan } = await world.json<{ plan: RestorePlan }>("restore", "rpc-0", "--plan");
      expect(plan.point?.id).toBe(good?.id);
      await world.sound();
    },
    8 * MINUTES,
  );

  it("keeps no secret in the agent's journal and evidence", () => {
    const directory = path.join(world.stateDir, "vault");
    const password = readFileSync(world.inventory().vault?.passwordFile ?? "", "utf8").trim();
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    const holding = files.filter((f) => readFileSync(path.join(f.parentPath, f.name), "utf8").includes(password));
    expect(files.length).toBeGreaterThan(3);
    expect(holding).toEqual([]);
  });
});
