import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, InventoryNode, InventoryVault, RecoveryPoint } from "@chainkeep/core";
import type { NodeState } from "../../fleet/judge";
import type { CaptureRequest, JobContext, PointStore, StopResult, VaultWorld } from "../contracts";

const HASH = "ab".repeat(32);

/** A node with one process, a store in memory, and faults at will. Times do not matter here: the clock is real. */
export class BackupWorld {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-backup-"));
  readonly home = path.join(this.root, "mirror-0");
  readonly directory = path.join(this.root, "vault");
  readonly points = new Map<string, RecoveryPoint>();
  readonly steps: string[] = [];
  readonly events: string[] = [];
  readonly abort = new AbortController();
  /** Names of store methods and runtime calls, in order. */
  readonly calls: string[] = [];
  running = true;
  stopResult: StopResult = { ended: "stopped", seconds: 0.1 };
  /** Thrown by the call of that name, once for each that is there. */
  readonly faults = new Map<string, Error[]>();
  head: { height: number; hash?: string; chainId: string; faults: [] } | undefined;
  ready = true;
  onStopTimeout: "skip" | "crash-consistent" = "skip";
  files = [{ path: path.join(this.home, "data/a.db/1.ldb"), size: 10 }];
  forgotten: string[] = [];

  constructor() {
    mkdirSync(path.join(this.home, "data/a.db"), { recursive: true });
    writeFileSync(path.join(this.home, "data/a.db/1.ldb"), "0123456789");
    this.head = { height: 42, hash: HASH, chainId: "dev-1", faults: [] };
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  fail(call: string, ...errors: Error[]): void {
    this.faults.set(call, errors);
  }

  private enter(call: string): void {
    this.calls.push(call);
    const error = this.faults.get(call)?.shift();
    if (error) throw error;
  }

  get node(): InventoryNode {
    const control = { stop: ["stop"], start: ["start"], state: ["state"] };
    const vault = {
      home: this.home,
      dataPaths: ["data/*.db/**"],
      keyPaths: ["data/key.json"],
      engine: "toy",
      graceSeconds: 1,
      control,
    };
    const process = {
      name: "mirror-0",
      layer: "node",
      client: "toy",
      version: "1.2.3",
      questions: "toy",
      probeUrl: "http://x",
      vault,
    };
    return {
      name: "mirror-0",
      group: "mirror",
      kind: "mirror",
      servesRpc: false,
      processes: [process],
    } as InventoryNode;
  }

  get job(): JobContext {
    return { id: "job", signal: this.abort.signal, step: (name) => void this.steps.push(name), progress: () => {} };
  }

  world(): VaultWorld {
    const { node } = this;
    const inventory = {
      stack: "test",
      cluster: "dev",
      protocol: "toy",
      network: "private",
      probe: { intervalSeconds: 0.01 },
      questions: { toy: {} },
      nodes: [node],
    } as unknown as AgentInventory;
    const vault = () =>
      ({
        name: "vault",
        directory: this.directory,
        copies: {},
        lineages: [{ id: "toy-full", nodes: ["mirror-0"], sources: ["mirror-0"] }],
        policy: { minReady: 1, lock: { mode: "governance", days: 7 }, onStopTimeout: this.onStopTimeout, keep: {} },
      }) as unknown as InventoryVault;
    const state = () => ({
      node,
      ready: this.ready,
      alive: true,
      reasons: this.ready ? [] : [{ code: "X", text: "x" }],
    });
    return {
      inventory: () => inventory,
      vault,
      fleet: () =>
        ({
          at: Date.now(),
          halted: false,
          height: 50,
          nodes: new Map([["mirror-0", state() as unknown as NodeState]]),
          heights: new Map(),
        }) as never,
      store: this.store(),
      copy: () => this.store(),
      runtime: {
        stop: async () => {
          this.enter("stop");
          this.running = false;
          return this.stopResult;
        },
        start: async () => {
          this.enter("start");
          this.running = true;
        },
        isRunning: async () => this.running,
      },
      asker: {
        head: async () => (this.head ? { head: this.head } : { error: "no answer" }),
        block: async () => ({ height: 42, hash: HASH, state: "cd".repeat(32), genesis: "01".repeat(32) }),
      },
      log: (_, event) => void this.events.push(event),
      now: Date.now,
    };
  }

  private store(): PointStore {
    const capture = { snapshot: "s", files: 1, bytes: 10, addedBytes: 5, seconds: 0.1, changedBytes: 5 };
    const files = () => this.files;
    const store: Partial<PointStore> = {
      ensure: async () => this.enter("ensure"),
      warm: async () => {
        this.enter("warm");
        return { ...capture, snapshot: "warm" };
      },
      capture: async ({ onPrepared }: CaptureRequest) => {
        this.enter("prepare");
        await onPrepared?.();
        this.enter("capture");
        return capture;
      },
      digest: async () => "d".repeat(64),
      files: async function* () {
        yield* files();
      },
      records: async () => ({ points: [...this.points.values()], torn: [] }),
      putRecord: async (point: RecoveryPoint) => {
        this.enter("record");
        this.points.set(point.id, point);
      },
      forgetAttempt: async (attempt: string) => {
        this.enter("forget");
        this.forgotten.push(attempt);
      },
    };
    return store as PointStore;
  }
}
