import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, InventoryGuest, InventoryGuestProcess } from "@chainkeep/core";
import {
  closeAll,
  deadPort,
  FAKE_PROBE,
  fakeInventory,
  inventoryNode,
  tcpServer,
  until,
} from "../../testing/fake-node.fixture";
import { NodeAsker } from "./chain-asker";
import { type Guest, withGuest } from "./guest";
import { fakeGuest, writeChain } from "./guest-client.fixture";
import { markedBy } from "./guest-process";
import { readGuestRecord } from "./guest-record";
import { isRunning } from "./process-identity";

let root: string;
let inventory: AgentInventory;
let asker: NodeAsker;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "chainkeep-guest-"));
  inventory = await fakeInventory([]);
  asker = new NodeAsker(() => inventory);
});
afterEach(async () => {
  await asker.close();
  await closeAll();
  rmSync(root, { recursive: true, force: true });
});

const guestOf = async (change: Partial<InventoryGuestProcess> = {}) => fakeGuest(root, await deadPort(), change);
const settings = (signal = new AbortController().signal) => ({
  inventory,
  job: "job-1",
  lifetimeSeconds: 60,
  signal,
  now: Date.now,
});
const signal = new AbortController().signal;
const first = (of: InventoryGuest) => of.processes[0] as InventoryGuestProcess;
const head = async (of: InventoryGuest) =>
  (await asker.head({ probeUrl: first(of).probeUrl, questions: FAKE_PROBE })).head;

async function opened(guest: Guest, mode: "offline" | "online" = "offline") {
  await guest.start(mode, signal);
  return until(
    "it answers",
    () => head(guest.of),
    (found) => found !== undefined,
  );
}

