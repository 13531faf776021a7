import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parsePoint, serializePoint } from "@chainkeep/core";
import { BackupWorld } from "../testing/backup-world.fixture";
import { VaultError } from "../vault-error";
import { journalFile, readJournal } from "./journal";
import { recover } from "./recover";
import { takePoint } from "./take-point";

let at: BackupWorld;
beforeEach(() => {
  at = new BackupWorld();
});
afterEach(() => at.close());

const QUICK = { restartPauseMs: 5, readyWaitMs: 500 };
const take = () => takePoint(at.world(), { lineage: "toy-full", trigger: "manual" }, at.job, QUICK);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: VaultError) => error.code,
  );
/** What must hold after every backup, whatever became of it. */
function expectClean(): void {
  expect(at.running).toBe(true);
  expect(existsSync(journalFile(at.directory))).toBe(false);
}

describe("takePoint", () => {
  it("copies, stops, copies the rest, starts, and writes a record that can be read", async () => {
    const point = await take();
    expectClean();
    expect(parsePoint(JSON.parse(serializePoint(point)))).toEqual(point);
    expect(point).toMatchObject({
      node: "mirror-0",
      lineage: "toy-full",
      height: 42,
      chainId: "dev-1",
      consistency: "clean-stop",
      sizeBytes: 10,
      signedHeight: null,
      keys: { excluded: ["data/key.json"], filesSeen: 1, filesRead: 1 },
    });
    expect(point.lockedUntil).toBe(point.createdAt + 7 * 86_400);
    expect(at.calls).toEqual(["warm", "prepare", "stop", "capture", "start", "record", "forget"]);
    expect(at.steps).toEqual([
      "choose a node",
      "copy mirror-0 while it runs, pass 1",
      "stop mirror-0",
      "copy what changed of mirror-0",
      "start mirror-0",
      "look for keys",
      "write the record",
      "wait until mirror-0 is ready",
    ]);
  });

  it.each(["warm", "prepare", "stop", "capture", "record"])(
    "leaves no half point and no node down when %s fails",
    async (call) => {
      at.fail(call, new VaultError("BROKEN", "as wished"));
      expect(await codeOf(take())).toBe("BROKEN");
      expectClean();
      expect(at.points.size).toBe(0);
      expect(at.forgotten).toHaveLength(1);
    },
  );

  it("starts the node again and again until it starts", async () => {
    at.fail("start", new Error("not yet"), new Error("not yet"));
    await take();
    expectClean();
    expect(at.calls.filter((c) => c === "start")).toHaveLength(3);
    expect(at.events.filter((e) => e === "node_not_started")).toHaveLength(2);
  });

  it("stops nobody whose head nobody knows", async () => {
    at.head = undefined;
    expect(await codeOf(take())).toBe("HEAD_UNKNOWN");
    expect(at.calls).not.toContain("stop");
    expectClean();
  });

  it("stops nobody when what it does cannot be written down", async () => {
    writeFileSync(at.directory, "a file where the directory should be");
    expect(await codeOf(take())).toMatch(/JOURNAL/);
    expect(at.calls).not.toContain("stop");
    expect(at.running).toBe(true);
    rmSync(at.directory);
    mkdirSync(at.directory);
  });

  it("asks again right before the stop whether the node may be stopped", async () => {
    const work = take();
    at.ready = false;
    expect(await codeOf(work)).toMatch(/^CANDIDATE_/);
    expect(at.calls).not.toContain("stop");
    expectClean();
  });

  it("takes no point of a node that had to be killed, unless the policy wants one", async () => {
    at.stopResult = { ended: "killed", seconds: 1 };
    expect(await codeOf(take())).toBe("NODE_KILLED");
    expectClean();
    at.onStopTimeout = "crash-consistent";
    expect((await take()).consistency).toBe("crash-consistent");
    expectClean();
  });

  it("throws a copy with a key inside away, and names the file", async () => {
    const key = path.join(at.home, "data/a.db/node_key.json");
    at.files = [...at.files, { path: key, size: 5 }];
    const error = await take().catch((e: VaultError) => e);
    expect(error).toMatchObject({ code: "KEYS_FOUND", problems: [{ path: key }] });
    expect(at.points.size).toBe(0);
    expectClean();
  });

  it("finds keys by what is in a file, whatever it is called", async () => {
    const file = path.join(at.home, "data/a.db/notes");
    writeFileSync(file, `${"ab".repeat(32)}\n`);
    at.files = [{ path: file, size: 65 }];
    expect(await codeOf(take())).toBe("KEYS_FOUND");
  });

  it("throws away the copy of a node that somebody started in between", async () => {
    const world = at.world();
    const early = { ...world, runtime: { ...world.runtime, isRunning: async () => true } };
    const work = takePoint(early, { lineage: "toy-full", trigger: "manual" }, at.job, QUICK);
    expect(await codeOf(work)).toBe("NODE_STARTED_EARLY");
    expectClean();
  });

  it("does not stop the node any more once it is cancelled", async () => {
    at.abort.abort();
    expect(await codeOf(take())).toBe("JOB_CANCELLED");
    expect(at.calls).not.toContain("stop");
    expectClean();
  });

  it("keeps the journal when the half copy cannot be removed, and puts it right before the next backup", async () => {
    at.fail("capture", new Error("broken"));
    at.fail("forget", new Error("store away"));
    await expect(take()).rejects.toThrow("broken");
    expect(existsSync(journalFile(at.directory))).toBe(true);
    await take();
    expectClean();
    expect(at.forgotten).toHaveLength(2);
    expect(at.points.size).toBe(1);
  });

  it("stops nobody without a watchdog", async () => {
    const watch = async () => {
      throw new VaultError("WATCHDOG_SILENT", "as wished");
    };
    const work = takePoint(at.world(), { lineage: "toy-full", trigger: "manual" }, at.job, { ...QUICK, watch });
    expect(await codeOf(work)).toBe("WATCHDOG_SILENT");
    expect(at.calls).not.toContain("stop");
    expectClean();
  });

  it("lets the watchdog read what it is to do before the node is stopped", async () => {
    const seen: unknown[] = [];
    const watch = async (file: string, attempt: string) => {
      seen.push(await readJournal(file), attempt, at.running);
    };
    await takePoint(at.world(), { lineage: "toy-full", trigger: "manual" }, at.job, { ...QUICK, watch });
    const [journal, attempt, running] = seen;
    expect(journal).toMatchObject({ attempt, phase: "stopping", start: [["start"]], deadline: expect.any(Number) });
    expect(running).toBe(true);
  });

  it("is a cancelled job, not a fault of the store, when it is cancelled in the middle of the copy", async () => {
    const world = at.world();
    const capture: typeof world.store.capture = async (request) => {
      await request.onPrepared?.();
      at.abort.abort();
      throw new VaultError("STORE_CANCELLED", "restic backup was cancelled");
    };
    const store = { ...world.store, capture };
    const work = takePoint({ ...world, store }, { lineage: "toy-full", trigger: "manual" }, at.job, QUICK);
    expect(await codeOf(work)).toBe("JOB_CANCELLED");
    expect(at.calls).toContain("stop");
    expectClean();
  });

  it("remembers what a finished point has left, until it is removed", async () => {
    at.fail("forget", new Error("store away"));
    const point = await take();
    expect([...at.points.keys()]).toEqual([point.id]);
    expect(await readJournal(journalFile(at.directory))).toMatchObject({ phase: "recording" });
    await recover(at.world());
    expectClean();
    expect(at.forgotten).toHaveLength(1);
  });

  it("fails when the node is gone for good, and does not forget that it stands still", async () => {
    const gone = () => new VaultError("PROCESS_GONE", "no such process");
    at.fail("start", gone(), gone(), gone(), gone(), gone());
    expect(await codeOf(take())).toBe("PROCESS_GONE");
    expect(await readJournal(journalFile(at.directory))).toMatchObject({ phase: "starting", node: "mirror-0" });
    expect(at.points.size).toBe(0);
    await take();
    expectClean();
  });

  it("does not begin while another one is under way", async () => {
    const [first, second] = await Promise.all([codeOf(take()), codeOf(take())]);
    expect([first, second]).toEqual(["none", "BACKUP_UNDER_WAY"]);
    expect(at.calls.filter((call) => call === "stop")).toHaveLength(1);
    expectClean();
  });
});
