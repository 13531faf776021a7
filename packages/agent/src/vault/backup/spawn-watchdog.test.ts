import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { identify } from "../proof/process-identity";
import { spawnWatchdog } from "./spawn-watchdog";

const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-spawn-"));
const file = path.join(directory, "journal.json");
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A program in the place of the agent's. */
function bundle(text: string): { readonly bundle: string; readonly patienceMs: number } {
  const name = path.join(directory, "agent.cjs");
  writeFileSync(name, `const fs = require("node:fs");\n${text}`);
  return { bundle: name, patienceMs: 5000 };
}
const told = path.join(directory, "told");
const TELLS = `fs.writeFileSync(${JSON.stringify(told)}, JSON.stringify([process.pid, process.argv.slice(2), Object.keys(process.env)]));`;

describe("the start of a watchdog", () => {
  it("resolves when it watches, which it does without the agent and without its supervisor's marks", async () => {
    process.env.CHAINKEEP_PROCESS = "agent";
    const program = bundle(`${TELLS} process.send("watching"); setTimeout(() => {}, 60_000);`);
    const pid = await spawnWatchdog(file, "a-1", program).finally(() => delete process.env.CHAINKEEP_PROCESS);
    try {
      const [own, words, names] = JSON.parse(readFileSync(told, "utf8"));
      expect([own, words]).toEqual([pid, ["watchdog", "--journal", file, "--attempt", "a-1"]]);
      expect(names).not.toContain("CHAINKEEP_PROCESS");
      // A leader of its own group: no signal for the agent's reaches it.
      process.kill(-pid, 0);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it.each([
    ["ends at once", "process.exit(2)", 5000],
    ["cannot be read", "not a program", 5000],
    ["hangs before it watches", `${TELLS} setTimeout(() => {}, 60_000);`, 700],
  ])("fails when it %s, and leaves none behind", async (_, text, patienceMs) => {
    rmSync(told, { force: true });
    const work = spawnWatchdog(file, "a-1", { ...bundle(text), patienceMs });
    await expect(work).rejects.toMatchObject({ code: "WATCHDOG_SILENT" });
    if (!text.startsWith(TELLS)) return;
    const [pid] = JSON.parse(readFileSync(told, "utf8"));
    while (identify(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("needs no log: a disk that takes none is no reason to leave a node alone", async () => {
    mkdirSync(path.join(directory, "other/watchdog.log"), { recursive: true });
    const pid = await spawnWatchdog(
      path.join(directory, "other/journal.json"),
      "a-1",
      bundle(`process.send("watching"); setTimeout(() => {}, 60_000);`),
    );
    process.kill(pid, "SIGKILL");
  });
});
