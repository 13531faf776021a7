import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  commandLineOf,
  endProcess,
  hasProc,
  identify,
  isRunning,
  markedProcesses,
  parentOf,
  signalProcess,
} from "./process-table";

const ID = `test${process.pid}`;
const children: ChildProcess[] = [];

async function start(script: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["-e", script], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, "data");
  const found = identify(child.pid as number);
  if (found === undefined) throw new Error("the child is gone");
  return { child, found };
}

const WAIT = "console.log('ready'); setInterval(() => {}, 1000)";

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

test("a process is itself until it ends", async () => {
  const { child, found } = await start(WAIT);
  expect(isRunning(found)).toBe(true);
  expect(parentOf(found.pid)).toBe(process.pid);
  expect(commandLineOf(found.pid)).toEqual([process.execPath, "-e", WAIT]);
  const ended = once(child, "exit");
  expect(await endProcess(found, "SIGTERM", 30)).toBe(true);
  expect((await ended)[1]).toBe("SIGTERM");
  expect(isRunning(found)).toBe(false);
});

test("a process that ignores its signal is killed when the grace is over", async () => {
  const { child, found } = await start(`process.on("SIGTERM", () => {}); ${WAIT}`);
  const ended = once(child, "exit");
  expect(await endProcess(found, "SIGTERM", 0)).toBe(true);
  expect((await ended)[1]).toBe("SIGKILL");
});

test("a pid that belongs to somebody else by now is left alone", async () => {
  const { found } = await start(WAIT);
  const before = { pid: found.pid, startTime: "another" };
  expect(signalProcess(before, "SIGKILL")).toBe(false);
  expect(await endProcess(before, "SIGKILL", 0)).toBe(true);
  expect(isRunning(found)).toBe(true);
});

(hasProc ? test : test.skip)("marked processes are found, with the name of each", async () => {
  const { found: a } = await start(WAIT, { CHAINKEEP_SUPERVISOR: ID, CHAINKEEP_PROCESS: "a" });
  const { found: daemon } = await start(WAIT, { CHAINKEEP_SUPERVISOR: ID });
  await start(WAIT, { CHAINKEEP_SUPERVISOR: `${ID}0`, CHAINKEEP_PROCESS: "a" });
  expect(markedProcesses(ID)).toEqual(
    expect.arrayContaining([
      { ...a, name: "a" },
      { ...daemon, name: undefined },
    ]),
  );
  expect(markedProcesses(ID)).toHaveLength(2);
  expect(markedProcesses(ID, "a")).toEqual([{ ...a, name: "a" }]);
});
