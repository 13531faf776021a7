import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { identify } from "../proof/process-identity";
import { BackupWorld } from "../testing/backup-world.fixture";
import { type Journal, journalFile } from "./journal";
import { recover } from "./recover";
import { watchdog } from "./watchdog";

const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-watchdog-"));
const started = path.join(directory, "started");
const file = journalFile(directory);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(file, { force: true });
  rmSync(started, { force: true });
});

const own = identify(process.pid) ?? { pid: 0, startTime: "" };
const gone = { pid: 999_999_999, startTime: "long ago" };
function write(change: Partial<Journal>): void {
  const journal: Journal = {
    schemaVersion: 1,
    attempt: "a",
    node: "mirror-0",
    phase: "copying",
    agent: gone,
    children: [],
    start: [["/bin/sh", "-c", `echo x >> ${started}`]],
    deadline: null,
    ...change,
  };
  writeFileSync(file, JSON.stringify(journal));
}
const lines: string[] = [];
const run = () => watchdog(file, { say: (line) => void lines.push(line), pollMs: 10, tryAgainMs: 10 });
const starts = () => readFileSync(started, "utf8").trim().split("\n").length;

describe("the watchdog", () => {
  it("starts the node of an agent that is gone", async () => {
    write({});
    expect(await run()).toBe(true);
    expect(starts()).toBeGreaterThan(0);
  });

  it("ends the copy first", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    write({ children: [identify(child.pid ?? 0) ?? gone] });
    await run();
    expect(await ended).toBe("SIGKILL");
  });

  it("starts the node when the backup takes too long, although the agent lives", async () => {
    write({ agent: own, deadline: 1 });
    expect(await run()).toBe(true);
    expect(starts()).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Journal>]>([
    ["the node runs again", { agent: own, phase: "recording" }],
    ["the agent went before it stopped anybody", { phase: "warm" }],
  ])("ends without a word when %s", async (_, change) => {
    write(change);
    expect(await run()).toBe(false);
    expect(() => starts()).toThrow();
  });

  it("ends when the journal is gone, or belongs to another attempt", async () => {
    expect(await run()).toBe(false);
    const later = Date.now() / 1000 + 3600;
    write({ agent: own, deadline: later });
    let looked = () => {};
    const first = new Promise<void>((resolve) => {
      looked = resolve;
    });
    const now = () => {
      looked();
      return Date.now();
    };
    const watching = watchdog(file, { say: () => {}, pollMs: 10, now });
    await first;
    write({ agent: own, attempt: "b", deadline: later });
    expect(await watching).toBe(false);
  });

  it("gives up on a process that is gone for good", async () => {
    write({ start: [["/bin/sh", "-c", "exit 3"]] });
    await run();
    expect(() => starts()).toThrow();
  });
});

describe("recover", () => {
  it("starts what a dead agent had stopped, and removes its half copy", async () => {
    const at = new BackupWorld();
    try {
      const place = journalFile(at.directory);
      mkdirSync(at.directory);
      at.running = false;
      writeFileSync(
        place,
        JSON.stringify({
          schemaVersion: 1,
          attempt: "dead",
          node: "mirror-0",
          phase: "copying",
          agent: gone,
          children: [],
          start: [],
          deadline: null,
        }),
      );
      at.fail("ensure", new Error("store away"));
      await expect(recover(at.world())).rejects.toThrow("store away");
      // The node first, whatever the store says.
      expect(at.running).toBe(true);
      expect(await recover(at.world())).toMatchObject({ attempt: "dead", started: ["mirror-0"] });
      expect(at.forgotten).toEqual(["dead"]);
      expect(await recover(at.world())).toMatchObject({ attempt: null, started: [] });
      writeFileSync(place, "{ torn");
      at.running = false;
      expect(await recover(at.world())).toMatchObject({ started: ["mirror-0"] });
      expect(at.running).toBe(true);
    } finally {
      at.close();
    }
  });
});
