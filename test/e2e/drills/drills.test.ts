import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { mountSmallDisk, unmount } from "../small-disk";
import { DrillWorld } from "./drill-world";
import { SILENCE } from "./forged-node";

const MINUTES = 60_000;
const TMPFS_BYTES = 400_000_000;

/** Breaks a running network in every way that its alerts promise to see; each drill ends with the all-clear. */
describe("drills", () => {
  const world = new DrillWorld();
  const mirrorHome = path.join(world.stateDir, "nodes", "mirror-0");
  const smallDisk = mountSmallDisk(mirrorHome, TMPFS_BYTES, "the drill of a full disk");
  const itWithDisk = smallDisk ? it : it.skip;

  beforeAll(async () => {
    await world.setUp();
    const start = await world.stack.cli("start");
    if (start.code !== 0) throw new Error(`start failed: ${start.stdout}\n${start.stderr}`);
  }, 40 * MINUTES);

  beforeEach(() => world.calm(), 8 * MINUTES);

  afterAll(async () => {
    for (const line of timingLines()) process.stderr.write(`${line}\n`);
    if (process.env.CHAINKEEP_DRILLS_JSON) {
      writeFileSync(process.env.CHAINKEEP_DRILLS_JSON, `${JSON.stringify(world.timings, undefined, 2)}\n`);
    }
    try {
      await world.stack.cli("stop");
    } finally {
      if (smallDisk) unmount(mirrorHome);
      await world.tearDown();
    }
  }, 5 * MINUTES);

  const timingLines = () =>
    world.timings.map(
      (t) =>
        `drill: ${t.drill}: ${t.alert} at the receiver after ${t.detectedSeconds.toFixed(1)} s, all-clear after ${t.resolvedSeconds.toFixed(1)} s`,
    );

  it(
    "a validator that is killed and does not come back",
    async () => {
      const told = await world.drill("validator killed for good", {
        alert: "NodeDown",
        node: "validators-3",
        // One of four is missing: the next one halts the chain.
        also: ["QuorumAtRisk"],
        begin: async () => {
          process.kill(await world.stack.pidOf("validators-3"), "SIGKILL");
          // Before the supervisor brings it back.
          await world.stack.supervisor.stop("validators-3");
        },
        end: () => world.stack.supervisor.start("validators-3"),
      });
      expect(told).toMatchObject({ severity: "critical", labels: { owner: "ops", role: "validator", stack: "local" } });
      expect(told.annotations.summary).toContain("validators-3");
      expect(told.annotations.runbook_url).toMatch(/\/runbooks\/NodeDown$/);
      const page = await fetch(told.annotations.runbook_url ?? "");
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Mitigation")]);
    },
    15 * MINUTES,
  );

  it(
    "a node that is frozen",
    async () => {
      const pid = await world.stack.pidOf("rpc-0");
      const told = await world.drill("process frozen", {
        alert: "RpcProbeFailing",
        node: "rpc-0",
        begin: () => void process.kill(pid, "SIGSTOP"),
        end: () => void process.kill(pid, "SIGCONT"),
      });
      // Another full node stands in for it.
      expect(told.severity).toBe("warning");
      expect(world.oncall.last("NodeDown", "rpc-0", 0)).toBeUndefined();
    },
    15 * MINUTES,
  );

  it(
    "an RPC that takes connections and never answers",
    async () => {
      let undo = async () => {};
      await world.drill("RPC dead, port open", {
        alert: "RpcProbeFailing",
        node: "rpc-1",
        begin: async () => {
          undo = await world.forgeNode("rpc-1", () => SILENCE);
        },
        end: () => undo(),
      });
    },
    15 * MINUTES,
  );

  it(
    "a node whose peers are cut off",
    async () => {
      const config = path.join(mirrorHome, "config", "config.toml");
      const before = readFileSync(config, "utf8");
      // Its siblings know its address by now and would dial it.
      const alone = before
        .replace(/^persistent_peers = .*$/m, 'persistent_peers = ""')
        .replace(/^pex = .*$/m, "pex = false")
        .replace(/^(max_num_(?:in|out)bound_peers) = .*$/gm, "$1 = 0");
      expect(alone).toMatch(/^max_num_inbound_peers = 0$/m);
      const restartWith = async (text: string) => {
        writeFileSync(config, text);
        await world.stack.supervisor.restart("mirror-0");
      };
      await world.drill("peers cut", {
        alert: "NoPeers",
        node: "mirror-0",
        begin: () => restartWith(alone),
        end: () => restartWith(before),
      });
    },
    15 * MINUTES,
  );

  it(
    "a chain that halts",
    async () => {
      const pids = [await world.stack.pidOf("validators-2"), await world.stack.pidOf("validators-3")];
      await world.drill("chain halted", {
        alert: "NetworkHalted",
        begin: () => pids.forEach((pid) => void process.kill(pid, "SIGSTOP")),
        end: () => pids.forEach((pid) => void process.kill(pid, "SIGCONT")),
      });
    },
    15 * MINUTES,
  );

  it(
    "a node that monitoring lost sight of",
    async () => {
      let restore = async () => {};
      await world.drill("target lost", {
        alert: "NodeTargetMissing",
        node: "mirror-0",
        begin: async () => {
          restore = await world.changeInventory((inventory) => ({
            ...inventory,
            nodes: inventory.nodes.filter((node) => node.name !== "mirror-0"),
          }));
        },
        end: () => restore(),
      });
    },
    15 * MINUTES,
  );

  it(
    "a node whose head is too old",
    async () => {
      let undo = async () => {};
      await world.drill("head too old", {
        alert: "HeadTimestampOld",
        node: "rpc-0",
        begin: async () => {
          undo = await world.forgeNode("rpc-0", ({ method }, answer) => {
            if (method !== "status") return answer;
            const { result } = answer as { result: { sync_info: { latest_block_time: string } } };
            const time = new Date(Date.parse(result.sync_info.latest_block_time) - 600_000).toISOString();
            result.sync_info.latest_block_time = time;
            return answer;
          });
        },
        end: () => undo(),
      });
    },
    15 * MINUTES,
  );

  it(
    "a node on another chain than its siblings",
    async () => {
      let undo = async () => {};
      const told = await world.drill("fork", {
        alert: "ForkDetected",
        node: "rpc-1",
        begin: async () => {
          undo = await world.forgeNode("rpc-1", forgeOldBlocks);
        },
        end: () => undo(),
      });
      expect(told.annotations.description).toContain("rpc-1");
    },
    15 * MINUTES,
  );

  itWithDisk(
    "a disk that reaches its reserve",
    async () => {
      const ballast = path.join(mirrorHome, "ballast");
      await world.drill("disk reserve reached", {
        alert: "DiskReserveReached",
        node: "mirror-0",
        begin: () => {
          const { bavail, bsize } = statfsSync(mirrorHome);
          writeFileSync(ballast, Buffer.alloc(bavail * bsize - 30_000_000));
        },
        end: () => rmSync(ballast, { force: true }),
      });
    },
    15 * MINUTES,
  );

  it(
    "a receiver that is down, told by the other one",
    async () => {
      const told = await world.drill("receiver down", {
        alert: "AlertDeliveryFailing",
        begin: async () => {
          await world.second.close();
          // Something critical, so that there is something to deliver.
          process.kill(await world.stack.pidOf("validators-3"), "SIGKILL");
          await world.stack.supervisor.stop("validators-3");
        },
        end: async () => {
          await world.second.open();
          await world.stack.supervisor.start("validators-3");
        },
      });
      expect(told.labels.integration).toBe("webhook");
    },
    20 * MINUTES,
  );
});

/** Hashes of old blocks only: what the node says of its head stays true. */
function forgeOldBlocks({ path: asked }: { readonly path: string }, answer: unknown): unknown {
  if (!/^\/(blockchain|commit)\b/.test(asked)) return answer;
  const flip = (hash: string) => hash.replace(/^./, (first) => (first === "0" ? "1" : "0"));
  return JSON.parse(
    JSON.stringify(answer).replace(/"hash":"([0-9A-Fa-f]{64})"/g, (_, hash: string) => `"hash":"${flip(hash)}"`),
  ) as unknown;
}

/** A small file system for one node's data; undefined where this user may not mount. */
