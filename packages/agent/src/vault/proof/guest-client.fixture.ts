import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { InventoryGuest, InventoryGuestProcess, InventoryGuestStart } from "@chainkeep/core";

/**
 * A client in a few lines: answers `head` and `block` as FAKE_PROBE and BLOCK_PROBE ask, from `chain.json` in its directory, and imports a
 * block every few milliseconds up to `target`. `ends`, `stubborn` and the like make it misbehave.
 */
const PROGRAM = `
const fs = require("node:fs"), http = require("node:http");
const [home, port, mode] = process.argv.slice(2);
const read = () => JSON.parse(fs.readFileSync(home + "/data/chain.json", "utf8"));
let config = {};
try { config = JSON.parse(fs.readFileSync(home + "/config.json", "utf8")); } catch {}
let chain;
try { chain = read(); } catch (error) { console.error("cannot open the database: " + error.message); process.exit(3); }
console.log("opened at " + chain.height + " " + mode + " " + process.argv.slice(5).join(" "));
const behaviour = { ...chain, ...config };
if (behaviour.ends === mode) { console.error("panic: it cannot go on"); process.exit(4); }
if (behaviour.stubborn) process.on("SIGTERM", () => {});
else process.on("SIGTERM", () => process.exit(0));
if (behaviour.child) require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
let height = chain.height;
const hash = (h) => (chain.prefix ?? "aa") + String(h).padStart(62, "0");
if (mode === "online") setInterval(() => { if (height < (behaviour.target ?? 0)) height += 1; }, behaviour.everyMs ?? 20);
http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const { method, params = [] } = JSON.parse(body);
    const answers = {
      head: { height, time: Math.floor(Date.now() / 1000), syncing: false, chainId: chain.chainId ?? "7", version: "1.2.3", hash: hash(height) },
      peers: mode === "online" ? (behaviour.peers ?? 3) : 0,
      block: params[0] <= height && params[0] !== chain.missing ? hash(params[0]) : null,
    };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: answers[method] }));
  });
}).listen(Number(port), "127.0.0.1").on("error", (error) => { console.error(error.message); process.exit(1); });
`;

/** What `data/chain.json` says: the restored data of the fake client. */
export interface FakeChain {
  readonly height: number;
  /** First two digits of every block's hash. */
  readonly prefix?: string;
  readonly chainId?: string;
  /** A block that it has lost. */
  readonly missing?: number;
  readonly ends?: "offline" | "online";
  readonly stubborn?: boolean;
  readonly child?: boolean;
  readonly target?: number;
  readonly everyMs?: number;
  readonly peers?: number;
}

/** Hash of a block as the fake client tells it. */
export const fakeHash = (height: number, prefix = "aa") => prefix + String(height).padStart(62, "0");

/** A guest below a directory whose only client is the fake one. */
export function fakeGuest(root: string, port: number, change: Partial<InventoryGuestProcess> = {}): InventoryGuest {
  const program = path.join(root, "client.js");
  const files = path.join(root, "templates");
  mkdirSync(files, { recursive: true });
  writeFileSync(program, PROGRAM);
  writeFileSync(path.join(files, "template"), "ours");
  const directory = path.join(root, "guests", "proof-fake-full");
  const home = path.join(directory, "home");
  const start = (mode: string): InventoryGuestStart => ({
    command: [process.execPath, program, home, String(port), mode],
    env: { FROM_TEMPLATE: "yes" },
    prepare: [],
    files,
  });
  return {
    name: "proof-fake-full",
    directory,
    processes: [
      {
        name: "proof-fake-full",
        layer: "node",
        client: "fake",
        version: "1.2.3",
        home,
        questions: "fake",
        probeUrl: `http://127.0.0.1:${port}`,
        stopSignal: "SIGTERM",
        graceSeconds: 5,
        offline: start("offline"),
        online: start("online"),
        ...change,
      },
    ],
  };
}

/** Writes restored data where the guest's home is. */
export function writeChain(home: string, chain: FakeChain): void {
  mkdirSync(path.join(home, "data"), { recursive: true });
  writeFileSync(path.join(home, "data", "chain.json"), JSON.stringify(chain));
}
