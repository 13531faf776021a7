import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Journal, journalFile } from "../../packages/agent/src/vault/backup/journal";
import { SnapshotList } from "../../packages/agent/src/vault/store/snapshot-list";
import { hasTag, referenced, type Snapshot } from "../../packages/agent/src/vault/store/snapshots";
import type { AgentInventory, RecoveryPoint } from "../../packages/core/src/index";
import type { AgentTask } from "./vault-backup-agent";
import { CONTROL, NODE } from "./vault-backup-programs";
import { StoreWorld } from "./vault-store-world";

const ROOT = path.resolve(__dirname, "../..");
const GRACE_SECONDS = 1;

/** The agent's side as one file; see `vault-backup-agent.ts`. */
export class BundledBackup {
  readonly directory = mkdtempSync(path.join(tmpdir(), "chainkeep-backup-agent-"));
  readonly file = path.join(this.directory, "agent.cjs");

  constructor() {
    const options = {
      entryPoints: [path.join(__dirname, "vault-backup-agent.ts")],
      outfile: this.file,
      bundle: true,
      platform: "node",
      target: "node20",
      alias: { "@chainkeep/core": path.join(ROOT, "packages/core/src/index.ts") },
    };
    // In a process of its own: within jest, esbuild finds typed arrays that are not its own.
    const line = "require('esbuild').buildSync(JSON.parse(process.argv[1]))";
    execFileSync(process.execPath, ["-e", line, JSON.stringify(options)], { cwd: ROOT });
  }

  end(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** How an agent's process has ended: its last word, or none when it was killed. */
export interface AgentEnd {
  readonly killed: boolean;
  readonly code?: string | null;
  readonly message?: string;
  readonly result?: unknown;
}

/** A node that runs and writes, with a repository beside it, and agents that come and go. */
export class BackupStack extends StoreWorld {
  onStopTimeout: "skip" | "crash-consistent" = "skip";
  /** Of the journal. */
  readonly place: string;
  private readonly agents: ChildProcess[] = [];
  private readonly watchdogs: number[] = [];

  constructor(
    private readonly bundle: BundledBackup,
    places: { readonly disk?: string; readonly journal?: string } = {},
  ) {
    super((directory) => ({ repository: path.join(places.disk ?? directory, "repository") }));
    this.place = places.journal ?? path.join(this.directory, "vault");
    writeFileSync(path.join(this.directory, "node.cjs"), NODE);
    writeFileSync(path.join(this.directory, "control.cjs"), CONTROL);
    writeFileSync(path.join(this.directory, "starts.log"), "");
    this.fill(2, 1_000_000);
    this.control("start");
  }

  get journal(): Journal | undefined {
    const file = journalFile(this.place);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  }

  get nodeRuns(): boolean {
    return JSON.parse(this.control("state")).running;
  }

  /** How often the node was started. */
  get starts(): number {
    return readFileSync(path.join(this.directory, "starts.log"), "utf8").split("\n").length - 1;
  }

  control(action: "start" | "stop" | "state"): string {
    const [program = "", ...args] = this.commandOf(action);
    return execFileSync(program, args, { encoding: "utf8" });
  }

  /** Makes the node behave in its other way from now on; see `NODE`. */
  behave(how: "stubborn" | "last-words", value: string | undefined): void {
    const file = path.join(this.directory, how);
    if (value === undefined) rmSync(file, { force: true });
    else writeFileSync(file, value);
  }

  /** Runs an agent until it ends, by itself or by what the test does to it at a moment. */
  async run(action: "take" | "recover", at: AgentTask["at"] = {}): Promise<AgentEnd> {
    const file = path.join(this.directory, "task.json");
    const task: AgentTask = {
      action,
      inventory: this.inventory,
      cacheDirectory: path.join(this.directory, "agent"),
      at,
    };
    writeFileSync(file, JSON.stringify(task));
    const child = spawn(process.execPath, [this.bundle.file, file], { stdio: ["ignore", "pipe", "inherit"] });
    this.agents.push(child);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString("utf8");
    });
    // Not its output: what it has started may keep that open.
    const [, signal] = await once(child, "exit");
    const lines = out.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    for (const { event, pid } of lines) if (event === "watchdog") this.watchdogs.push(pid);
    const end = lines.find(({ event }) => event === "end");
    return { killed: signal === "SIGKILL", ...end };
  }

