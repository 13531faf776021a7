import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import * as path from "node:path";
import type { RecoveryPoint } from "@chainkeep/core";
import { VaultError } from "../vault-error";
import { recoverRestore } from "./recover-restore";
import { restoreNode } from "./restore-node";
import { FRESH, failure, KEPT, NEW_DATA, OLD_DATA, RestoreWorld, readTree, writeTree } from "./restore-world.fixture";

jest.mock("node:fs/promises", () => {
  const real = jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises");
  return { ...real, rename: jest.fn(real.rename) };
});
const renames = jest.mocked(rename);
const realRename = renames.getMockImplementation() as typeof rename;

const NEW = { ...KEPT, ...NEW_DATA };
const OLD = { ...KEPT, ...OLD_DATA };
const QUICK = { readyMs: 2000, deadMs: 60, pollMs: 5 };

let at: RestoreWorld;
beforeEach(() => {
  at = new RestoreWorld();
});
afterEach(() => {
  renames.mockImplementation(realRename);
  at.close();
});

const newest = { node: "mirror-0", point: { newestVerified: true } } as const;
const restore = (request: Parameters<typeof restoreNode>[1] = newest, options = {}) =>
  restoreNode(at.world(), request, at.job, { ...QUICK, ...options });

describe("a restore", () => {
  it("writes beside the running node, swaps, and keeps the old data, keys and signing state", async () => {
    const point = at.point();
    const during: boolean[] = [];
    at.onFetch = () =>
      void during.push(at.running, OLD_DATA["data/state.db/1"] === readTree(at.home)["data/state.db/1"]);
    const result = await restore();
    expect(during).toEqual([true, true]);
    expect(readTree(at.home)).toEqual(NEW);
    expect(result).toMatchObject({ node: "mirror-0", point: point.id, bytes: 9 });
    expect(result.oldData.map((place) => readTree(place))).toEqual([OLD_DATA]);
    expect(at.calls.filter((call) => ["fetch", "stop", "start"].includes(call))).toEqual(["fetch", "stop", "start"]);
    expect(result.steps.map((step) => step.name)).toEqual([
      "look whether it can be done",
      "write the copy beside the old data",
      "stop mirror-0",
      "put the copy in the place of the old data",
      "start mirror-0",
      "wait until mirror-0 is ready",
    ]);
    const left = Object.keys(readTree(at.home, true)).filter((name) => /^\.chainkeep-(restore|stray)/.test(name));
    expect(left).toEqual([]);
    expect(Object.keys(readTree(at.directory))).toEqual(["last-restore.json"]);
  });

  it("brings back a node of which nothing is left, not even its home", async () => {
    rmSync(at.home, { recursive: true });
    at.running = false;
    at.point();
    const result = await restore();
    expect(readTree(at.home)).toEqual({ ...NEW_DATA, "data/priv_validator_state.json": FRESH });
    expect([result.oldData, at.running]).toEqual([[], true]);
  });

  it("takes data that lies elsewhere in the copy than the node has it, all of it", async () => {
    at.data = { "chain/1": "new", "data/state.db/1": "new" };
    const [first] = at.point().processes;
    at.point({
      processes: [{ ...(first as RecoveryPoint["processes"][number]), dataPaths: ["chain/**", "data/*.db/**"] }],
    });
    await restore();
    expect(readTree(at.home)).toEqual({ ...KEPT, "chain/1": "new", "data/state.db/1": "new" });
  });

  it("removes a bootstrap that had not ended, which would bring other data", async () => {
    writeTree(at.home, {
      ".chainkeep-bootstrap/run.json": "{}",
      ".chainkeep-bootstrap/copy-0a/data/state.db/1": "other",
    });
    at.point();
    await restore();
    expect(Object.keys(readTree(at.home, true)).filter((name) => name.startsWith(".chainkeep-bootstrap"))).toEqual([]);
  });
});

