import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { resticFailure } from "./restic-failure";
import { type ResticRun, runRestic } from "./run-restic";

describe("a run of restic", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "chainkeep-run-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const run = (script: string, change: Partial<ResticRun> = {}) => {
    const program = path.join(directory, "restic");
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return runRestic({ program, args: ["backup"], env: { PATH: process.env.PATH }, repository: "/vault", ...change });
  };

  it("reads messages and lets other lines be, however much there is", async () => {
    const messages: unknown[] = [];
    const script = `echo '{"message_type":"status","bytes_done":1}'; echo plain; echo '{torn'; echo '{"message_type":"exit_error","code":1,"message":"why"}' >&2; exit 1`;
    const { end } = await run(script, { onMessage: (message) => messages.push(message) });
    expect(messages).toEqual([{ message_type: "status", bytes_done: 1 }]);
    expect(end).toMatchObject({ code: 1, said: ["why"] });
    const { end: long } = await run("i=0; while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done");
    expect([long.said.length, long.said[0], long.said.at(-1)]).toEqual([60, "line 0", "line 499"]);
  });

  it("never repeats a secret", async () => {
    const env = { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: "wonderland" };
    const { end } = await run('echo "refused: $AWS_SECRET_ACCESS_KEY" >&2; exit 1', { env });
    expect(end.said).toEqual(["refused: ***"]);
  });

  it("is a failure when it is killed, and when there is no program", async () => {
    const { end } = await run("kill -9 $$");
    expect(resticFailure(end)).toMatchObject({ code: "STORE_FAILED", message: "restic backup was ended by SIGKILL" });
    await expect(run("", { program: "/nowhere" })).rejects.toMatchObject({ code: "STORE_PROGRAM" });
    await expect(run("", { program: directory })).rejects.toMatchObject({ code: "STORE_PROGRAM" });
  });

  it("is interrupted when it is cancelled, and killed when it does not mind", async () => {
    const cancel = new AbortController();
    const polite = "trap 'echo unlocked >&2; exit 130' INT; echo '{}'; while :; do sleep 0.05; done";
    const { end } = await run(polite, { signal: cancel.signal, onMessage: () => cancel.abort() });
    expect(end).toMatchObject({ code: 130, aborted: true, said: ["unlocked"] });
    const again = new AbortController();
    // Node would take the signal again as soon as it has started.
    const deaf = "trap '' INT; echo '{}'; exec sleep 60";
    const dead = await run(deaf, { signal: again.signal, onMessage: () => again.abort(), graceMs: 100 });
    expect(dead.end).toMatchObject({ signal: "SIGKILL", aborted: true });
    expect((await run("exit 0", { signal: again.signal })).end.aborted).toBe(true);
  });

  it("does not wait for ever for one that has found no room, and tells that as the reason", async () => {
    const full = "echo 'Save(<data/cf>) failed: write /vault/data/cf/cf-tmp: no space left on device' >&2";
    for (const hangs of ["exec sleep 60", "trap '' TERM; while :; do sleep 0.05; done"]) {
      const { end } = await run(`${full}; ${hangs}`, { hopelessMs: 50, graceMs: 100 });
      expect(resticFailure(end)).toMatchObject({ code: "STORE_FULL" });
    }
    // Where it tries again by itself, and where only a cache is full, it goes on.
    const goesOn = "echo 'Save(<data/cf>) returned error, retrying after 1s: no space left on device' >&2; sleep 0.4";
    expect((await run(goesOn, { hopelessMs: 50, graceMs: 100 })).end.code).toBe(0);
  });

  it("tells the pid of the program itself, also when it runs gently", async () => {
    const pids: number[] = [];
    const lines: string[] = [];
    await run("echo $$", { gentle: true, onChild: (pid) => pids.push(pid), onLine: (line) => lines.push(line) });
    expect(lines).toEqual(pids.map(String));
  });
});
