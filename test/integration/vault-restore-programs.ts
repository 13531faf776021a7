/* Small programs in the place of a client and of a supervisor. */

/**
 * A client whose databases must all be of one generation. With none it begins at height 0 and stays there; otherwise it follows the network. It
 * writes down whatever does not fit.
 */
export const CLIENT = `
const fs = require("node:fs"), http = require("node:http");
const [home, port, root, name] = process.argv.slice(2);
fs.writeFileSync(root + "/" + name + ".client", String(process.pid));
fs.mkdirSync(home + "/data", { recursive: true });
const all = () => fs.readdirSync(home + "/data").filter((n) => n.endsWith(".db"));
if (all().length === 0) {
  fs.mkdirSync(home + "/data/0.db");
  fs.writeFileSync(home + "/data/0.db/generation", "0:1");
}
const read = (n) => { try { return fs.readFileSync(home + "/data/" + n + "/generation", "utf8"); } catch { return "none"; } };
const marks = new Set(all().map(read));
const [height, count] = [...marks][0].split(":").map(Number);
if (marks.size !== 1 || all().length !== count) {
  fs.appendFileSync(root + "/mix.log", name + " " + all().length + " of " + [...marks].join(" and ") + "\\n");
  process.exit(1);
}
const began = Number(fs.readFileSync(root + "/began", "utf8"));
const now = () => (height === 0 ? 0 : 1000 + Math.floor((Date.now() - began) / 1000));
const hash = (n) => n.toString(16).padStart(64, "0");
http.createServer((request, response) => {
  let body = "";
  request.on("data", (c) => (body += c)).on("end", () => {
    const { method, params = [] } = JSON.parse(body || "{}");
    const head = { height: now(), time: Math.floor(Date.now() / 1000), syncing: false, chainId: "7", version: "1.2.3", hash: hash(now()) };
    const result = method === "head" ? head : method === "peers" ? 3 : method === "block" ? hash(params[0]) : { method, name };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
  });
}).listen(Number(port), "127.0.0.1");
`;

/** Stops and starts it like a supervisor, which starts anew what ends by itself. */
export const CONTROL = `
const fs = require("node:fs"), { spawn } = require("node:child_process");
const [action, root, name, ...client] = process.argv.slice(2);
const pid = (kind) => { try { return Number(fs.readFileSync(root + "/" + name + "." + kind, "utf8")); } catch { return 0; } };
const lives = (p) => { try { return p > 0 && !/\\) [ZX] /.test(fs.readFileSync("/proc/" + p + "/stat", "utf8")); } catch { return false; } };
const say = (answer) => console.log(JSON.stringify(answer));
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
if (action === "state") say({ running: lives(pid("client")) });
if (action === "start") {
  if (!lives(pid("loop"))) {
    const loop = 'while :; do "$0" "$@"; sleep 0.3; done';
    const child = spawn("/bin/sh", ["-c", loop, process.execPath, ...client], { detached: true, stdio: "ignore" });
    fs.writeFileSync(root + "/" + name + ".loop", String(child.pid));
    child.unref();
  }
  say({ started: true });
}
if (action === "stop") {
  const loop = pid("loop");
  if (lives(loop)) process.kill(-loop, "SIGTERM");
  while (lives(loop) || lives(pid("client"))) sleep(10);
  say({ ended: "stopped", seconds: 0.1 });
}
`;

/** Bytes that no compression makes smaller, made fast. */
export function randomBlock(bytes: number, seed: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let x = (seed + 1) * 2654435761;
  for (let i = 0; i + 4 <= bytes; i += 4) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    buffer.writeInt32LE(x | 0, i);
  }
  return buffer;
}
