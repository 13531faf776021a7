import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BLOCK_PROBE, fakeInventory, inventoryNode } from "../../packages/agent/src/testing/fake-node.fixture";
import { openStore } from "../../packages/agent/src/vault/store/open-store";
import type { ResticStore } from "../../packages/agent/src/vault/store/restic-store";
import type {
  AgentInventory,
  InventoryNode,
  InventoryVault,
  RecoveryPoint,
  VaultJob,
} from "../../packages/core/src/index";
import { freePorts } from "./free-ports";
import { bundledAgent, type RunningAgent } from "./running-agent";
import { CLIENT, CONTROL, randomBlock } from "./vault-restore-programs";

/** Data of a generation: so many databases, which only fit each other. */
export interface Generation {
  readonly height: number;
  readonly databases: number;
  /** Of each one, random bytes beside its mark. */
  readonly bytes?: number;
  /** How many there should be, where that is not so. */
  readonly says?: number;
}

/** Nodes of a client whose databases must fit each other, a vault with real points, and what an agent is told of them. */
export class RestoreStack {
  readonly root = mkdtempSync(path.join(tmpdir(), "chainkeep-restore-"));
  readonly directory = path.join(this.root, "vault");
  private readonly children: ChildProcess[] = [];
  private taken = 0;

  private constructor(
    readonly restic: string,
    readonly names: readonly string[],
    private readonly ports: readonly number[],
  ) {
    writeFileSync(path.join(this.root, "client.cjs"), CLIENT);
    writeFileSync(path.join(this.root, "control.cjs"), CONTROL);
    writeFileSync(path.join(this.root, "began"), String(Date.now()));
    writeFileSync(path.join(this.root, "password"), "password of a test\n", { mode: 0o600 });
  }

  static async of(restic: string, ...names: string[]): Promise<RestoreStack> {
    return new RestoreStack(restic, names, await freePorts(names.length));
  }

  home(name: string): string {
    return path.join(this.root, name);
  }

  /** Writes data of a generation into a home, in the place of what is there. */
  fill(home: string, { height, databases, bytes = 0, says = databases }: Generation): void {
    rmSync(path.join(home, "data"), { recursive: true, force: true });
    for (let i = 0; i < databases; i++) {
      const database = path.join(home, "data", `${i}.db`);
      mkdirSync(database, { recursive: true });
      writeFileSync(path.join(database, "generation"), `${height}:${says}`);
      if (bytes > 0) writeFileSync(path.join(database, "sst"), randomBlock(bytes, i));
    }
  }

  /** Generation of the data in a home; undefined when it is a mix, or not whole. */
  generation(name: string): number | undefined {
    const data = path.join(this.home(name), "data");
    const all = existsSync(data) ? readdirSync(data).filter((entry) => entry.endsWith(".db")) : [];
    const marks = new Set(all.map((entry) => readFileSync(path.join(data, entry, "generation"), "utf8")));
    const [height, count] = ([...marks][0] ?? "").split(":").map(Number);
    return marks.size === 1 && all.length === count ? height : undefined;
  }

