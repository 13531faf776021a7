import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Fleet } from "../../../packages/agent/src/fleet/fleet";
import { Prober } from "../../../packages/agent/src/probe/prober";
import { takePoint } from "../../../packages/agent/src/vault/backup/take-point";
import type { JobContext, NodeRuntime, VaultWorld } from "../../../packages/agent/src/vault/contracts";
import { NodeAsker } from "../../../packages/agent/src/vault/proof/chain-asker";
import { restoreNode } from "../../../packages/agent/src/vault/restore/restore-node";
import { openStore } from "../../../packages/agent/src/vault/store/open-store";
import { inventoryOf } from "../../../packages/core/src/cluster/inventory-of";
import { CHAIN_PORTS, CometChain } from "../../integration/comet-chain";
import { freeRange, SEED } from "../../integration/comet-world";
import { coldCaches, now, timed } from "./disk";
import { atEnd, needed } from "./stage";
import { type Outcome, round, tell } from "./tell";

const NODE = "rpc-0";
const MOST_BLOCKS = 4000;
const LONGEST_SECONDS = 120;

/** How long a full node that has lost its data is away: with a restore, and with a sync from the first block. */
export async function genesis(): Promise<Outcome> {
  const network = await Network.of();
  const forget = atEnd(() => network.kill());
  try {
    const { chain } = network;
    const making = await network.makeBlocks();
    const point = await takePoint(
      network.world,
      { lineage: network.lineage, node: "mirror-0", trigger: "manual" },
      network.job,
    );
    tell(`point ${point.id} of mirror-0, stopped for ${point.downtimeSeconds} s`);
    // The same height for both: that of the point.
    const { height } = point;
    await network.lose();
    const cold = coldCaches();
    tell(`${NODE} syncs from the first block, up to ${height}`);
    const synced = await timed(async () => {
      await chain.start(NODE);
      await network.caughtUp(height);
    });
    tell(`synced in ${round(synced)} s`);
    await network.lose();
    coldCaches();
    tell(`${NODE} is restored`);
    let restored = Number.NaN;
    const began = now();
    const restoring = restoreNode(
      network.world,
      { node: NODE, point: { id: point.id }, forceUnverified: true },
      network.job,
    );
    const caughtUp = network.caughtUp(height).then(() => {
      restored = now() - began;
    });
    const [{ seconds: ready }] = await Promise.all([restoring, caughtUp]);
    return {
      name: "genesis",
      figures: {
        blocks: height,
        blocksPerSecond: round(making.blocks / making.seconds),
        cache: cold ? "cold" : "warm",
        syncSeconds: round(synced),
        restoreSeconds: round(restored),
        restoreReadySeconds: ready,
        ratio: round(restored / synced, 3),
      },
      lines: [
        `of ${height} blocks (made in ${round(making.seconds)} s, almost empty), sync from the first one: ${round(synced)} s`,
        `restore of the same node until it had caught up: ${round(restored)} s (ready for the agent after ${ready} s) ÷ that sync: ${round(restored / synced, 3)}`,
        "the sync grows with every block and every transaction; the restore grows with the data",
      ],
    };
  } finally {
    forget();
    await network.end();
  }
}

/** One validator that makes blocks as fast as it can, a mirror, and a full node to lose. */
class Network {
  readonly job: JobContext = {
    id: "bench",
    signal: new AbortController().signal,
    step: (name) => tell(`  ${name}`),
    progress: () => {},
  };
  private readonly running = new Set<string>();

  private constructor(
    readonly root: string,
    readonly chain: CometChain,
    readonly world: VaultWorld,
    private readonly eyes: { readonly fleet: Fleet; readonly prober: Prober; readonly asker: NodeAsker },
  ) {}

  static async of(): Promise<Network> {
    const [program, restic] = [needed("cometbft"), needed("restic")];
    const root = mkdtempSync(path.join(tmpdir(), "chainkeep-genesis-"));
    try {
      const from = await freeRange(CHAIN_PORTS);
      const groups = { val: ["validator", 1], mirror: ["mirror", 1], rpc: ["full", 1] } as const;
      const chain = new CometChain({ program, root, seed: SEED, groups, from });
      for (const node of chain.nodes) pace(chain, node, "1ms", true);
      writeFileSync(path.join(root, "password"), "vault of a benchmark\n", { mode: 0o600 });
      const network = Network.watching(root, chain, restic);
      await network.begin();
      return network;
    } catch (error) {
      rmSync(root, { recursive: true, force: true });
      throw error;
    }
  }

