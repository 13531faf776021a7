import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Fleet } from "../../packages/agent/src/fleet/fleet";
import { Prober } from "../../packages/agent/src/probe/prober";
import type { JobContext, PointStore, VaultWorld } from "../../packages/agent/src/vault/contracts";
import { NodeAsker } from "../../packages/agent/src/vault/proof/chain-asker";
import { inventoryOf } from "../../packages/core/src/cluster/inventory-of";
import type { AgentInventory } from "../../packages/core/src/cluster/inventory-types";
import type { ClusterPlan, NodePlan } from "../../packages/core/src/cluster/types";
import { deriveGuest } from "../../packages/core/src/vault/derive-guest";
import type { InventoryVault } from "../../packages/core/src/vault/inventory-types";
import { type RecoveryPoint, UNVERIFIED } from "../../packages/core/src/vault/point";
import { CHAIN_PORTS, CometChain, writePlanned } from "./comet-chain";
import { freeRange, SEED } from "./comet-world";

/** A chain with a vault: its agent's eyes, its guest's templates, and a fork and a stranger of the same name to take wrong points of. */
export class VaultCometWorld {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-proof-"));
  readonly chain: CometChain;
  readonly fork: CometChain;
  readonly stranger: CometChain;
  readonly asker: NodeAsker;
  inventory: AgentInventory;
  private readonly fleet: Fleet;
  private readonly prober: Prober;

  private constructor(
    program: string,
    readonly restic: string,
    from: number,
  ) {
    const settings = (name: string, i: number) => {
      const root = path.join(this.root, name);
      mkdirSync(root, { recursive: true });
      return { program, root, seed: SEED, from: from + i * CHAIN_PORTS };
    };
    const groups = { val: ["validator", 4], mirror: ["mirror", 1] } as const;
    this.chain = new CometChain({ ...settings("chain", 0), groups });
    this.fork = new CometChain({ ...settings("fork", 1), groups });
    this.stranger = new CometChain({
      ...settings("stranger", 2),
      seed: [...SEED].reverse().join(""),
      groups: { val: ["validator", 1] },
    });
    writeFileSync(path.join(this.root, "password"), "vault of a test\n", { mode: 0o600 });
    const inventory = inventoryOf(this.chain.plan, {
      stack: "test",
      listen: { host: "127.0.0.1", port: 1 },
      vault: {
        restic,
        passwordFile: path.join(this.root, "password"),
        directory: path.join(this.root, "vault"),
        control: () => ({ stop: [], start: [], state: [] }),
        guestDirectory: (guest) => path.join(this.root, "chain", "guests", guest),
        guestStart: (process, mode) => ({
          command: [program, ...process.args],
          env: {},
          prepare: [],
          files: this.templates(mode),
        }),
      },
    });
    this.inventory = inventory;
    this.fleet = new Fleet(inventory);
    this.prober = new Prober(inventory, {
      onObservation: (target, observation) => this.fleet.observe(target, observation),
      onRequest: () => {},
      onError: () => {},
      onOverrun: () => {},
      onCheckpoint: (target, checkpoint) => this.fleet.checkpoint(target, checkpoint),
      onReorg: () => {},
      believed: (layer) => this.fleet.state().heights.get(layer),
    });
    this.asker = new NodeAsker(() => this.inventory);
  }

  /** Starts the chain, parts the fork from it after a few blocks, and lets the stranger make some. */
  static async of(program: string, restic: string): Promise<VaultCometWorld> {
    const world = new VaultCometWorld(program, restic, await freeRange(3 * CHAIN_PORTS));
    const { chain, fork, stranger } = world;
    try {
      await stranger.start("val-0");
      await chain.start(...chain.nodes);
      for (const node of chain.nodes) await chain.untilHeight(node, 4);
      await chain.stop(...chain.nodes);
      for (const node of chain.nodes) {
        const data = (of: CometChain) => path.join(of.process(node).home, "data");
        cpSync(data(chain), data(fork), { recursive: true, force: true });
      }
      await Promise.all([chain.start(...chain.nodes), fork.start(...fork.nodes)]);
      world.fleet.start();
      world.prober.start();
      await Promise.all([chain.untilHeight("mirror-0", 20), fork.untilHeight("mirror-0", 15)]);
      await stranger.untilHeight("val-0", 10);
    } catch (error) {
      await world.dispose();
      throw error;
    }
    return world;
  }

  async dispose(): Promise<void> {
    this.fleet.stop();
    await Promise.all([this.prober.stop(), this.asker.close()]);
    await Promise.all([this.chain, this.fork, this.stranger].map((chain) => chain.dispose()));
    rmSync(this.root, { recursive: true, force: true });
  }

