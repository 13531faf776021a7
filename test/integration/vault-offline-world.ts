import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { scanSnapshot } from "../../packages/agent/src/vault/backup/key-scan";
import type { AskTarget } from "../../packages/agent/src/vault/contracts";
import { NodeAsker } from "../../packages/agent/src/vault/proof/chain-asker";
import { type Guest, withGuest } from "../../packages/agent/src/vault/proof/guest";
import { openGuest, targetOf } from "../../packages/agent/src/vault/proof/open-guest";
import { proofTimes } from "../../packages/agent/src/vault/proof/proof-times";
import { restoreInto } from "../../packages/agent/src/vault/proof/restore-into";
import { openStore } from "../../packages/agent/src/vault/store/open-store";
import type { ResticStore } from "../../packages/agent/src/vault/store/restic-store";
import type { ClusterArgs, NodeGroupArgs } from "../../packages/core/src/cluster/args";
import { inventoryOf } from "../../packages/core/src/cluster/inventory-of";
import type { AgentInventory, InventoryProcess } from "../../packages/core/src/cluster/inventory-types";
import { deriveMaterial } from "../../packages/core/src/cluster/material";
import { planCluster } from "../../packages/core/src/cluster/plan";
import { PORTS_PER_NODE } from "../../packages/core/src/cluster/ports";
import type { ClusterPlan, NodePlan, ProcessPlan, TargetLayout } from "../../packages/core/src/cluster/types";
import { deriveGuest } from "../../packages/core/src/vault/derive-guest";
import type { InventoryGuest, InventoryGuestProcess } from "../../packages/core/src/vault/inventory-types";
import type { RecoveryPoint } from "../../packages/core/src/vault/point";
import { pointOf } from "../../packages/core/src/vault/point.fixture";
import { vaultSpecOf } from "../../packages/core/src/vault/vault-spec";
import { writePlanned } from "./comet-chain";
import { eventually, freeRange, SEED } from "./comet-world";

export interface OfflineSettings {
  readonly chain: ClusterArgs["chain"];
  readonly group: NodeGroupArgs;
  /** The client of the first process, which is the one that runs; the others of a node do not. */
  readonly program: string;
  readonly restic: string;
  /** For the node itself, so that it finds nobody either. */
  readonly alone: readonly string[];
}

type Layout = TargetLayout & Required<Pick<TargetLayout, "guest">>;

/** One node of a real client, a vault with the real restic, and the guest that the plan has for its points. */
export class OfflineWorld {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-offline-"));
  readonly plan: ClusterPlan;
  readonly inventory: AgentInventory;
  readonly asker: NodeAsker;
  readonly store: ResticStore;
  private child: ChildProcess | undefined;
  private log = "";

  private constructor(
    private readonly settings: OfflineSettings,
    from: number,
  ) {
    const layout = layoutOf(this.root, from);
    const destination = { directory: path.join(this.root, "repository") };
    const args = {
      chain: settings.chain,
      nodes: { copied: settings.group },
      monitoring: { receivers: "none" as const },
      backup: { vault: { vaultSpec: vaultSpecOf("vault", { destination }) } },
    };
    this.plan = planCluster("world", args, layout);
    const passwordFile = path.join(this.root, "password");
    writeFileSync(passwordFile, "vault of a test\n", { mode: 0o600 });
    this.inventory = inventoryOf(this.plan, {
      stack: "test",
      listen: { host: "127.0.0.1", port: 1 },
      vault: {
        restic: settings.restic,
        passwordFile,
        directory: path.join(this.root, "vault"),
        control: () => ({ stop: [], start: [], state: [] }),
        guestDirectory: (guest) => path.join(this.root, "guests", guest),
        guestStart: (process) => ({
          command: [settings.program, ...process.args],
          env: process.env,
          prepare: [],
          files: path.join(this.root, "templates", process.layer),
          shared: layout.guest.home("world", this.guestNode.name, undefined),
          sharedFiles: path.join(this.root, "templates", "shared"),
        }),
      },
    });
    this.asker = new NodeAsker(() => this.inventory);
    const vault = this.inventory.vault as NonNullable<AgentInventory["vault"]>;
    const place = { repository: path.join(this.root, "repository") };
    const cacheDirectory = path.join(this.root, "cache");
    this.store = openStore({ vault, destination: place, cacheDirectory, log: () => {} });
    this.write();
  }

  static async of(settings: OfflineSettings): Promise<OfflineWorld> {
    return new OfflineWorld(settings, await freeRange(2 * PORTS_PER_NODE));
  }

  get node(): NodePlan {
    return this.plan.nodes[0] as NodePlan;
  }

  get process(): ProcessPlan {
    return this.node.processes[0] as ProcessPlan;
  }

  private get guestNode(): NodePlan {
    return this.plan.backup?.lineages[0]?.guest?.offline as NodePlan;
  }

  /** Where the node is asked, and where the guest is. */
  targetOf(of: "node" | "guest"): AskTarget {
    const asked = of === "guest" ? this.guest.processes : this.scanned;
    return targetOf(asked[0] as InventoryGuestProcess, this.inventory.questions);
  }

  /** The guest of the plan with the one client that is here. */
  private get guest(): InventoryGuest {
    const guest = this.inventory.vault?.lineages[0]?.guest as InventoryGuest;
    return { ...guest, processes: guest.processes.slice(0, 1) };
  }