describe("what is refused", () => {
  const change = (of: Partial<RecoveryPoint>) => () => void at.point(of);
  const process = (of: object) => () => {
    const [first] = at.point().processes;
    at.point({ processes: [{ ...(first as RecoveryPoint["processes"][number]), ...of }] });
  };
  const level = (value: RecoveryPoint["verification"]["level"]) =>
    change({ verification: { level: value, at: null, evidence: null, bad: null } });
  const byId = { node: "mirror-0", point: { id: "dev-42-20261125T030000Z" } } as const;

  it.each<[string, string, () => void, Parameters<typeof restoreNode>[1]]>([
    ["another chain", "RESTORE_CHAIN", change({ chainId: "dev-2" }), byId],
    ["another genesis", "RESTORE_GENESIS", change({ genesis: "02".repeat(32) }), byId],
    ["data of another lineage", "RESTORE_LINEAGE", change({ lineage: "toy-archive" }), byId],
    ["data of a newer client", "RESTORE_OLDER_CLIENT", process({ version: "1.3.0" }), byId],
    ["data of another client", "RESTORE_CLIENT", process({ client: "other" }), byId],
    [
      "no proof of no keys",
      "RESTORE_KEYS",
      change({ keys: { excluded: [], filesSeen: 0, filesRead: 0, at: 0 } }),
      byId,
    ],
    ["a point that nobody has opened", "RESTORE_UNVERIFIED", level("intact"), byId],
    ["too little room", "RESTORE_NO_ROOM", change({ sizeBytes: 2 ** 52 }), byId],
    ["no verified point at all", "POINT_NONE", level(null), newest],
    ["no such point", "POINT_UNKNOWN", level("chain"), { node: "mirror-0", point: { id: "dev-1" } }],
    ["no such node", "RESTORE_NODE", level("chain"), { node: "rpc-9", point: { newestVerified: true } }],
    [
      "a point that failed its proof",
      "RESTORE_BAD_POINT",
      change({
        verification: { level: null, at: 0, evidence: null, bad: { level: "opens", code: "X", text: "x", at: 0 } },
      }),
      byId,
    ],
    [
      "signatures that would be forgotten",
      "RESTORE_SIGNING_STATE",
      () => {
        at.kind = "validator";
        at.point({ signedHeight: 6 });
      },
      byId,
    ],
    [
      "a validator without its signing state",
      "RESTORE_SIGNING_STATE",
      () => {
        at.kind = "validator";
        writeFileSync(path.join(at.home, "data/priv_validator_state.json"), "{");
        at.point();
      },
      byId,
    ],
    [
      "data behind a link",
      "RESTORE_OTHER_DISK",
      () => {
        symlinkSync(at.root, path.join(at.home, "data/other.db"));
        at.point();
      },
      byId,
    ],
  ])("%s: %s, before anything is touched", async (_, code, arrange, request) => {
    arrange();
    const before = readTree(at.root, true);
    const error = await failure(restore(request));
    expect(error.code).toBe("RESTORE_REFUSED");
    expect(error.problems.map((p) => p.code)).toContain(code);
    expect(readTree(at.root, true)).toEqual(before);
    expect(at.calls.filter((call) => call !== "ensure")).toEqual([]);
  });

  it("tells every reason at once, and takes an unverified point when it is forced to", async () => {
    at.point({
      chainId: "dev-2",
      sizeBytes: 2 ** 52,
      verification: { level: null, at: null, evidence: null, bad: null },
    });
    const { problems } = await failure(restore(byId));
    expect(problems.map((p) => p.code)).toEqual(["RESTORE_CHAIN", "RESTORE_UNVERIFIED", "RESTORE_NO_ROOM"]);
    at.point({ verification: { level: null, at: null, evidence: null, bad: null } });
    await restore({ ...byId, forceUnverified: true });
    expect(readTree(at.home)).toEqual(NEW);
  });
});

describe("a copy that does not arrive", () => {
  beforeEach(() => void at.point());

  async function leavesNodeAlone(): Promise<VaultError> {
    const error = await failure(restore());
    expect(readTree(at.home, true)).toEqual(OLD);
    expect(at.calls.includes("stop") || !at.running).toBe(false);
    expect(readTree(at.directory)).toEqual({});
    return error;
  }

  it("because the disk is full leaves the node alone, and gives the room back", async () => {
    at.fail("fetch", new VaultError("TARGET_FULL", "no room is left"));
    expect((await leavesNodeAlone()).code).toBe("TARGET_FULL");
  });

  it("because it holds a key is thrown away", async () => {
    at.data = { ...NEW_DATA, "data/state.db/node_key.json": "{}" };
    const error = await leavesNodeAlone();
    expect([error.code, error.message]).toEqual(["KEYS_FOUND", expect.stringContaining("data/state.db/node_key.json")]);
  });

  it("because somebody cancels it leaves the node alone", async () => {
    at.onFetch = () => at.abort.abort();
    expect((await leavesNodeAlone()).code).toBe("JOB_CANCELLED");
  });

  it("has not begun where its journal cannot be written", async () => {
    writeFileSync(at.directory, "no directory");
    const error = await failure(restore());
    expect(error.code).toBe("RESTORE_JOURNAL");
    expect([readTree(at.home, true), at.calls]).toEqual([OLD, []]);
  });

  it("because the point holds nothing that the node takes for data costs a stop and no data", async () => {
    at.data = { "elsewhere/1": "new" };
    expect((await failure(restore())).code).toBe("RESTORE_EMPTY");
    expect([readTree(at.home, true), at.running]).toEqual([OLD, true]);
  });
});

