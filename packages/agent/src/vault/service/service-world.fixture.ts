import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, DrillReport, Evidence, InventoryVault, Level, RecoveryPoint } from "@chainkeep/core";
import type { FleetState } from "../../fleet/judge";
import { inventoryNode } from "../../testing/fake-node.fixture";
import type { JobContext, PointStore, VaultWorld } from "../contracts";
import { VaultError } from "../vault-error";
import { VaultService, type VaultServiceInput } from "./vault-service";
import type { VaultWork } from "./work";

export const START = Date.UTC(2026, 10, 25) / 1000;

type Policy = InventoryVault["policy"];

/** A point with what the service looks at. */
export function servicePoint(id: string, rest: Partial<RecoveryPoint> = {}): RecoveryPoint {
  return {
    id,
    stack: "test",
    cluster: "toy",
    node: "rpc-0",
    lineage: "toy-full",
    height: 100,
    createdAt: START,
    sizeBytes: 1000,
    downtimeSeconds: 2,
    trigger: "schedule",
    lockedUntil: null,
    processes: [{ client: "fake", version: "1.2.3" }],
    storage: { kind: "restic" },
    verification: { level: null, at: null, evidence: null, bad: null },
    copies: [],
    ...rest,
  } as RecoveryPoint;
}

/** A vault whose work is done at once, fails at will, and is written down; the clock is the test's. */
export class ServiceWorld {
  readonly directory = mkdtempSync(path.join(tmpdir(), "chainkeep-service-"));
  readonly events: string[] = [];
  /** What was done, e.g. "take toy-full schedule". */
  readonly done: string[] = [];
  points: RecoveryPoint[] = [];
  /** Unix seconds. */
  now = START;
  height = 100;
  lineages = [{ id: "toy-full", nodes: ["rpc-0", "rpc-1"], sources: ["rpc-1"] }];
  policy: Partial<Policy> = {};
  /** Rejections of the piece of work of that name, one for each time. */
  readonly faults = new Map<string, Error[]>();
  /** What proofs find, by the name of the point. */
  readonly bad = new Set<string>();
  readonly undecided = new Set<string>();
  /** A piece of work of that name ends when it is released or cancelled. */
  readonly held = new Map<string, () => void>();
  readonly holds = new Set<string>();
  promoted = new Set<string>();
  /** So often the store was asked for its points. */
  timesAsked = 0;
  private running: VaultService[] = [];
  private taken = 0;

