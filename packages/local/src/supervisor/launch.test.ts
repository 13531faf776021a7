import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { entryOf, isPreparing, launchScript, type ProcessSpec } from "./launch";

/** Prints its arguments, each with a NUL behind it. */
const SHOW = ["/usr/bin/printf", "%s\\0", "first"];

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "chainkeep-launch-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function spec(more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name: "rpc-0",
    command: [...SHOW],
    env: {},
    workingDir: directory,
    argsFile: undefined,
    prepare: [],
    stopSignal: "SIGTERM",
    graceSeconds: 30,
    backoffSeconds: 5,
    restartDigest: undefined,
    ...more,
  };
}

function shown(stdout: string): string[] {
  return stdout.split("\u0000").slice(1, -1);
}

function run(given: ProcessSpec) {
  const [shell = "", ...args] = entryOf(given, "0123456789abcdef").entrypoint;
  return spawnSync(shell, args, { encoding: "utf8" });
}

const words = fc.array(
  fc.string({ unit: "binary" }).filter((word) => !word.includes("\u0000")),
  { maxLength: 4 },
);

describe("the launch of a process", () => {
  test("passes every argument on as it is", () => {
    fc.assert(
      fc.property(words, (args) => {
        const wellFormed = args.map((arg) => Buffer.from(arg).toString());
        expect(shown(run(spec({ command: [...SHOW, ...wellFormed] })).stdout)).toEqual(wellFormed);
      }),
      { numRuns: 25 },
    );
  });

  test("passes every argument of a preparation on as it is", () => {
    fc.assert(
      fc.property(words, (args) => {
        const wellFormed = args.map((arg) => Buffer.from(arg).toString());
        const { stdout } = run(spec({ prepare: [[...SHOW, ...wellFormed]], command: ["/bin/true"] }));
        expect(shown(stdout)).toEqual(wellFormed);
      }),
      { numRuns: 25 },
    );
  });

  test("starts in the working directory, whatever its name", () => {
    const odd = path.join(directory, "it's $HOME; `x`");
    const { stdout } = run(spec({ workingDir: directory, prepare: [["/bin/mkdir", odd]], command: ["/bin/ls"] }));
    expect(stdout).toBe("it's $HOME; `x`\n");
    expect(run(spec({ workingDir: odd, command: ["/bin/pwd"] })).stdout).toBe(`${odd}\n`);
  });

  test("appends the words of the arguments file and expands nothing in them", () => {
    const file = path.join(directory, "args");
    writeFileSync(file, "--peers=a,b  *\n$HOME\n");
    expect(shown(run(spec({ argsFile: file })).stdout)).toEqual(["--peers=a,b", "*", "$HOME"]);
  });

  test("does not start when the arguments file, the working directory or a preparation fails", () => {
    const witness = path.join(directory, "started");
    const command = ["/usr/bin/env", "touch", witness];
    const missing = path.join(directory, "missing");
    for (const more of [{ argsFile: missing }, { workingDir: missing }, { prepare: [["/bin/false"], ["/bin/true"]] }]) {
      expect(run(spec({ command, ...more })).status).not.toBe(0);
      expect(existsSync(witness)).toBe(false);
    }
  });

  test("does not start after a stop during the preparation, even if that takes no notice", async () => {
    const witness = path.join(directory, "started");
    const ready = path.join(directory, "ready");
    const stubborn = `process.on("SIGTERM", () => process.exit(0)); require("fs").writeFileSync(${JSON.stringify(ready)}, ""); setInterval(() => {}, 1000)`;
    const given = spec({ prepare: [[process.execPath, "-e", stubborn]], command: ["/usr/bin/env", "touch", witness] });
    const [shell = "", ...args] = entryOf(given, "0123456789abcdef").entrypoint;
    const child = spawn(shell, args, { detached: true, stdio: "ignore" });
    const ended = once(child, "exit");
    while (!existsSync(ready)) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(-(child.pid as number), "SIGTERM");
    expect(await ended).toEqual([143, null]);
    expect(existsSync(witness)).toBe(false);
  });

  test("becomes the program itself, so that signals reach it", () => {
    const { stdout } = run(
      spec({ command: ["/bin/sh", "-c", "ps -o args= -p $$ || tr '\\0' ' ' < /proc/$$/cmdline"] }),
    );
    expect(stdout).not.toContain("set -ef");
  });

  test("is told from the program by its command line", () => {
    expect(isPreparing(["/bin/sh", "-c", launchScript(spec()), "/bin/sh", "/usr/bin/geth"])).toBe(true);
    expect(isPreparing(["/bin/sh", "-c", "sleep 1"])).toBe(false);
    expect(isPreparing([])).toBe(false);
  });

  test("carries the marks, which nobody can overwrite", () => {
    const { environment } = entryOf(spec({ env: { A: "1", CHAINKEEP_PROCESS: "other" } }), "0123456789abcdef");
    expect(environment).toEqual(["A=1", "CHAINKEEP_PROCESS=rpc-0", "CHAINKEEP_SUPERVISOR=0123456789abcdef"]);
  });

  test("differs when only the restart digest does", () => {
    const [one, two] = ["1", "2"].map((restartDigest) => entryOf(spec({ restartDigest }), "0123456789abcdef"));
    expect(one).not.toEqual(two);
  });
});