describe("what fails while the node stands still", () => {
  beforeEach(() => void at.point());

  it("ends with the old data and a running node when it cannot be stopped", async () => {
    at.fail("stop", new VaultError("RUNTIME_STOP", "no"));
    expect((await failure(restore())).code).toBe("RUNTIME_STOP");
    expect([readTree(at.home, true), at.running]).toEqual([OLD, true]);
  });

  it.each([0, 1, 2, 3, 4])("ends so, too, when rename %i of the data fails", async (n) => {
    let done = 0;
    renames.mockImplementation(async (from, to) => {
      if (String(to).startsWith(at.home) && done++ === n) throw new Error("EIO");
      return realRename(from, to);
    });
    expect((await failure(restore())).message).toContain("EIO");
    expect([readTree(at.home, true), at.running]).toEqual([OLD, true]);
    expect(Object.keys(readTree(at.directory))).toEqual(["last-restore.json"]);
  });

  it("never starts a node on a mix: one that can go neither way stands still, says so, and is ended by the next agent", async () => {
    let done = 0;
    renames.mockImplementation(async (from, to) => {
      if (String(to).startsWith(at.home) && done++ >= 3) throw new Error("EIO");
      return realRename(from, to);
    });
    expect(await failure(restore())).toMatchObject({ code: "RESTORE_STUCK", message: expect.stringContaining("EIO") });
    expect(at.running).toBe(false);
    renames.mockImplementation(realRename);
    expect(await recoverRestore(at.world())).toEqual({ node: "mirror-0", data: "old" });
    expect([readTree(at.home, true), at.running]).toEqual([OLD, true]);
  });
});

describe("new data that the node does not take", () => {
  beforeEach(() => void at.point());

  it.each([
    ["never runs", [false]],
    ["is started again and again", Array.from({ length: 400 }, (_, i) => i % 4 === 0)],
    ["takes long to end each time", Array.from({ length: 400 }, (_, i) => i % 10 !== 0)],
  ])("gives way to the old data when its process %s", async (_, runs) => {
    at.ready = false;
    at.runs = runs;
    const error = await failure(restore());
    expect([error.code, error.message]).toEqual(["RESTORE_ROLLED_BACK", expect.stringContaining("chainkeep logs")]);
    expect([readTree(at.home, true), at.running]).toEqual([OLD, true]);
    expect(at.calls.filter((call) => ["stop", "start"].includes(call))).toEqual(["stop", "start", "stop", "start"]);
  });

  it("stays where there was no other", async () => {
    rmSync(at.home, { recursive: true });
    at.ready = false;
    at.runs = [false];
    expect((await failure(restore())).code).toBe("RESTORE_DOES_NOT_RUN");
    expect(readTree(at.home)).toEqual({ ...NEW_DATA, "data/priv_validator_state.json": FRESH });
    expect(Object.keys(readTree(at.directory))).not.toContain("restore.json");
  });

  it("stays while the node catches up, and the old data is kept", async () => {
    at.ready = false;
    const error = await failure(restore(newest, { readyMs: 50 }));
    expect([error.code, error.message]).toEqual(["RESTORE_NOT_READY", expect.stringContaining(".chainkeep-before-")]);
    expect([readTree(at.home), at.running]).toEqual([NEW, true]);
    expect(await recoverRestore(at.world())).toBeUndefined();
  });

  it("is not waited for by an agent that stops", async () => {
    at.ready = false;
    const restoring = failure(restore(newest, { readyMs: 60_000 }));
    setTimeout(() => at.abort.abort(), 100);
    expect((await restoring).code).toBe("RESTORE_NOT_READY");
    expect(readTree(at.home)).toEqual(NEW);
  });
});