  /** What a client found that did not fit. */
  mixes(): string {
    const file = path.join(this.root, "mix.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  control(action: "start" | "stop" | "state", name: string): string {
    const [program = "", ...args] = this.controlOf(action, name);
    return execFileSync(program, args, { encoding: "utf8" });
  }

  /** Ends a node as a machine that loses its power. */
  kill(name: string): void {
    process.kill(-Number(readFileSync(path.join(this.root, `${name}.loop`), "utf8")), "SIGKILL");
  }

  /** A point of data that a client has written, proven as far as is said. */
  async take(
    generation: Generation,
    level: RecoveryPoint["verification"]["level"] = "progresses",
    change: Partial<RecoveryPoint> = {},
  ): Promise<RecoveryPoint> {
    const attempt = `a-${++this.taken}`;
    const home = path.join(this.root, attempt);
    this.fill(home, generation);
    const store = this.store();
    await store.ensure();
    const places = { home, dataPaths: ["data/*.db/**"], keyPaths: ["config/key"] };
    const captured = await store.capture({
      attempt,
      cluster: "toy",
      node: "rpc-9",
      sources: [{ process: "rpc-9", ...places }],
    });
    const point = {
      ...POINT,
      id: `toy-${generation.height}-${attempt}`,
      height: generation.height,
      sizeBytes: captured.bytes,
    };
    const now = Math.floor(Date.now() / 1000);
    const record: RecoveryPoint = {
      ...point,
      createdAt: now - 100 + this.taken,
      processes: [{ ...(POINT.processes[0] as RecoveryPoint["processes"][number]), ...places }],
      storage: { kind: "restic", snapshot: captured.snapshot, files: captured.files, addedBytes: captured.addedBytes },
      verification: { level, at: level === null ? null : now, evidence: null, bad: null },
      ...change,
    };
    await store.putRecord(record);
    rmSync(home, { recursive: true });
    return record;
  }

  /** The vault's store, as another agent opens it. */
  store(): ResticStore {
    const { destination } = this.vault();
    const cacheDirectory = path.join(this.root, "cache-of-test");
    return openStore({ vault: this.vault(), destination, cacheDirectory, log: () => {} });
  }

  async inventory(): Promise<AgentInventory> {
    const nodes = this.names.map((name, i): InventoryNode => {
      const node = inventoryNode(name, `http://127.0.0.1:${this.ports[i]}`);
      const [first] = node.processes;
      const vault = {
        home: this.home(name),
        dataPaths: ["data/*.db/**"],
        keyPaths: ["config/key"],
        engine: "toy",
        graceSeconds: 5,
        control: {
          stop: this.controlOf("stop", name),
          start: this.controlOf("start", name),
          state: this.controlOf("state", name),
        },
      };
      const isMirror = name.startsWith("mirror");
      const process = { ...(first as NonNullable<typeof first>), vault };
      return { ...node, kind: isMirror ? "mirror" : "full", servesRpc: !isMirror, processes: [process] };
    });
    return fakeInventory(nodes, { questions: { fake: BLOCK_PROBE }, vault: this.vault() });
  }

  /** Asks an agent for a job, and awaits its end. */
  async job(agent: RunningAgent, request: object): Promise<VaultJob> {
    const id = await this.begin(agent, request);
    return agent.until(
      `job ${id}`,
      async () => (await (await agent.get(`/vault/jobs/${id}`)).json()) as VaultJob,
      (job) => job.state === "done" || job.state === "failed",
      120,
    );
  }

  async begin(agent: RunningAgent, request: object): Promise<string> {
    const { host, port } = agent.inventory.listen;
    const token = path.join(this.directory, "control.token");
    await agent.until("token", () => existsSync(token), Boolean);
    const answer = await fetch(`http://${host}:${port}/vault/jobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${readFileSync(token, "utf8").trim()}`, "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const job = (await answer.json()) as { id?: string };
    if (job.id === undefined) throw new Error(`refused: ${JSON.stringify(job)}`);
    return job.id;
  }

  /** Runs the step that comes before the first start of a process. */
  bootstrap(
    inventoryFile: string,
    name: string,
  ): {
    readonly child: ChildProcess;
    /** What it has said so far. */
    readonly said: () => string;
    readonly ended: Promise<{ code: number | null; text: string }>;
  } {
    const args = [bundledAgent(), "bootstrap", "--inventory", inventoryFile, "--node", name, "--process", name];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.children.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
      child.once("close", (code) => resolve({ code, text }));
    });
    return { child, said: () => text, ended };
  }

  dispose(): void {
    for (const child of this.children) child.kill("SIGKILL");
    for (const name of this.names) this.control("stop", name);
    rmSync(this.root, { recursive: true, force: true });
  }

  private controlOf(action: string, name: string): string[] {
    const client = [path.join(this.root, "client.cjs"), this.home(name), String(this.ports[this.names.indexOf(name)])];
    return [process.execPath, path.join(this.root, "control.cjs"), action, this.root, name, ...client, this.root, name];
  }

  private vault(): InventoryVault {
    const nodes = [...this.names];
    return {
      name: "vault",
      policy: {
        schedule: null,
        everyBlocks: null,
        keep: { last: 9, hourly: 0, daily: 0, weekly: 0, monthly: 0, verified: 2 },
        lock: null,
        verify: null,
        drill: null,
        rpoSeconds: 86_400,
        rtoSeconds: 14_400,
        onStopTimeout: "skip",
        minReady: 1,
      },
      restic: this.restic,
      destination: { repository: path.join(this.root, "repository") },
      copies: {},
      passwordFile: path.join(this.root, "password"),
      directory: this.directory,
      groups: ["rpc", "mirror"],
      lineages: [{ id: "fake-full", nodes, sources: nodes }],
    };
  }
}

const POINT = {
  schemaVersion: 1,
  id: "",
  vault: "vault",
  stack: "test",
  cluster: "toy",
  protocol: "toy",
  network: "main",
  node: "rpc-9",
  group: "rpc",
  kind: "full",
  lineage: "fake-full",
  chainId: "7",
  genesis: null,
  height: 0,
  blockHash: "ab".repeat(32),
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
      name: "rpc-9",
      layer: "node",
      client: "fake",
      version: "1.2.3",
      reportedVersion: null,
      engine: "toy",
      home: "/",
      dataPaths: [],
    },
  ],
  storage: { kind: "restic", snapshot: "", files: 0, addedBytes: 0 },
  sizeBytes: 0,
  manifest: { algorithm: "none", digest: "none" },
  keys: { excluded: [], filesSeen: 1, filesRead: 1, at: 0 },
  signedHeight: null,
  lockedUntil: null,
  lockMode: null,
  verification: { level: null, at: null, evidence: null, bad: null },
  copies: [],
} as const satisfies RecoveryPoint;
