import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type InventoryNode, type InventoryProcess, type RecoveryPoint, UNVERIFIED } from "@chainkeep/core";
import type { FetchRequest, PointStore, VaultWorld } from "../contracts";
import { BackupWorld } from "../testing/backup-world.fixture";
import { asVaultError, VaultError } from "../vault-error";

/** Files below a directory with their content. */
export type Tree = Readonly<Record<string, string>>;

export function writeTree(root: string, files: Tree): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

/** Everything below a directory; what is our own only when it is asked for. */
export function readTree(root: string, own = false): Tree {
  if (!existsSync(root)) return {};
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => (own || !name.startsWith(".chainkeep-")) && lstatSync(path.join(root, name)).isFile(),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(root, name), "utf8")]));
}

/** What stays with the node whatever is restored. */
export const KEPT: Tree = {
  "config/app.toml": "port = 1",
  "config/node_key.json": "mine",
  "data/priv_validator_state.json": '{"height":"7"}',
};
/** Of a node that has signed nothing. */
export const FRESH = '{"height":"0"}';
export const OLD_DATA: Tree = { "data/gone.db/1": "old", "data/state.db/1": "old", "data/state.db/2": "old" };
export const NEW_DATA: Tree = { "data/cs.wal/wal": "new", "data/state.db/1": "new", "data/tx.db/1": "new" };

/** What a piece of work failed with. */
export async function failure(promise: Promise<unknown>): Promise<VaultError> {
  return promise.then(
    () => new VaultError("NOTHING", "no error"),
    (error) => asVaultError(error),
  );
}

/** A node of a chain like CometBFT with old data, and a store that writes new data. */
export class RestoreWorld extends BackupWorld {
  /** What a fetch writes. A fault of the call "fetch" comes after the first file. */
  data: Tree = NEW_DATA;
  kind: InventoryNode["kind"] = "full";
  version = "1.2.3";
  /** Told by the runtime, one after another; the last one stays. */
  runs: boolean[] | undefined;
  /** Called with each fetch, when the first file is written. */
  onFetch: (request: FetchRequest) => void | Promise<void> = () => {};

  constructor() {
    super();
    writeTree(this.home, { ...KEPT, ...OLD_DATA });
    // The default data of a backup is no part of this.
    rmSync(path.join(this.home, "data/a.db"), { recursive: true });
  }

  override get node(): InventoryNode {
    const node = super.node;
    const first = node.processes[0] as InventoryProcess;
    const vault = {
      ...(first.vault as NonNullable<InventoryProcess["vault"]>),
      dataPaths: ["data/*.db/**", "data/cs.wal/**"],
      keyPaths: ["config/node_key.json", "data/priv_validator_state.json"],
      signingState: "data/priv_validator_state.json",
      ...(this.kind === "validator" ? {} : { freshSigningState: FRESH }),
    };
    return { ...node, kind: this.kind, processes: [{ ...first, version: this.version, vault }] };
  }

  /** A point that nothing speaks against. */
  point(change: Partial<RecoveryPoint> = {}): RecoveryPoint {
    const point = { ...POINT, createdAt: Date.now() / 1000 - 60, ...change };
    this.points.set(point.id, point);
    return point;
  }

  override world(): VaultWorld {
    const world = super.world();
    const fetch = async (request: FetchRequest) => {
      this.calls.push("fetch");
      const [first, ...rest] = Object.entries(this.data);
      if (first) writeTree(request.target, { [first[0]]: first[1] });
      await this.onFetch(request);
      const fault = this.faults.get("fetch")?.shift();
      if (fault) throw fault;
      writeTree(request.target, Object.fromEntries(rest));
      request.onProgress?.({ doneBytes: 9, totalBytes: 9, bytesPerSecond: 9, secondsLeft: 0 });
      return { bytes: 9, seconds: 0.1 };
    };
    const store: PointStore = { ...world.store, fetch };
    const { runtime } = world;
    return {
      ...world,
      store,
      runtime: {
        ...runtime,
        isRunning: async () => {
          const told = this.runs;
          return told === undefined ? this.running : ((told.length > 1 ? told.shift() : told[0]) as boolean);
        },
      },
    };
  }
}

const HASH = "ab".repeat(32);

const POINT: RecoveryPoint = {
  schemaVersion: 1,
  id: "dev-42-20261125T030000Z",
  vault: "vault",
  stack: "test",
  cluster: "dev",
  protocol: "toy",
  network: "private",
  node: "mirror-1",
  group: "mirror",
  kind: "mirror",
  lineage: "toy-full",
  chainId: "dev-1",
  genesis: "01".repeat(32),
  height: 42,
  blockHash: HASH,
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
      name: "mirror-1",
      layer: "node",
      client: "toy",
      version: "1.2.3",
      reportedVersion: null,
      engine: "toy",
      home: "/nodes/mirror-1",
      dataPaths: ["data/*.db/**", "data/cs.wal/**"],
    },
  ],
  storage: { kind: "restic", snapshot: "s1", files: 3, addedBytes: 9 },
  sizeBytes: 9,
  manifest: { algorithm: "none", digest: "" },
  keys: { excluded: [], filesSeen: 3, filesRead: 3, at: 0 },
  signedHeight: null,
  lockedUntil: null,
  lockMode: null,
  verification: { ...UNVERIFIED, level: "progresses", at: 0 },
  copies: [],
};
