import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { logKeeper } from "./log-keeper";

test("a log that has grown is moved aside and emptied in place", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-keeper-"));
  const log = path.join(directory, "supervisor.log");
  writeFileSync(log, "x".repeat(101));
  const [shell = "", ...args] = logKeeper(100, 0.02).entrypoint;
  const keeper = spawn(shell, args, { cwd: directory, detached: true, stdio: "ignore" });
  try {
    while (!existsSync(`${log}.1`) || readFileSync(log, "utf8") !== "") await new Promise((r) => setTimeout(r, 10));
    expect(readFileSync(`${log}.1`, "utf8")).toBe("x".repeat(101));
  } finally {
    process.kill(-(keeper.pid as number), "SIGKILL");
    await once(keeper, "exit");
    rmSync(directory, { recursive: true, force: true });
  }
});