  get vault(): InventoryVault {
    return this.inventory.vault as InventoryVault;
  }

  world(store: PointStore, change: Partial<InventoryVault> = {}): VaultWorld {
    return {
      inventory: () => this.inventory,
      vault: () => ({ ...this.vault, ...change }),
      fleet: () => this.fleet.state(),
      store,
      copy: () => store,
      runtime: undefined as never,
      asker: this.asker,
      log: () => {},
      now: Date.now,
    };
  }

  job(): JobContext {
    return { id: "job", signal: new AbortController().signal, step: () => {}, progress: () => {} };
  }

  /**
   * Stops a node, copies it as `spoil` leaves it, and starts it again. The record says that the mirror was copied, as a wrong one would.
   */
  async take(
    store: PointStore,
    chain: CometChain,
    node: string,
    spoil: (home: string) => void = () => {},
  ): Promise<RecoveryPoint> {
    const process = chain.process(node);
    const { dataPaths, keyPaths, database } = process.client;
    const told = await chain.status(node);
    await chain.stop(node);
    const createdAt = Date.now() / 1000;
    const home = path.join(mkdtempSync(path.join(this.root, "copy-")), "home");
    cpSync(process.home, home, { recursive: true });
    await chain.start(node);
    spoil(home);
    const attempt = `a-${path.basename(path.dirname(home))}`;
    const of = { attempt, cluster: "world", node };
    const captured = await store.capture({ ...of, sources: [{ process: node, home, dataPaths, keyPaths }] });
    const point: RecoveryPoint = {
      schemaVersion: 1,
      id: `world-${told.height}-${attempt.replace(/[^A-Za-z0-9.-]/g, "")}`,
      vault: "vault",
      stack: "test",
      cluster: "world",
      protocol: "cometbft",
      network: "private",
      node: "mirror-0",
      group: "mirror",
      kind: "mirror",
      lineage: "cometbft-full",
      chainId: told.chainId,
      genesis: null,
      height: told.height,
      blockHash: told.hash,
      stateHash: null,
      blockTime: createdAt,
      createdAt,
      startedAt: createdAt,
      finishedAt: createdAt,
      downtimeSeconds: 1,
      consistency: "clean-stop",
      trigger: "manual",
      processes: [
        {
          name: node,
          layer: "node",
          client: "cometbft",
          version: process.version,
          reportedVersion: null,
          engine: database.engine,
          home,
          dataPaths,
        },
      ],
      storage: { kind: "restic", snapshot: captured.snapshot, files: captured.files, addedBytes: captured.addedBytes },
      sizeBytes: captured.bytes,
      manifest: { algorithm: "restic-tree-sha256", digest: await store.digest(captured.snapshot) },
      keys: { excluded: keyPaths, filesSeen: 0, filesRead: 0, at: createdAt },
      signedHeight: null,
      lockedUntil: null,
      lockMode: null,
      verification: UNVERIFIED,
      copies: [],
    };
    await store.putRecord(point);
    return point;
  }

  /** Templates of a guest that meets the nodes of the fork where it should meet those of the chain. */
  templatesWithPeersOf(chain: CometChain): string {
    const directory = path.join(this.root, "templates-elsewhere");
    cpSync(this.templates("online"), directory, { recursive: true });
    const file = path.join(directory, "config", "config.toml");
    let text = readFileSync(file, "utf8");
    for (const node of this.chain.nodes) {
      const [right, wrong] = [this.chain, chain].map((of) => of.process(node).ports.p2p);
      text = text.replaceAll(`@127.0.0.1:${right}`, `@127.0.0.1:${wrong}`);
    }
    writeFileSync(file, text);
    return directory;
  }

  /** What a target lays beside the guest: its configuration, genesis and keys of its own. */
  private templates(mode: "offline" | "online"): string {
    const directory = path.join(this.root, `templates-${mode}`);
    if (existsSync(directory)) return directory;
    const guest = this.chain.plan.backup?.lineages[0]?.guest?.[mode];
    if (!guest) throw new Error("no guest in the plan");
    const { open, secret } = guestFiles(this.chain.plan, guest);
    for (const file of [...open, ...secret]) writePlanned(directory, file);
    return directory;
  }
}

function guestFiles(plan: ClusterPlan, guest: NodePlan) {
  const { files } = deriveGuest(plan, guest, SEED);
  return files[guest.name]?.node ?? { open: [], secret: [] };
}