  async start(): Promise<void> {
    const { args, home } = this.process;
    const child = spawn(this.settings.program, [...args, ...this.settings.alone], { cwd: home });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.log = `${this.log}${chunk.toString()}`.slice(-4000);
      });
    }
    await eventually(async () => {
      const { error } = await this.asker.head(this.targetOf("node"));
      if (error !== undefined) throw new Error(`${error}\n${this.log}`);
    });
  }

  /** With its own signal, to its end. */
  async stop(): Promise<number | null> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    return new Promise((resolve) => {
      const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
      child.once("exit", (code) => {
        clearTimeout(patience);
        resolve(code);
      });
      child.kill(this.process.stop.signal);
    });
  }

  /** Copies the node, which stands still, as the catalogue says. */
  async take(height: number): Promise<RecoveryPoint> {
    const { name, home, layer, version, client } = this.process;
    const { dataPaths, keyPaths, database } = client;
    const source = { process: name, home, dataPaths, keyPaths };
    await this.store.ensure();
    const captured = await this.store.capture({
      attempt: "a",
      cluster: "world",
      node: this.node.name,
      sources: [source],
    });
    const { proof: keys } = await scanSnapshot(this.store, captured.snapshot, this.scanned, Date.now);
    const { snapshot, files, addedBytes, bytes: sizeBytes } = captured;
    const { name: node, group, kind } = this.node;
    return pointOf({
      ...{ cluster: "world", protocol: this.plan.protocol.name, network: this.plan.network, node, group, kind, height },
      processes: [
        { name, layer, client: client.name, version, reportedVersion: null, engine: database.engine, home, dataPaths },
      ],
      ...{ storage: { kind: "restic", snapshot, files, addedBytes }, sizeBytes, keys },
    });
  }

  private get scanned(): readonly InventoryProcess[] {
    return this.inventory.nodes[0]?.processes.slice(0, 1) ?? [];
  }

  /** Names of all files of a point, below the home. */
  async namesOf({ storage }: RecoveryPoint): Promise<string[]> {
    const names: string[] = [];
    for await (const file of this.store.files(storage.snapshot)) {
      names.push(path.relative(this.process.home, file.path));
    }
    return names.sort();
  }

  /** Restores a point into the guest, opens it without a network, and asks. Nothing of the guest is left afterwards. */
  async inGuest<T>(point: RecoveryPoint, ask: (guest: Guest) => Promise<T>): Promise<T> {
    const { signal } = new AbortController();
    const settings = { inventory: this.inventory, job: "job", lifetimeSeconds: 120, signal, now: Date.now };
    const job = { id: "job", signal, step: () => {}, progress: () => {} };
    return withGuest(this.guest, settings, async (guest) => {
      await restoreInto({ store: this.store, point, guest, inventory: this.inventory, job, signal });
      await guest.start("offline", signal);
      const { asker, inventory } = this;
      const times = { ...proofTimes(inventory, 0), poll: 0.1, open: 30, settle: 2 };
      try {
        await openGuest(
          { guest, asker, questions: inventory.questions, times, signal, expected: point.height },
          "opens",
        );
        return await ask(guest);
      } catch (error) {
        const words = Object.values(guest.output()).flat().slice(-30).join("\n");
        throw new Error(`${(error as Error).message}\n${words}`, { cause: error });
      }
    });
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.asker.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** The node's own files, and those that are copied over what a guest restores. */
  private write(): void {
    const { files } = deriveMaterial(this.plan, SEED);
    for (const process of this.node.processes) {
      mkdirSync(process.home, { recursive: true });
      const { open = [], secret = [] } = files[this.node.name]?.[process.layer] ?? {};
      const shared = process.context.shared;
      for (const file of [...process.files, ...open, ...secret]) writeAt(process.home, shared, file);
    }
    const derived = deriveGuest(this.plan, this.guestNode, SEED).files[this.guestNode.name] ?? {};
    const templates = path.join(this.root, "templates");
    mkdirSync(path.join(templates, "shared"), { recursive: true });
    for (const { layer, files: own } of this.guestNode.processes) {
      mkdirSync(path.join(templates, layer), { recursive: true });
      const { open = [], secret = [] } = derived[layer] ?? {};
      for (const file of [...own, ...open, ...secret]) {
        writeAt(path.join(templates, layer), path.join(templates, "shared"), file);
      }
    }
  }
}

function writeAt(home: string, shared: string, file: Parameters<typeof writePlanned>[1]): void {
  if (file.path.startsWith("shared:")) writePlanned(shared, { ...file, path: file.path.slice("shared:".length) });
  else writePlanned(home, file);
}

function layoutOf(root: string, from: number): Layout {
  return {
    name: "local",
    listen: "127.0.0.1",
    self: "127.0.0.1",
    host: () => "127.0.0.1",
    home: (_, node, layer) => path.join(root, "nodes", node, layer ?? "shared"),
    guest: {
      home: (_, guest, layer) => path.join(root, "guests", guest, layer ?? "shared"),
      from: from + PORTS_PER_NODE,
    },
    sharedPorts: { from, to: from + PORTS_PER_NODE - 1 },
  };
}
