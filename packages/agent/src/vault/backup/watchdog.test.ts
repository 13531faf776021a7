import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { identify } from "../proof/process-identity";
import { type Journal, journalFile } from "./journal";
import { type WatchdogOptions, watchdog } from "./watchdog";

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
const QUICK = { attempt: "a", say: (line: string) => void lines.push(line), pollMs: 10, tryAgainMs: 10 };
const run = (change: Partial<WatchdogOptions> = {}) => watchdog(file, { ...QUICK, ...change });
const starts = () => readFileSync(started, "utf8").trim().split("\n").length;

describe("the watchdog", () => {
  it("starts the node of an agent that is gone", async () => {
    write({});
    expect(await run()).toBe("started");
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
    expect(await run()).toBe("started");
    expect(starts()).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Journal>]>([
    ["the node runs again", { agent: own, phase: "recording" }],
    ["the agent went before it stopped anybody", { phase: "warm" }],
  ])("ends without a word when %s", async (_, change) => {
    write(change);
    expect(await run()).toBe("left");
    expect(() => starts()).toThrow();
  });

  it("ends when the journal is gone, or belongs to another attempt", async () => {
    expect(await run()).toBe("left");
    const later = Date.now() / 1000 + 3600;
    write({ agent: own, deadline: later });
    const { watching, first } = watch();
    await first;
    write({ agent: own, attempt: "b", deadline: later });
    expect(await watching).toBe("left");
  });

  it("has nothing to do with the journal of another attempt, whatever becomes of that one", async () => {
    write({ attempt: "b" });
    expect(await run()).toBe("left");
    expect(() => starts()).toThrow();
  });

  it("says that it watches when it has read the journal, and not before", async () => {
    write({ attempt: "b" });
    const onWatching = jest.fn();
    await run({ onWatching });
    expect(onWatching).not.toHaveBeenCalled();
    write({});
    await run({ onWatching });
    expect(onWatching).toHaveBeenCalledTimes(1);
  });

  it("holds on to what it knew when the journal tells nothing any more", async () => {
    const agent = spawn("sleep", ["60"], { stdio: "ignore" });
    write({ agent: identify(agent.pid ?? 0) ?? gone });
    const { watching, first } = watch();
    await first;
    writeFileSync(file, "{ torn");
    agent.kill("SIGKILL");
    expect(await watching).toBe("started");
    expect(starts()).toBe(3);
  });

  it("fails at once where no journal tells what to watch over", async () => {
    writeFileSync(file, "{ torn");
    expect(await run()).toBe("failed");
  });

  it("gives up on a process that is gone for good, and starts the others all the same", async () => {
    write({ start: [["/bin/sh", "-c", "exit 3"]] });
    expect(await run()).toBe("failed");
    expect(() => starts()).toThrow();
    write({
      start: [
        ["/bin/sh", "-c", "exit 3"],
        ["/bin/sh", "-c", `echo x >> ${started}`],
      ],
    });
    expect(await run()).toBe("failed");
    expect(starts()).toBe(3);
  });

  it("tries a process that fails again and again, and does not let the other one wait for it", async () => {
    const first = path.join(directory, "first");
    write({
      start: [
        ["/bin/sh", "-c", `echo x >> ${first}; [ $(wc -l < ${first}) -gt 6 ]`],
        ["/bin/sh", "-c", `[ -e ${started} ] || wc -l < ${first} > ${started}`],
      ],
    });
    expect(await run()).toBe("started");
    expect(readFileSync(started, "utf8").trim()).toBe("1");
  });

  it("leaves the node to an agent that has taken over while it tries", async () => {
    write({ start: [["/bin/sh", "-c", `rm -f ${file}; exit 1`]] });
    expect(await run()).toBe("left");
    expect(existsSync(started)).toBe(false);
  });
});

/** Begins to watch; `first` is kept when it has read the journal. */
function watch() {
  let looked = () => {};
  const first = new Promise<void>((resolve) => {
    looked = resolve;
  });
  return { watching: run({ onWatching: looked }), first };
}