describe("a guest", () => {
  it("answers from the restored data, with files of its templates over it, and leaves nothing behind", async () => {
    const of = await guestOf();
    const pid = await withGuest(of, settings(), async (guest) => {
      writeChain(first(of).home, { height: 42 });
      writeFileSync(path.join(first(of).home, "template"), "restored");
      expect(await opened(guest)).toMatchObject({ height: 42 });
      expect(readFileSync(path.join(first(of).home, "template"), "utf8")).toBe("ours");
      expect(guest.output()["proof-fake-full"]).toEqual(["--- started offline", "opened at 42 offline "]);
      const record = await readGuestRecord(of.directory);
      expect(record).toMatchObject({ job: "job-1", processes: [{ name: "proof-fake-full" }] });
      return record?.processes[0];
    });
    expect(pid && isRunning(pid)).toBe(false);
    expect(existsSync(of.directory)).toBe(false);
  });

  it("starts anew in the other mode, on the same data", async () => {
    const of = await guestOf();
    await withGuest(of, settings(), async (guest) => {
      writeChain(first(of).home, { height: 5, target: 9 });
      await opened(guest);
      await guest.start("online", signal);
      await until(
        "it imports",
        () => head(of),
        (found) => found?.height === 9,
      );
    });
  });

  it("takes the words that its prepare step has left", async () => {
    const of = await guestOf();
    const { home, offline } = first(of);
    const argsFile = path.join(home, "words");
    const step = [process.execPath, "-e", 'require("node:fs").writeFileSync("words", "--a=1 --b=2")'];
    const changed = { ...of, processes: [{ ...first(of), offline: { ...offline, prepare: [step], argsFile } }] };
    await withGuest(changed, settings(), async (guest) => {
      writeChain(home, { height: 1 });
      await opened(guest);
      expect(guest.output()["proof-fake-full"]).toContain("opened at 1 offline --a=1 --b=2");
    });
  });

  it("says how a client ended by itself, and what it said last", async () => {
    const of = await guestOf();
    await withGuest(of, settings(), async (guest) => {
      await guest.start("offline", signal);
      const exit = await until(
        "it ends",
        () => guest.ended(),
        (found) => found !== undefined,
      );
      expect(exit).toMatchObject({ process: "proof-fake-full", how: "ended with exit code 3" });
      expect(exit?.lines.join()).toContain("cannot open the database");
    });
  });

  it("ends a client that does not want to, and what the client has started", async () => {
    const of = await guestOf({ graceSeconds: 0.3 });
    let marked: ReturnType<typeof markedBy> = [];
    await withGuest(of, settings(), async (guest) => {
      writeChain(first(of).home, { height: 1, stubborn: true, child: true });
      await opened(guest);
      marked = await until(
        "both are there",
        () => markedBy(of.directory),
        ({ length }) => length === 2,
      );
    });
    await until(
      "both are gone",
      () => marked.filter(isRunning),
      ({ length }) => length === 0,
    );
  });

  it("does not hand the agent's environment to a client", async () => {
    const of = await guestOf();
    const step = [process.execPath, "-e", "console.log(Object.keys(process.env).sort().join())"];
    const changed = { ...of, processes: [{ ...first(of), offline: { ...first(of).offline, prepare: [step] } }] };
    process.env.AWS_SECRET_ACCESS_KEY = "secret";
    try {
      await withGuest(changed, settings(), async (guest) => {
        writeChain(first(of).home, { height: 1 });
        await guest.start("offline", signal);
        const [, names] = guest.output()["proof-fake-full"] ?? [];
        expect(names).toContain("FROM_TEMPLATE");
        expect(names).not.toContain("AWS_SECRET_ACCESS_KEY");
      });
    } finally {
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
  });

  it.each<[string, (of: InventoryGuest) => InventoryGuest, string]>([
    ["a program that is not there", (of) => offline(of, { command: ["/nowhere/client"] }), "GUEST_PROGRAM"],
    [
      "a step that fails",
      (of) => offline(of, { prepare: [[process.execPath, "-e", "process.exit(2)"]] }),
      "GUEST_PREPARE",
    ],
    ["words that nobody left", (of) => offline(of, { argsFile: "/nowhere/words" }), "GUEST_PREPARE"],
    ["templates that are gone", (of) => offline(of, { files: "/nowhere/files" }), "GUEST_FILES"],
  ])("has a clear word for %s", async (_, change, code) => {
    const of = change(await guestOf());
    await expect(withGuest(of, settings(), (guest) => guest.start("offline", signal))).rejects.toMatchObject({ code });
    expect(existsSync(of.directory)).toBe(false);
  });

  it("has a clear word for a port that somebody else listens on", async () => {
    const { port } = await tcpServer(() => {});
    const of = fakeGuest(root, port);
    const start = withGuest(of, settings(), (guest) => guest.start("offline", signal));
    await expect(start).rejects.toMatchObject({ code: "GUEST_PORT", message: expect.stringContaining(String(port)) });
  });

  it("writes its files over links that were restored, never through them", async () => {
    const of = await guestOf();
    const outside = path.join(root, "outside");
    writeFileSync(outside, "somebody else's");
    await withGuest(of, settings(), async (guest) => {
      writeChain(first(of).home, { height: 1 });
      symlinkSync(outside, path.join(first(of).home, "template"));
      expect(await guest.linkOut()).toBe(path.join(first(of).home, "template"));
      await opened(guest);
    });
    expect(readFileSync(outside, "utf8")).toBe("somebody else's");
  });

  it.each(["of a node", "around a node", "of nobody"])("is refused a directory %s, untouched", async (what) => {
    const of = await guestOf();
    mkdirSync(of.directory, { recursive: true });
    const node = inventoryNode("rpc-0", "http://127.0.0.1:1");
    const dataDir = what === "of a node" ? path.dirname(of.directory) : path.join(of.directory, "data");
    const nodes = [{ ...node, processes: node.processes.map((p) => ({ ...p, dataDir })) }];
    const of2 = what === "of nobody" ? { ...of, directory: "/" } : of;
    const run = withGuest(of2, { ...settings(), inventory: { ...inventory, nodes } }, async () => undefined);
    await expect(run).rejects.toMatchObject({ code: "GUEST_DIRECTORY" });
    expect(existsSync(of.directory)).toBe(true);
  });

  it("waits until the guest of another job is gone", async () => {
    const [one, two] = [await guestOf(), await guestOf()];
    const order: string[] = [];
    const use = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push(`${name} ends`);
    };
    await Promise.all([withGuest(one, settings(), use("one")), withGuest(two, settings(), use("two"))]);
    expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });
});

function offline(of: InventoryGuest, change: Partial<InventoryGuestProcess["offline"]>): InventoryGuest {
  return { ...of, processes: [{ ...first(of), offline: { ...first(of).offline, ...change } }] };
}