  private static watching(root: string, chain: CometChain, restic: string): Network {
    const inventory = inventoryOf(chain.plan, {
      stack: "bench",
      listen: { host: "127.0.0.1", port: 1 },
      vault: {
        restic,
        passwordFile: path.join(root, "password"),
        directory: path.join(root, "vault"),
        control: () => ({ stop: [], start: [], state: [] }),
        guestDirectory: (guest) => path.join(root, "guests", guest),
        guestStart: (process) => ({ command: [program(process.name)], env: {}, prepare: [], files: root }),
      },
    });
    const { vault } = inventory;
    if (!vault) throw new Error("the inventory has no vault");
    const fleet = new Fleet(inventory);
    const prober = new Prober(inventory, {
      onObservation: (target, observation) => fleet.observe(target, observation),
      onRequest: () => {},
      onError: () => {},
      onOverrun: () => {},
      onCheckpoint: (target, checkpoint) => fleet.checkpoint(target, checkpoint),
      onReorg: () => {},
      believed: (layer) => fleet.state().heights.get(layer),
    });
    const asker = new NodeAsker(() => inventory);
    const { destination } = vault;
    const store = openStore({ vault, destination, cacheDirectory: path.join(root, "cache"), log: () => {} });
    const runtime: NodeRuntime = {
      stop: async ({ name }) => ({ ended: "stopped", seconds: await timed(() => network.stop(name)) }),
      start: ({ name }) => network.start(name),
      isRunning: async ({ name }) => network.running.has(name),
    };
    const network: Network = new Network(
      root,
      chain,
      {
        inventory: () => inventory,
        vault: () => vault,
        fleet: () => fleet.state(),
        store,
        copy: () => store,
        runtime,
        asker,
        log: () => {},
        now: Date.now,
      },
      { fleet, prober, asker },
    );
    return network;
  }

  get lineage(): string {
    const found = this.world.vault().lineages.find(({ nodes }) => nodes.includes(NODE));
    if (!found) throw new Error(`${NODE} is in no lineage`);
    return found.id;
  }

  private async begin(): Promise<void> {
    await this.world.store.ensure();
    await this.start("val-0");
    this.eyes.fleet.start();
    this.eyes.prober.start();
  }

  /** Until there are enough, or it has taken too long. Then the validator makes them as slowly as others do. */
  async makeBlocks(): Promise<{ readonly blocks: number; readonly seconds: number }> {
    const began = now();
    await this.chain.untilHeight("val-0", 2);
    for (let told = 0; ; ) {
      const { height } = await this.chain.status("val-0");
      const seconds = now() - began;
      if (height >= MOST_BLOCKS || seconds > LONGEST_SECONDS) {
        if (height < MOST_BLOCKS) tell(`fewer than ${MOST_BLOCKS} blocks: they take too long`);
        await this.slow();
        return { blocks: height, seconds };
      }
      if (seconds - told >= 15) tell(`${height} of ${MOST_BLOCKS} blocks`);
      if (seconds - told >= 15) told = seconds;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private async slow(): Promise<void> {
    await this.stop("val-0");
    pace(this.chain, "val-0", "1s", false);
    await this.start("val-0");
    tell("mirror-0 syncs, to be copied");
    await this.start("mirror-0");
    const isReady = () => this.eyes.fleet.state().nodes.get("mirror-0")?.ready;
    for (const end = now() + 300; !isReady() && now() < end; ) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async start(node: string): Promise<void> {
    if (this.running.has(node)) return;
    await this.chain.start(node);
    this.running.add(node);
  }

  async stop(node: string): Promise<void> {
    await this.chain.stop(node);
    this.running.delete(node);
  }

  /** Stops the node and deletes its data, less the file that says what was signed. */
  async lose(): Promise<void> {
    await this.stop(NODE);
    const data = path.join(this.chain.process(NODE).home, "data");
    for (const name of readdirSync(data)) {
      if (name !== "priv_validator_state.json") rmSync(path.join(data, name), { recursive: true });
    }
    mkdirSync(data, { recursive: true });
  }

  /** Until the node has a block of that height and says that it is syncing no longer. */
  async caughtUp(height: number): Promise<void> {
    const url = `http://127.0.0.1:${this.chain.process(NODE).ports.rpc}/status`;
    for (const end = now() + 1200; now() < end; ) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
        async (response) => (await response.json()) as Status,
        () => undefined,
      );
      const { latest_block_height: at = "0", catching_up: catching = true } = answer?.result?.sync_info ?? {};
      if (Number(at) >= height && !catching) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${NODE} does not catch up to ${height}`);
  }

  /** At once, for somebody who does not wait. */
  kill(): void {
    void this.chain.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }

  async end(): Promise<void> {
    this.eyes.fleet.stop();
    await Promise.all([this.eyes.prober.stop(), this.eyes.asker.close()]);
    await this.chain.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }
}

interface Status {
  readonly result?: { readonly sync_info?: { readonly latest_block_height: string; readonly catching_up: boolean } };
}

/** Nobody starts a guest here. */
const program = (name: string): string => `/no-guest/${name}`;

/** How long a validator waits after a block; with an application that keeps its state on the disk. */
function pace(chain: CometChain, node: string, wait: string, skip: boolean): void {
  const file = path.join(chain.process(node).home, "config", "config.toml");
  const text = readFileSync(file, "utf8")
    .replace(/^proxy_app = .*$/m, 'proxy_app = "persistent_kvstore"')
    .replace(/^timeout_commit = .*$/m, `timeout_commit = "${wait}"`)
    .replace(/^skip_timeout_commit = .*$/m, `skip_timeout_commit = ${skip}`);
  writeFileSync(file, text);
}