  async close(): Promise<void> {
    for (const service of this.running) await service.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async start(input: Partial<VaultServiceInput> = {}): Promise<VaultService> {
    const service = new VaultService({
      world: this.world(),
      work: this.work(),
      promoted: () => this.promoted,
      tickMs: 2,
      recoverAgainMs: 2,
      ...input,
    });
    this.running.push(service);
    await service.start();
    return service;
  }

  async stop(service: VaultService): Promise<void> {
    await service.stop();
    this.running = this.running.filter((one) => one !== service);
  }

  fail(work: string, ...errors: Error[]): void {
    this.faults.set(work, errors);
  }

  inventory(): AgentInventory {
    const nodes = [
      inventoryNode("rpc-0", "http://127.0.0.1:9"),
      inventoryNode("rpc-1", "http://127.0.0.1:9"),
      inventoryNode("mirror-0", "http://127.0.0.1:9", { kind: "mirror" }),
    ];
    return { stack: "test", cluster: "toy", network: "main", nodes, vault: this.vault() } as unknown as AgentInventory;
  }

  vault(): InventoryVault {
    const policy = { schedule: null, everyBlocks: null, verify: null, drill: null, rpoSeconds: 3600, rtoSeconds: 600 };
    const places = {
      destination: { repository: "/vault" },
      directory: this.directory,
      copies: { offsite: { repository: "/offsite" } },
      lineages: this.lineages,
    };
    return { name: "vault", policy: { ...policy, ...this.policy }, ...places } as unknown as InventoryVault;
  }

  world(): VaultWorld {
    const store: Partial<PointStore> = {
      ensure: () => this.enter("ensure"),
      records: async () => {
        this.timesAsked += 1;
        await this.enter("records");
        return { points: [...this.points], torn: [] };
      },
      room: async () => ({ usedBytes: 5000, freeBytes: undefined }),
      check: async ({ n, t }, _, signal) => {
        this.done.push(`check ${n}/${t}`);
        await this.enter("check", signal);
      },
    };
    return {
      inventory: () => this.inventory(),
      vault: () => this.vault(),
      fleet: () => ({ height: this.height, at: this.now * 1000, nodes: new Map() }) as unknown as FleetState,
      store: store as PointStore,
      log: (_: string, event: string) => void this.events.push(event),
      now: () => this.now * 1000,
    } as unknown as VaultWorld;
  }

  private work(): VaultWork {
    const fresh = () => `p${++this.taken}`;
    return {
      recover: async () => {
        await this.enter("recover");
      },
      takePoint: async (_, { lineage, node, trigger }, job) => {
        this.done.push(["take", lineage, node, trigger].filter(Boolean).join(" "));
        await this.enter("take", job.signal);
        const [height, createdAt] = [this.height, this.now];
        const point = servicePoint(fresh(), { lineage, trigger, height, createdAt });
        this.points = [point, ...this.points];
        return point;
      },
      afterPoint: async () => {
        await this.enter("after");
        return { transferErrors: 1, removed: ["old"] };
      },
      verifyPoint: async (_, { point: id, level }, job) => {
        const point = this.points.find((p) => (id === undefined ? p.verification.level === null : p.id === id));
        this.done.push(`verify ${id ?? "next"}`);
        await this.enter("verify", job.signal);
        return point ? this.proven(point, level ?? "chain") : null;
      },
      runDrill: async (_, { from = "vault" }, job) => {
        this.done.push(`drill ${from}`);
        await this.enter("drill", job.signal);
        const point = this.points[0];
        if (!point) throw new VaultError("DRILL_NO_POINT", "no good point");
        const { evidence } = this.proven(point, "progresses");
        const rtoSeconds = evidence.failure ? null : 33;
        const { id, reached } = evidence;
        return { id: "d", point: point.id, from, reached, rtoSeconds, evidence: id } as unknown as DrillReport;
      },
      planRestore: () => Promise.reject(new VaultError("STORE_UNREACHABLE", "the store is away")),
      restoreNode: async (_, { node }, job) => {
        this.done.push(`restore ${node}`);
        await this.enter("restore", job.signal);
        return { node, seconds: 77 } as never;
      },
      discardOld: async () => undefined,
      promote: async (_, { node }) => {
        this.done.push(`promote ${node}`);
        this.promoted.add(node);
      },
      reap: async () => undefined,
    };
  }

  private proven(point: RecoveryPoint, level: Level): { evidence: Evidence; point: RecoveryPoint } {
    const isBad = this.bad.has(point.id);
    const open = this.undecided.has(point.id);
    const failure = isBad ? { level: "opens" as const, code: "OPENS", text: "does not open" } : null;
    const inconclusive = open ? { code: "WITNESSES", text: "too few witnesses" } : null;
    const reached: Level = isBad || open ? "intact" : level;
    const id = `${point.id}-${this.now}`;
    const verification = { level: reached, at: this.now, evidence: id, bad: failure && { ...failure, at: this.now } };
    const marked = { ...point, verification };
    this.points = this.points.map((p) => (p.id === point.id ? marked : p));
    return { evidence: { id, point: point.id, reached, failure, inconclusive } as Evidence, point: marked };
  }

  private async enter(name: string, signal?: JobContext["signal"]): Promise<void> {
    const error = this.faults.get(name)?.shift();
    if (error) throw error;
    if (!this.holds.has(name)) return;
    await new Promise<void>((resolve, reject) => {
      this.held.set(name, resolve);
      signal?.addEventListener("abort", () => reject(new VaultError("JOB_CANCELLED", "cancelled")));
    });
  }
}
