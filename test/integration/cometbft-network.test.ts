import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { NodeAsker } from "../../packages/agent/src/vault/proof/chain-asker";
import { beginningAt, cometHealth } from "../../packages/core/src/chains/comet-health";
import { cometNodeKey } from "../../packages/core/src/chains/comet-keys";
import type { AgentInventory } from "../../packages/core/src/cluster/inventory-types";
import type { HealthProbe } from "../../packages/core/src/health/types";
import { CometWorld, call, eventually, json, SEED } from "./comet-world";
import { describeWith, findProgram } from "./find-program";
import { oldBlock } from "./old-block";

const program = findProgram("cometbft");

describeWith({ cometbft: program })("cometbft", () => {
  describe("a network of two validators, a full node and a light proxy", () => {
    let world: CometWorld;

    beforeAll(async () => {
      world = await CometWorld.of(program ?? "", { val: ["validator", 2], rpc: ["full", 1], lite: ["light", 1] });
      for (const node of ["val-0", "val-1", "rpc-0"]) await world.start(node);
    }, 60_000);
    afterAll(() => world?.dispose(), 120_000);

    it.each(["val-0", "val-1", "rpc-0"])("gives %s the id by which the others know it", (node) => {
      const { stdout } = spawnSync(program ?? "", ["show-node-id", "--home", world.process(node).home], {
        encoding: "utf8",
      });
      expect(stdout.trim()).toBe(cometNodeKey(SEED, "world", node).id);
    });

    it("makes blocks that everybody agrees on", async () => {
      for (const node of ["val-0", "val-1", "rpc-0"]) {
        const told = await world.until(node, "is at block 3", ({ height, syncing }) => height >= 3 && !syncing);
        expect(told).toMatchObject({ chainId: "world", version: "0.38.19" });
        expect(told.age).toBeLessThan(15);
        await world.until(node, "has its peers", ({ peers }) => peers === 2);
      }
      const hashes = await Promise.all(["val-0", "val-1", "rpc-0"].map((node) => hashOf(node, 2)));
      expect(hashes[0]).toMatch(/^[0-9A-F]{64}$/);
      expect(new Set(hashes).size).toBe(1);
      for (const node of ["val-0", "rpc-0"]) {
        expect(await oldBlock(world.url(node), world.process(node).client.health, 2)).toBe(hashes[0]?.toLowerCase());
      }
      // Above its head a node has nothing to say, and says so.
      expect(await oldBlock(world.url("rpc-0"), world.process("rpc-0").client.health, 1_000_000)).toBeNull();
    }, 100_000);

    it("has no more validators than its genesis, with nodes that know their keys", async () => {
      const { result } = await json(`${world.url("rpc-0")}/validators`);
      const { validators } = result as { validators: { address: string }[] };
      const own = ["val-0", "val-1"].map(
        (node) => (JSON.parse(world.read(node, "config/priv_validator_key.json")) as { address: string }).address,
      );
      expect(validators.map((v) => v.address).sort()).toEqual(own.sort());
    });

    it("takes a transaction and finds it again", async () => {
      const tx = '"name=chainkeep"';
      const sent = (await json(`${world.url("rpc-0")}/broadcast_tx_commit?tx=${tx}`)).result as { hash: string };
      const found = await eventually(() => json(`${world.url("rpc-0")}/tx?hash=0x${sent.hash}`));
      expect(found.result).toMatchObject({ tx_result: { code: 0 } });
    }, 60_000);

    it("serves a light proxy that trusts block 1, follows, and goes on after a stop", async () => {
      const first = await hashOf("rpc-0", 1);
      expect(await world.start("lite-0")).toEqual(["--height=1", `--hash=${first}`]);
      const told = await world.until("lite-0", "follows", ({ height }) => height >= 3);
      expect(told.chainId).toBe("world");
      const before = await world.until("lite-0", "goes on", ({ height }) => height > told.height);
      expect(await hashOf("lite-0", told.height)).toBe(await hashOf("val-0", told.height));
      const verified = await oldBlock(world.url("lite-0"), world.process("lite-0").client.health, 2);
      expect(verified).toBe((await hashOf("val-0", 2)).toLowerCase());

      for (const round of [1, 2]) {
        expect([round, await world.stop("lite-0")]).toEqual([round, 0]);
        expect(await world.start("lite-0")).toEqual([]);
        await world.until("lite-0", "goes on where it was", ({ height }) => height > before.height + round);
      }
    }, 200_000);

    it("shows every metric that feeds a canonical series", async () => {
      const scrape = async (node: string) => (await fetch(`${world.url(node, "metrics")}/metrics`)).text();
      const known = new Set([...(await scrape("val-0")).matchAll(/^(\w+)[{ ]/gm)].map((match) => match[1]));
      const { series = {}, drop = [] } = world.process("val-0").client.metrics ?? {};
      const used = Object.values(series).flatMap((expr) => expr.match(/\b(?:cometbft|process)_\w+/g) ?? []);
      // Only while blocks or a snapshot are fetched.
      const passing = ["cometbft_blocksync_latest_block_height", "cometbft_statesync_syncing"];
      expect(used.filter((name) => !known.has(name) && !passing.includes(name))).toEqual([]);
      expect(used.filter((name) => drop.some((pattern) => new RegExp(`^(?:${pattern})$`).test(name)))).toEqual([]);
      const perPeer = [...(await scrape("val-0")).matchAll(/^(\w+)\{[^}]*peer_id=/gm)].map((match) => match[1] ?? "");
      expect(perPeer.length).toBeGreaterThan(0);
      expect(perPeer.filter((name) => !drop.some((pattern) => new RegExp(`^(?:${pattern})$`).test(name)))).toEqual([]);
    });

    it("goes on after a validator was stopped and all files were written again", async () => {
      const signed = () =>
        Number((JSON.parse(world.read("val-1", "data/priv_validator_state.json")) as { height: string }).height);
      expect(await world.stop("val-1")).toBe(0);
      const before = signed();
      expect(before).toBeGreaterThan(3);
      world.write();
      expect(signed()).toBe(before);
      await world.start("val-1");
      await world.until("rpc-0", "sees new blocks", ({ height }) => height > before + 2);
      expect(signed()).toBeGreaterThan(before);
    }, 200_000);

    async function hashOf(node: string, height: number): Promise<string> {
      const { result } = await json(`${world.url(node)}/commit?height=${height}`);
      return (result as { signed_header: { commit: { block_id: { hash: string } } } }).signed_header.commit.block_id
        .hash;
    }
  });

  describe("a chain that went on from another one at height 1000", () => {
    let world: CometWorld;
    const inventory = { probe: { timeoutMs: 5000, maxAnswerBytes: 1e6 }, blockTimeSeconds: 1 } as AgentInventory;
    const asker = new NodeAsker(() => inventory);

    beforeAll(async () => {
      world = await CometWorld.of(program ?? "", { val: ["validator", 1] });
      const genesis = JSON.parse(world.read("val-0", "config/genesis.json")) as object;
      const file = path.join(world.process("val-0").home, "config/genesis.json");
      writeFileSync(file, JSON.stringify({ ...genesis, initial_height: "1000" }));
      await world.start("val-0");
    }, 60_000);
    afterAll(() => Promise.all([world?.dispose(), asker.close()]), 60_000);

    it("is known by its first block where its client says which one that is, and by none where not", async () => {
      const { height } = await world.until("val-0", "goes on", ({ height: at }) => at >= 1002);
      expect(height).toBeGreaterThan(1000);
      const first = await oldBlock(world.url("val-0"), cometHealth, 1000);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      const ask = (questions: HealthProbe) => asker.block({ probeUrl: world.url("val-0"), questions }, 1001);
      expect(await ask(beginningAt(1000, cometHealth))).toMatchObject({ genesis: first });
      expect(await ask(cometHealth)).toMatchObject({ genesis: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    }, 60_000);
  });

  describe("a network behind sentries", () => {
    let world: CometWorld;

    beforeAll(async () => {
      world = await CometWorld.of(program ?? "", {
        val: ["validator", 1],
        gate: ["sentry", 1],
        hub: ["seed", 1],
        rpc: ["full", 1],
      });
      for (const { name } of world.plan.nodes) await world.start(name);
    }, 60_000);
    afterAll(() => world?.dispose(), 120_000);

    it("brings blocks to everybody while the validator knows its sentry only", async () => {
      await world.until("rpc-0", "follows", ({ height }) => height >= 5);
      const ids = async (node: string) => {
        const { peers } = (await call(world.url(node), { method: "net_info" })) as {
          peers: { node_info: { id: string } }[];
        };
        return peers.map((p) => p.node_info.id);
      };
      const id = (node: string) => cometNodeKey(SEED, "world", node).id;
      expect(await ids("val-0")).toEqual([id("gate-0")]);
      expect(await ids("gate-0")).toContain(id("val-0"));
      for (const node of ["rpc-0", "hub-0"]) expect(await ids(node)).not.toContain(id("val-0"));
    }, 100_000);
  });
});
