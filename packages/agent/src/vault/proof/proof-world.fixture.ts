import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  type AgentInventory,
  type HealthProbe,
  type InventoryGuest,
  type InventoryNode,
  type InventoryProcessVault,
  type InventoryVault,
  type RecoveryPoint,
  UNVERIFIED,
} from "@chainkeep/core";
import type { NodeState } from "../../fleet/judge";
import {
  BLOCK_PROBE,
  deadPort,
  type FakeNode,
  fakeInventory,
  fakeNode,
  inventoryNode,
} from "../../testing/fake-node.fixture";
import type { JobContext, PointStore, VaultWorld } from "../contracts";
import { NodeAsker } from "./chain-asker";
import { type FakeChain, fakeGuest, fakeHash, writeChain } from "./guest-client.fixture";
import type { ProofTimes } from "./proof-times";

/** Fast enough for tests; every wait is bounded by them. */
export const QUICK: ProofTimes = { poll: 0.02, open: 1.5, settle: 0.3, testify: 0.3, stall: 1, join: 5, quiet: 1 };

/** A store in memory: what a fetch writes is the chain that was given for the point. */
export class FakeStore {
  readonly points = new Map<string, RecoveryPoint>();
  readonly chains = new Map<string, FakeChain | undefined>();
  /** Thrown by whoever reads data. */
  fault: Error | undefined;
  /** Called in the middle of a fetch. */
  onFetch: (home: string) => void = () => {};
  reads = 0;
  fetches = 0;

  add(point: RecoveryPoint, chain?: FakeChain): RecoveryPoint {
    this.points.set(point.id, point);
    this.chains.set(point.id, chain);
    return point;
  }

  as(): PointStore {
    const store: Partial<PointStore> = {
      records: async () => ({
        points: [...this.points.values()].sort((a, b) => b.createdAt - a.createdAt),
        torn: [],
      }),
      putRecord: async (point) => {
        this.points.set(point.id, point);
      },
      readAll: async () => {
        this.reads += 1;
        if (this.fault) throw this.fault;
      },
      fetch: async ({ point, target, onProgress }) => {
        this.fetches += 1;
        const chain = this.chains.get(point.id);
        if (chain) writeChain(target, chain);
        onProgress?.({ doneBytes: 5, totalBytes: 10, bytesPerSecond: 5, secondsLeft: 1 });
        this.onFetch(target);
        if (this.fault) throw this.fault;
        return { bytes: 10, seconds: 0.1 };
      },
    };
    return store as PointStore;
  }
}

export interface ProofWorld {
  readonly world: VaultWorld;
  readonly root: string;
  readonly store: FakeStore;
  readonly copy: FakeStore;
  readonly guest: InventoryGuest;
  readonly nodes: readonly FakeNode[];
  readonly job: JobContext;
  readonly abort: AbortController;
  readonly events: string[];
  readonly steps: string[];
  /** Changes what the agent believes of the network. */
  network: { height: number | undefined; halted: boolean; ready: (node: string) => boolean };
  inventory: AgentInventory;
  vault: InventoryVault;
  point(change?: Partial<RecoveryPoint>, chain?: Partial<FakeChain>): RecoveryPoint;
}

const PROBE: HealthProbe = BLOCK_PROBE;

/** Nodes of a client that keeps a secret in a file whose name tells nobody else of it. */
function withKeyPaths(node: InventoryNode): InventoryNode {
  const vault = { keyPaths: ["fake.conf"] } as unknown as InventoryProcessVault;
  return { ...node, processes: node.processes.map((process) => ({ ...process, vault })) };
}

/** A source and two witnesses that hold 200 blocks, a vault with a copy, and a guest that runs the fake client. */
export async function proofWorld(): Promise<ProofWorld> {
  const root = mkdtempSync(path.join(tmpdir(), "chainkeep-proof-"));
  const blocks = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [i + 1, fakeHash(i + 1)]));
  const nodes = await Promise.all(["a", "b", "c"].map(() => fakeNode({ height: 200, hash: fakeHash(200), blocks })));
  const guest = fakeGuest(root, await deadPort());
  const inventory = await fakeInventory(
    nodes.map((node, i) => withKeyPaths(inventoryNode(`rpc-${i}`, node.url))),
    { questions: { fake: PROBE } },
  );
  const policy = { verify: { schedule: "0 5 * * 0", afterEach: false, level: "chain" }, drill: null };
  const store = new FakeStore();
  const copy = new FakeStore();
  const abort = new AbortController();
  const events: string[] = [];
  const steps: string[] = [];
  const self: ProofWorld = {
    root,
    store,
    copy,
    guest,
    nodes,
    abort,
    events,
    steps,
    inventory,
    network: { height: 200, halted: false, ready: () => true },
    vault: {
      directory: path.join(root, "vault"),
      policy: { ...policy, rtoSeconds: 60, rpoSeconds: 3600 },
      copies: { offsite: { repository: "/offsite" } },
      lineages: [{ id: "fake-full", nodes: ["rpc-0"], sources: ["rpc-0"], guest }],
    } as unknown as InventoryVault,
    job: {
      id: "job-1",
      signal: abort.signal,
      step: (name) => void steps.push(name),
      progress: () => {},
    },
    world: undefined as never,
    point: (change = {}, chain = {}) => {
      const height = change.height ?? 100;
      const point = {
        ...POINT,
        height,
        blockHash: fakeHash(height),
        createdAt: Date.now() / 1000 - 600,
        ...change,
      };
      return store.add(point, { height, ...chain });
    },
  };
  const asker = new NodeAsker(() => self.inventory);
  const world: VaultWorld = {
    inventory: () => self.inventory,
    vault: () => self.vault,
    fleet: () => ({
      at: Date.now(),
      halted: self.network.halted,
      height: self.network.height,
      riseAt: undefined,
      heights: new Map(self.network.height === undefined ? [] : [["node", self.network.height]]),
      nodes: new Map(
        self.inventory.nodes.map((node) => [
          node.name,
          { node, alive: true, ready: self.network.ready(node.name), reasons: [] } as unknown as NodeState,
        ]),
      ),
    }),
    store: store.as(),
    copy: () => copy.as(),
    runtime: undefined as never,
    asker,
    log: (level, event) => void events.push(`${level} ${event}`),
    now: Date.now,
  };
  return Object.assign(self, { world });
}

const POINT: RecoveryPoint = {
  schemaVersion: 1,
  id: "toy-100-20261125T030000Z",
  vault: "vault",
  stack: "test",
  cluster: "toy",
  protocol: "toy",
  network: "main",
  node: "rpc-0",
  group: "rpc",
  kind: "full",
  lineage: "fake-full",
  chainId: "7",
  genesis: null,
  height: 100,
  blockHash: "",
  stateHash: null,
  blockTime: null,
  createdAt: 0,
  startedAt: 0,
  finishedAt: 0,
  downtimeSeconds: 1,
  consistency: "clean-stop",
  trigger: "manual",
  processes: [
    {
      name: "rpc-0",
      layer: "node",
      client: "fake",
      version: "1.2.3",
      reportedVersion: null,
      engine: "json",
      home: "/nodes/rpc-0",
      dataPaths: ["data/**"],
    },
  ],
  storage: { kind: "restic", snapshot: "s1", files: 1, addedBytes: 10 },
  sizeBytes: 10,
  manifest: { algorithm: "none", digest: "" },
  keys: { excluded: [], filesSeen: 1, filesRead: 1, at: 0 },
  signedHeight: null,
  lockedUntil: null,
  lockMode: null,
  verification: UNVERIFIED,
  copies: [],
};