  /** A point that an agent takes in peace. */
  async take(): Promise<RecoveryPoint> {
    const { code, message, result } = await this.run("take");
    if (code !== null) throw new Error(`no point: ${message}`);
    return result as RecoveryPoint;
  }

  /** What is there of points, and everything that an attempt could have left beside them: locks, snapshots without a record, a journal, readers. */
  async state(): Promise<object> {
    const snapshots = await new SnapshotList(this.store().restic).with();
    const kept = referenced(snapshots);
    const isOrphan = (snapshot: Snapshot) => !hasTag(snapshot, "record") && !kept.has(snapshot.id);
    return {
      points: snapshots.filter((snapshot) => hasTag(snapshot, "record")).length,
      orphans: snapshots.filter(isOrphan).map(({ tags }) => tags),
      locks: readdirSync(path.join(this.destination.repository, "locks")),
      journal: this.journal,
      readers: this.readers(),
      nodeRuns: this.nodeRuns,
    };
  }

  /** Programs that copy from here. */
  private readers(): number[] {
    const text = execFileSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
    const lines = text.split("\n").filter((line) => line.includes("restic") && line.includes(this.directory));
    return lines.map((line) => Number.parseInt(line, 10));
  }

  /** What two databases of a point say, which only fit each other when the node stood still. */
  async counts(point: RecoveryPoint): Promise<readonly string[]> {
    const target = path.join(this.directory, `restored-${point.id}`);
    mkdirSync(target);
    await this.store().fetch({ point, process: "rpc-0", target });
    const counts = ["a", "b"].map((name) => readFileSync(path.join(target, `data/${name}.db/count`), "utf8"));
    rmSync(target, { recursive: true });
    return counts;
  }

  /** As a power cut ends what runs beside an agent that was killed already: its watchdog, its restic, its node. */
  killTheRest(): void {
    const children = this.journal?.children.map(({ pid }) => pid) ?? [];
    const node = Number(readFileSync(path.join(this.directory, "node.pid"), "utf8"));
    for (const pid of [...this.watchdogs, ...children, node]) kill(pid);
  }

  override end(): void {
    for (const agent of this.agents) agent.kill("SIGKILL");
    this.killTheRest();
    super.end();
  }

  private commandOf(action: string): string[] {
    const of = (name: string) => path.join(this.directory, name);
    const node = [of("node.cjs"), this.home, this.directory];
    return [process.execPath, of("control.cjs"), action, this.directory, String(GRACE_SECONDS), ...node];
  }

  private get inventory(): AgentInventory {
    const control = {
      stop: this.commandOf("stop"),
      start: this.commandOf("start"),
      state: this.commandOf("state"),
    };
    const places = { home: this.home, dataPaths: ["data/*.db/**"], keyPaths: ["config/key"] };
    const vault = { ...places, engine: "toy", graceSeconds: GRACE_SECONDS, control };
    const names = { name: "rpc-0", layer: "node", client: "toy", version: "1.2.3", questions: "toy" };
    const process = { ...names, probeUrl: "http://127.0.0.1:1", vault };
    return {
      stack: "test",
      cluster: "devnet",
      protocol: "toy",
      network: "private",
      probe: { intervalSeconds: 0.01 },
      questions: { toy: {} },
      nodes: [{ name: "rpc-0", group: "mirror", kind: "mirror", servesRpc: false, processes: [process] }],
      vault: {
        ...this.vault,
        copies: {},
        directory: this.place,
        lineages: [{ id: "toy-full", nodes: ["rpc-0"], sources: ["rpc-0"] }],
        policy: { minReady: 0, lock: null, onStopTimeout: this.onStopTimeout, keep: {} },
      },
    } as unknown as AgentInventory;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
