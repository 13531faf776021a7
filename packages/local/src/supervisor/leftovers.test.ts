import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { entryOf } from "./launch";
import { endLeftovers } from "./leftovers";
import { hasProc } from "./process-table";

const ID = `left${process.pid}`;
const children: ChildProcess[] = [];

async function orphan(name: string | undefined) {
  const script = `for (const s of ["SIGTERM", "SIGINT"]) process.on(s, () => process.exit(s === "SIGINT" ? 2 : 15)); console.log("ready"); setInterval(() => {}, 1000)`;
  const mark = name === undefined ? {} : { CHAINKEEP_PROCESS: name };
  const child = spawn(process.execPath, ["-e", script], {
    env: { ...process.env, CHAINKEEP_SUPERVISOR: ID, ...mark },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  const ended = once(child, "exit").then(([code]) => code as number);
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return { child, ended };
}

const entry = (name: string, stopSignal: "SIGINT" | "SIGTERM") =>
  entryOf(
    {
      name,
      command: ["/bin/true"],
      env: {},
      workingDir: "/",
      argsFile: undefined,
      prepare: [],
      stopSignal,
      graceSeconds: 30,
      backoffSeconds: 1,
      restartDigest: undefined,
    },
    ID,
  );

const project = { processes: { a: entry("a", "SIGINT"), b: entry("b", "SIGTERM") }, claims: {} };

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const onProc = hasProc ? test : test.skip;

onProc("each process of a killed supervisor ends by its own signal, and the daemon before them", async () => {
  const [a, b, forgotten, daemon] = await Promise.all([orphan("a"), orphan("b"), orphan("c"), orphan(undefined)]);
  await endLeftovers({ supervisorId: ID, project, children: {} });
  expect(await Promise.all([a.ended, b.ended, forgotten.ended, daemon.ended])).toEqual([2, 15, 15, 15]);
});

onProc("only the process that was asked for ends", async () => {
  const [a, b] = await Promise.all([orphan("a"), orphan("b")]);
  await endLeftovers({ supervisorId: ID, project, children: {}, name: "a" });
  expect(await a.ended).toBe(2);
  expect(b.child.exitCode).toBeNull();
});
