import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { AgentInventory, RecoveryPoint, StatusPoint, VaultJob } from "@chainkeep/core";
import { mountSmallDisk, unmount } from "../small-disk";
import { type CommandResult, LocalStack, portsOf, until } from "../stack";

const DISK_BYTES = 256 * 1024 * 1024;
const PHASE_SECONDS = 60;

export type Phase = "warm" | "stopping" | "copying" | "starting" | "recording";

/** A network with a vault whose repository lies on a small disk of its own. */
export class VaultWorld {
  readonly stack = new LocalStack({ ports: portsOf(2), program: path.join(__dirname, "program.ts") });
  readonly stateDir = this.stack.stateDir;
  readonly disk = mkdtempSync(path.join(tmpdir(), "chainkeep-disk-"));
  readonly repository = path.join(this.disk, "repository");
  readonly journal = path.join(this.stateDir, "vault", "journal.json");
  /** False where no disk may be mounted: its tests are skipped. */
  readonly hasDisk = mountSmallDisk(this.disk, DISK_BYTES, "the test of a full repository");
  private readonly ballast = path.join(this.disk, "ballast");

  async setUp(): Promise<void> {
    await this.stack.setUp();
    await this.stack.config("repository", this.repository);
    await this.stack.config("offsite", path.join(this.stack.root, "offsite"));
    await this.stack.config("everyBlocks", "10");
    await this.apply();
  }

  /** Brings the program's present configuration up. */
  async apply(): Promise<void> {
    const start = await this.stack.cli("start");
    const reasons = start.stdout.slice(start.stdout.indexOf("Diagnostics:"));
    if (start.code !== 0) throw new Error(`start failed: ${reasons}\n${start.stderr}`);
  }

  /** `npx chainkeep <words> --json`; gives its document. */
  async json<T>(...words: string[]): Promise<T> {
    const result = await this.stack.cli(...words, "--json");
    if (result.code !== 0) throw new Error(`chainkeep ${words.join(" ")}: exit code ${result.code}\n${result.stderr}`);
    return JSON.parse(result.stdout) as T;
  }

  /** A command that must fail, and has touched nothing. */
  async refused(...words: string[]): Promise<string> {
    const result = await this.stack.cli(...words);
    if (result.code === 0) throw new Error(`chainkeep ${words.join(" ")} was not refused: ${result.stdout}`);
    return `${result.code} ${result.stderr}`;
  }

  /** The newest first; also where none is proven yet. */
  async points(): Promise<StatusPoint[]> {
    const { stdout, stderr } = await this.stack.cli("points", "--json");
    if (stdout === "") throw new Error(stderr);
    return (JSON.parse(stdout) as { points: StatusPoint[] }).points;
  }

  async backup(): Promise<string> {
    const { job } = await this.json<{ job: VaultJob }>("backup");
    const { points } = job.result as { points: string[] };
    return points[0] ?? "no point";
  }

  /** A point that was proven to the last level. */
  async provenPoint(): Promise<StatusPoint> {
    const id = await this.backup();
    return this.proven(id);
  }

  proven(id: string): Promise<StatusPoint> {
    return until(
      `${id} proven`,
      async () => (await this.points()).find((p) => p.id === id) as StatusPoint,
      (p) => p?.verified === "progresses",
      120,
    );
  }

  /** Name of a point's data in the repository. */
  async snapshotOf(id: string): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.stack.ports.agent}/vault/points`);
    const { points } = (await answer.json()) as { points: RecoveryPoint[] };
    return points.find((p) => p.id === id)?.storage.snapshot ?? `no point ${id}`;
  }

  /** Waits until the vault does nothing. */
  async idle(): Promise<void> {
    await until(
      "no job under way",
      () => this.vaultJobs(),
      (jobs) => jobs.every((j) => j.state === "done" || j.state === "failed"),
      120,
    );
  }

  async vaultJobs(): Promise<VaultJob[]> {
    const answer = await fetch(`http://127.0.0.1:${this.stack.ports.agent}/vault/jobs`, {
      signal: AbortSignal.timeout(5000),
    });
    return ((await answer.json()) as { jobs: VaultJob[] }).jobs;
  }

  /** All nodes in step with the network, and nothing of a backup left. */
  async sound(): Promise<void> {
    await until(
      "all nodes ready, no journal",
      async () => ({ status: await this.stack.status(), journal: existsSync(this.journal) }),
      ({ status, journal }) =>
        !journal && status.nodes.length >= 6 && status.nodes.every((n) => n.ready && (n.lagBlocks ?? 0) <= 2),
      120,
    );
  }

  /**
   * Begins a backup and does something the moment it is in a phase. Phases last milliseconds: the journal is read without a pause.
   *
   * @returns the command's end, and whether the phase was met
   */
  async inPhase(phase: Phase, act: () => void): Promise<{ readonly met: boolean; readonly result: CommandResult }> {
    const running = this.stack.cli("backup", "mirror-0", "--json");
    let ended = false;
    void running.then(() => {
      ended = true;
    });
    const end = Date.now() + PHASE_SECONDS * 1000;
    let met = false;
    while (!met && !ended && Date.now() < end) {
      for (const stop = Date.now() + 200; !met && Date.now() < stop; ) met = this.phase() === phase;
      if (met) act();
      else await new Promise((resolve) => setImmediate(resolve));
    }
    return { met, result: await running };
  }

  private phase(): string | undefined {
    try {
      return (JSON.parse(readFileSync(this.journal, "utf8")) as { phase: string }).phase;
    } catch {
      return undefined;
    }
  }

  firing(name: string): Promise<unknown> {
    return until(
      `${name} fires`,
      async () => (await this.stack.status()).alerts.filter((a) => a.state === "firing").map((a) => a.name),
      (names) => names.includes(name),
      240,
    );
  }

  /** Value of a query of one series. */
  async query(expr: string): Promise<number> {
    const url = `http://127.0.0.1:${this.stack.ports.prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`;
    const answer = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
    return Number(answer.data.result[0]?.value[1]);
  }

  /** Hash of a block as a node itself tells it. */
  async hashAt(node: string, height: number): Promise<string> {
    const { nodes } = this.inventory();
    const url = nodes.find((n) => n.name === node)?.processes[0]?.probeUrl;
    const answer = await fetch(`${url}/block?height=${height}`, { signal: AbortSignal.timeout(5000) });
    const { result } = (await answer.json()) as { result?: { block_id: { hash: string } } };
    return result?.block_id.hash.toLowerCase() ?? `no block ${height}`;
  }

  /** Node that answers users. */
  async servedBy(): Promise<string | null> {
    const answer = await fetch(`http://127.0.0.1:${this.stack.ports.rpc}/status`, {
      signal: AbortSignal.timeout(8000),
    });
    await answer.text();
    return answer.headers.get("x-chainkeep-node");
  }

  inventory(): AgentInventory {
    return JSON.parse(readFileSync(path.join(this.stateDir, "agent", "agent.json"), "utf8")) as AgentInventory;
  }

  fillDisk(): void {
    const { bavail, bsize } = statfsSync(this.disk);
    const file = openSync(this.ballast, "w");
    try {
      // Room that is kept for names may be counted, too.
      for (let left = bavail; left > 0; left--) writeSync(file, Buffer.alloc(bsize));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  emptyDisk(): void {
    rmSync(this.ballast, { force: true });
  }

  async tearDown(): Promise<void> {
    try {
      await this.stack.dispose();
    } finally {
      if (this.hasDisk) unmount(this.disk);
      rmSync(this.disk, { recursive: true, force: true });
    }
  }
}
