import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { VaultError } from "../vault-error";
import { recoverRestore } from "./recover-restore";
import { restoreNode } from "./restore-node";
import { FRESH, KEPT, NEW_DATA, OLD_DATA, RestoreWorld, readTree, writeTree } from "./restore-world.fixture";

jest.mock("node:fs/promises", () => {
  const real = jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises");
  return { ...real, rename: jest.fn(real.rename) };
});
const renames = jest.mocked(rename);
const realRename = renames.getMockImplementation() as typeof rename;

const NEW = { ...KEPT, ...NEW_DATA };
const OLD = { ...KEPT, ...OLD_DATA };
const REQUEST = { node: "mirror-0", point: { newestVerified: true } } as const;

let at: RestoreWorld;
let aside: string;
let count = 0;
beforeEach(() => {
  at = new RestoreWorld();
  at.point();
  aside = mkdtempSync(path.join(tmpdir(), "chainkeep-moments-"));
});
afterEach(() => {
  renames.mockImplementation(realRename);
  at.close();
  rmSync(aside, { recursive: true, force: true });
});

/** Everything on the disk right before each rename: of the journal, and of the data. A process that is killed there leaves exactly that. */
async function moments(action: () => Promise<unknown>): Promise<string[]> {
  const taken: string[] = [];
  renames.mockImplementation(async (from, to) => {
    const place = path.join(aside, String(count++));
    cpSync(at.root, place, { recursive: true, preserveTimestamps: true });
    taken.push(place);
    return realRename(from, to);
  });
  await action().catch(() => undefined);
  renames.mockImplementation(realRename);
  const end = path.join(aside, String(count++));
  cpSync(at.root, end, { recursive: true });
  return [...taken, end];
}

function backTo(moment: string): void {
  rmSync(at.root, { recursive: true });
  cpSync(moment, at.root, { recursive: true });
  at.running = false;
  at.runs = undefined;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

const restore = () => restoreNode(at.world(), REQUEST, at.job, { readyMs: 500, deadMs: 30, pollMs: 5 });

/** All old or all new, the node runs, and nothing is left but the old data. */
async function recoversWhole(): Promise<"old" | "new" | "nothing to do"> {
  const done = await recoverRestore(at.world());
  const tree = readTree(at.home);
  expect([NEW, OLD]).toContainEqual(tree);
  if (done) expect(tree).toEqual(done.data === "new" ? NEW : OLD);
  if (done) expect(at.running).toBe(true);
  const own = Object.keys(readTree(at.home, true)).filter((name) => name.startsWith(".chainkeep-"));
  expect(own.filter((name) => !name.startsWith(".chainkeep-before-"))).toEqual([]);
  if (done?.data === "old") expect(own).toEqual([]);
  expect(Object.keys(readTree(at.directory)).filter((name) => /^restore\.json/.test(name))).toEqual([]);
  return done?.data ?? "nothing to do";
}

it("ends the restore of a node that had lost everything with what its client needs to start", async () => {
  rmSync(path.join(at.home, "data"), { recursive: true });
  const fresh = { ...NEW, "data/priv_validator_state.json": FRESH };
  let ended = 0;
  for (const moment of await moments(restore)) {
    backTo(moment);
    if ((await recoverRestore(at.world()))?.data !== "new") continue;
    expect(readTree(at.home)).toEqual(fresh);
    ended += 1;
  }
  expect(ended).toBeGreaterThan(1);
});

it("ends a restore that was killed anywhere with all old or all new data, also when it is killed itself", async () => {
  const all = await moments(restore);
  const ends: string[] = [];
  for (const moment of all) {
    backTo(moment);
    const again = await moments(() => recoverRestore(at.world()));
    for (const inner of again) {
      backTo(inner);
      await recoversWhole();
    }
    backTo(moment);
    ends.push(await recoversWhole());
  }
  // Both ways were seen: what had not begun goes back, what had begun is carried on.
  expect(new Set(ends)).toEqual(new Set(["nothing to do", "old", "new"]));
});

it("ends a rollback that was killed anywhere with all old or all new data", async () => {
  at.ready = false;
  at.runs = [false];
  for (const moment of await moments(restore)) {
    backTo(moment);
    await recoversWhole();
  }
});

it("keeps what is born in between out of both, wherever the machine was started anew", async () => {
  const born = { "data/state.db/1": "born", "data/young.db/1": "born" };
  for (const moment of await moments(restore)) {
    backTo(moment);
    const before = readTree(at.home);
    const texts = Object.values(before);
    // Whole: nothing of what is restored has begun, or all of it has ended.
    if (before["data/gone.db/1"] !== undefined && before["data/state.db/1"] !== undefined) continue;
    if (texts.filter((text) => text === "new").length === Object.keys(NEW_DATA).length) continue;
    // A client that finds no data begins with none.
    const fresh = Object.entries(born).filter(([file]) => before[file] === undefined);
    writeTree(at.home, Object.fromEntries(fresh));
    at.running = true;
    await recoversWhole();
  }
});

it("ends the dead agent's copy before it removes what that writes", async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  const gone = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  try {
    const moment = path.join(aside, "moment");
    at.onFetch = async ({ onChild }) => {
      onChild?.(child.pid as number);
      await until(() => readTree(at.directory)["restore.json"]?.includes(`"pid":${child.pid},`) === true);
      cpSync(at.root, moment, { recursive: true });
      throw new VaultError("STORE_CANCELLED", "killed");
    };
    await restore().catch(() => undefined);
    backTo(moment);
    expect(await recoversWhole()).toBe("old");
    expect(await gone).toBe("SIGKILL");
  } finally {
    child.kill("SIGKILL");
  }
});

it("takes nothing for a journal that is torn, keeps it, and says where to look", async () => {
  writeTree(at.directory, { "restore.json": '{"schemaVersion":1,"id":"x","node":"mir' });
  expect(await recoverRestore(at.world())).toBeUndefined();
  expect(Object.keys(readTree(at.directory))).toEqual(["restore.json.torn"]);
  expect(at.events).toContain("restore_journal_torn");
  expect(readTree(at.home)).toEqual(OLD);
});

it("touches nothing while the node cannot be stopped, and is tried again", async () => {
  const all = await moments(restore);
  const half = all.find((moment) => {
    const tree = readTree(path.join(moment, "mirror-0"));
    return tree["data/gone.db/1"] === undefined && tree["data/tx.db/1"] === undefined;
  }) as string;
  backTo(half);
  at.running = true;
  at.fail("stop", new VaultError("RUNTIME_STOP", "no"));
  await expect(recoverRestore(at.world())).rejects.toMatchObject({ code: "RESTORE_STUCK" });
  expect(await recoversWhole()).toBe("new");
});

it("removes what a restore without a journal has left", async () => {
  writeTree(at.home, { ".chainkeep-restore-0a/data/1": "", ".chainkeep-stray-0a/1": "", ".chainkeep-before-0a/1": "" });
  await recoverRestore(at.world());
  expect(Object.keys(readTree(at.home, true)).filter((name) => name.startsWith("."))).toEqual([
    ".chainkeep-before-0a/1",
  ]);
});
