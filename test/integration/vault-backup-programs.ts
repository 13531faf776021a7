/* A small node and its control program, for tests that kill whatever is around them. */

/**
 * Counts in two databases at once, which only fit each other at a stop by its signal. With a file `stubborn` beside it, it ignores the signal; with a
 * file `last-words`, it writes so many bytes before it ends.
 */
export const NODE = `
const fs = require("node:fs"), crypto = require("node:crypto");
const [home, root] = process.argv.slice(2);
const file = (name) => home + "/data/" + name + ".db/count";
const has = (name) => fs.existsSync(root + "/" + name);
for (const name of ["a", "b"]) fs.mkdirSync(home + "/data/" + name + ".db", { recursive: true });
let count = 0;
try { count = Number(fs.readFileSync(file("a"), "utf8")) || 0; } catch {}
const timer = setInterval(() => { count += 1; fs.writeFileSync(file("a"), String(count)); fs.writeFileSync(file("b"), String(count)); }, 5);
process.on("SIGTERM", () => {
  if (has("stubborn")) return;
  clearInterval(timer);
  if (has("last-words")) fs.writeFileSync(home + "/data/a.db/last-words", crypto.randomBytes(Number(fs.readFileSync(root + "/last-words", "utf8"))));
  process.exit(0);
});
`;

/** Stops and starts it like a supervisor; a node that outlives its grace is killed. */
export const CONTROL = `
const fs = require("node:fs"), { spawn } = require("node:child_process");
const [action, root, grace, ...node] = process.argv.slice(2);
const file = root + "/node.pid";
const pid = () => { try { return Number(fs.readFileSync(file, "utf8")); } catch { return 0; } };
const lives = (p) => { try { return p > 0 && !/\\) [ZX] /.test(fs.readFileSync("/proc/" + p + "/stat", "utf8")); } catch { return false; } };
const say = (answer) => console.log(JSON.stringify(answer));
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
if (action === "state") say({ running: lives(pid()) });
if (action === "start") {
  if (!lives(pid())) {
    const child = spawn(process.execPath, node, { detached: true, stdio: "ignore" });
    fs.writeFileSync(file, String(child.pid));
    fs.appendFileSync(root + "/starts.log", child.pid + "\\n");
    child.unref();
  }
  say({ started: true });
}
if (action === "stop") {
  const began = Date.now();
  const late = () => Date.now() - began > Number(grace) * 1000;
  if (lives(pid())) process.kill(pid(), "SIGTERM");
  while (lives(pid()) && !late()) sleep(10);
  const killed = lives(pid());
  if (killed) process.kill(pid(), "SIGKILL");
  while (lives(pid())) sleep(10);
  say({ ended: killed ? "killed" : "stopped", seconds: (Date.now() - began) / 1000 });
}
`;
