import { writeFileSync } from "node:fs";
import * as path from "node:path";
import type { AgentInventory, RecoveryPoint, VaultJob, VaultPolicy } from "../../../packages/core/src/index";
import { findProgram } from "../../integration/find-program";
import { RunningAgent } from "../../integration/running-agent";
import { CLIENT } from "../../integration/vault-restore-programs";
import { RestoreStack } from "../../integration/vault-restore-world";
import { age, FILES, now, writeRandom } from "./disk";
import { gib, tell } from "./tell";

const RETENTION = { last: 20, hourly: 0, daily: 0, weekly: 0, monthly: 0, verified: 0 };
const SOURCE = "rpc-0";

/** What a client with many databases writes while it runs: a MiB ten times a second, at most 64 of them. */
const WRITES = `
const { randomBytes } = require("node:crypto");
let turn = 0;
if (all().length > 64) setInterval(() => fs.writeFileSync(home + "/data/" + (turn % 64) + ".db/live", randomBytes(1 << 20), void turn++), 100);
`;

export interface StageOptions {
  readonly gib: number;
  /** Whether the node writes while it runs. Default no. */
  readonly writes?: boolean;
}

/** The bundled agent with a vault, a node with much data that is a process of its own, and a second node that stays. */
export class Stage {
  /** Random bytes that were written for the node, by its client not counted. */
  written = 0;
  #agent: RunningAgent | undefined;
  #inventory: AgentInventory | undefined;
  readonly #forget = atEnd(() => {
    this.#agent?.signal("SIGKILL");
    this.stack.dispose();
  });

  private constructor(readonly stack: RestoreStack) {}

  static async of({ gib: size, writes = false }: StageOptions): Promise<Stage> {
    const stage = new Stage(await RestoreStack.of(needed("restic"), SOURCE, "rpc-1"));
    try {
      await stage.fill(size, writes);
    } catch (error) {
      await stage.end();
      throw error;
    }
    return stage;
  }

  get data(): string {
    return path.join(this.stack.home(SOURCE), "data");
  }

  get repository(): string {
    return path.join(this.stack.root, "repository");
  }

  private async fill(size: number, writes: boolean): Promise<void> {
    const { stack } = this;
    if (writes) writeFileSync(path.join(stack.root, "client.cjs"), CLIENT + WRITES);
    stack.fill(stack.home(SOURCE), { height: 500, databases: FILES });
    stack.fill(stack.home("rpc-1"), { height: 500, databases: 1 });
    tell(`write ${size} GiB of random data in ${FILES} files`);
    this.each = Math.floor((size * 2 ** 30) / FILES);
    this.change(Array.from({ length: FILES }, (_, i) => i));
    for (const name of stack.names) stack.control("start", name);
    await this.watch();
  }

  private each = 0;

  /** New random data in the place of that of some databases, of some age. */
  change(databases: readonly number[]): number {
    const bytes = writeRandom(this.data, databases, this.each);
    this.written += bytes;
    age(this.data);
    return bytes;
  }

  /** Starts the agent, or starts it anew with another retention, and waits until the nodes are ready. */
  async watch(keep: VaultPolicy["keep"] = RETENTION): Promise<void> {
    await this.#agent?.stop();
    const inventory = this.#inventory ?? (await this.stack.inventory());
    const { vault } = inventory;
    if (!vault) throw new Error("the inventory has no vault");
    // How long an answer may take is waited for after a start, too: a second is enough on one machine.
    const probe = { ...inventory.probe, timeoutMs: 1000 };
    this.#inventory = { ...inventory, probe, vault: { ...vault, policy: { ...vault.policy, keep } } };
    this.#agent = await RunningAgent.start(this.#inventory);
    await this.agent.until(
      "both nodes ready",
      async () => (await this.agent.status()).nodes.filter((node) => node.ready).length,
      (ready) => ready === 2,
    );
  }

  get agent(): RunningAgent {
    if (!this.#agent) throw new Error("the agent is not started");
    return this.#agent;
  }

  /** Asks the agent for a job, tells its steps, and awaits its end. With the seconds from the request to the end. */
  async run(request: Readonly<Record<string, unknown>>): Promise<{ readonly job: VaultJob; readonly seconds: number }> {
    const began = now();
    const id = await this.stack.begin(this.agent, request);
    for (let told = ""; ; ) {
      const job = (await (await this.agent.get(`/vault/jobs/${id}`)).json()) as VaultJob;
      const step = job.steps.at(-1)?.name ?? told;
      if (step !== told) tell(`  ${job.kind}: ${step}`);
      told = step;
      if (job.state === "done") return { job, seconds: now() - began };
      if (job.state === "failed") {
        const nodes = (await this.agent.status()).nodes.map(
          ({ name, reasons }) => `${name}: ${JSON.stringify(reasons)}`,
        );
        throw new Error(`${job.kind} failed: ${JSON.stringify(job.error)}; ${nodes.join("; ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Has a point taken; with the seconds of the first pass over the data. */
  async takePoint(): Promise<{ readonly point: RecoveryPoint; readonly firstPass: number }> {
    const { job } = await this.run({ kind: "backup", node: SOURCE });
    const [id] = (job.result as { points: string[] }).points;
    const { points } = await this.stack.store().records();
    const point = points.find((p) => p.id === id);
    const pass = job.steps.find((step) => step.name.includes("pass 1"));
    if (!point || !pass?.endedAt) throw new Error(`no point or no pass in ${JSON.stringify(job)}`);
    tell(`point ${point.id}: ${gib(point.sizeBytes)} GiB, ${gib(point.storage.addedBytes)} GiB added last`);
    return { point, firstPass: pass.endedAt - pass.startedAt };
  }

  async usedBytes(): Promise<number> {
    const { usedBytes } = await this.stack.store().room();
    if (usedBytes === undefined) throw new Error(`${this.repository} cannot be measured`);
    return usedBytes;
  }

  async end(): Promise<void> {
    this.#forget();
    await this.#agent?.stop();
    this.stack.dispose();
  }
}

const open = new Set<() => void>();

/** Notes what is to be done at once when a person interrupts; returns what takes that back. */
export function atEnd(action: () => void): () => void {
  open.add(action);
  return () => void open.delete(action);
}

export function endAll(): void {
  for (const action of open) action();
}

export const NODE = SOURCE;

export function needed(program: string): string {
  const found = findProgram(program);
  if (found) return found;
  throw new Error(`${program} not found; put it on PATH, or try: npx chainkeep tools --resolve ${program}`);
}
