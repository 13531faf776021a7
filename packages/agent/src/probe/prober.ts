import type {
  AgentInventory,
  Head,
  InventoryNode,
  InventoryProcess,
  Layer,
  Observation,
  ProbeErrorKind,
} from "@chainkeep/core";
import { askProcess } from "./ask";
import { askBlock } from "./ask-block";
import { Blocks, type Checkpoint } from "./blocks";
import { AnswerMemory } from "./exchange";
import { type PoolSettings, Pools } from "./pools";

/** A process that is asked, and whose it is. */
export interface Target {
  readonly node: InventoryNode;
  readonly process: InventoryProcess;
}

export interface ProberEvents {
  readonly onObservation: (target: Target, observation: Observation) => void;
  readonly onRequest: (target: Target, seconds: number) => void;
  readonly onError: (target: Target, kind: ProbeErrorKind) => void;
  /** An asking was due while the one before it still ran. */
  readonly onOverrun: (target: Target) => void;
  /** The hash of an old block has come; heads that follow have it, too. */
  readonly onCheckpoint: (target: Target, checkpoint: Checkpoint) => void;
  /** So many blocks were replaced by others; 0 says that none were, and that this process is looked at. */
  readonly onReorg: (target: Target, depth: number) => void;
  /** Height that the fleet believes, so that siblings are asked for the same old block. */
  readonly believed: (layer: Layer) => number | undefined;
}

/** So many askings begin per second at most when the agent starts; after that they are spread over the interval. */
const FIRST_PER_SECOND = 200;
/** Sockets per process; further questions wait for one of them. */
const CONNECTIONS = 2;

interface Slot {
  target: Target;
  timer: NodeJS.Timeout | undefined;
  running: boolean;
  /** Begins anew when the process moves to another address. */
  blocks: Blocks;
}

/** Asks every process of every node once per interval, each at its own moment. One that takes too long delays nobody else. */
export class Prober {
  private readonly slots = new Map<string, Slot>();
  private readonly memory = new AnswerMemory();
  private readonly pools: Pools;
  private readonly epoch = performance.now();
  private stopped = false;

  constructor(
    private inventory: AgentInventory,
    private readonly events: ProberEvents,
    private readonly now: () => number = Date.now,
  ) {
    this.pools = new Pools(poolSettings(inventory));
  }

  start(): void {
    this.update(this.inventory);
  }

  /** Takes over another inventory. Askings under way go on; their outcome counts if their process is still there. */
  update(inventory: AgentInventory): void {
    const rhythm = inventory.probe.intervalSeconds !== this.inventory.probe.intervalSeconds;
    this.inventory = inventory;
    const targets = targetsOf(inventory);
    for (const [key, slot] of this.slots) {
      const target = targets.get(key);
      if (target) move(slot, target);
      if (target && !rhythm) continue;
      clearTimeout(slot.timer);
      if (target) this.schedule(key, slot);
      else this.slots.delete(key);
    }
    const origins = new Set([...targets.values()].map((t) => new URL(t.process.probeUrl).origin));
    this.pools.keep(origins, poolSettings(inventory));
    const window = Math.min(this.intervalMs, (targets.size / FIRST_PER_SECOND) * 1000);
    for (const [key, target] of targets) if (!this.slots.has(key)) this.add(key, target, phaseOf(key) * window);
  }

  /** After a fault of the agent: new connections for everybody. */
  renew(): void {
    this.pools.renew();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const slot of this.slots.values()) clearTimeout(slot.timer);
    this.slots.clear();
    await this.pools.destroy();
  }

  private get intervalMs(): number {
    return this.inventory.probe.intervalSeconds * 1000;
  }

  private add(key: string, target: Target, delay: number): void {
    const slot: Slot = { target, timer: undefined, running: false, blocks: new Blocks() };
    this.slots.set(key, slot);
    slot.timer = setTimeout(() => this.due(key, slot), delay);
  }

  private due(key: string, slot: Slot): void {
    this.schedule(key, slot);
    if (slot.running) this.events.onOverrun(slot.target);
    else void this.ask(key, slot);
  }

  /** Next moment of this process on a fixed grid, so that a slow answer does not shift the rhythm. */
  private schedule(key: string, slot: Slot): void {
    const phase = phaseOf(key) * this.intervalMs;
    const passed = (performance.now() - this.epoch - phase) / this.intervalMs;
    const next = this.epoch + phase + (Math.floor(passed + 0.05) + 1) * this.intervalMs;
    slot.timer = setTimeout(() => this.due(key, slot), next - performance.now());
  }

  private async ask(key: string, slot: Slot): Promise<void> {
    const { target } = slot;
    slot.running = true;
    const observation = await this.observe(key, target);
    slot.running = false;
    if (!this.isCurrent(key, target)) return;
    const { head } = observation;
    if (!head) return this.events.onObservation(target, observation);
    const { inventory } = this;
    const believed = this.events.believed(target.process.layer);
    this.events.onObservation(target, { ...observation, head: slot.blocks.complete(head, { inventory, believed }) });
    await this.follow(key, slot, target, head);
  }

  private isCurrent(key: string, target: Target): boolean {
    return !this.stopped && this.slots.get(key)?.target.process.probeUrl === target.process.probeUrl;
  }

  /** What is asked after the head, of blocks that are older. */
  private async follow(key: string, slot: Slot, target: Target, head: Head): Promise<void> {
    const { inventory } = this;
    const probe = inventory.questions[target.process.questions];
    if (!probe) return;
    const ask = (height: number) => askBlock(target.process, probe, height, this.way(target));
    const believed = this.events.believed(target.process.layer);
    await slot.blocks.follow(
      head,
      { probe, inventory, believed, ask },
      {
        onCheckpoint: (checkpoint) => {
          if (this.isCurrent(key, target)) this.events.onCheckpoint(target, checkpoint);
        },
        onReorg: (depth) => {
          if (this.isCurrent(key, target)) this.events.onReorg(target, depth);
        },
      },
    );
  }

  private way({ process }: Target) {
    const { timeoutMs, maxAnswerBytes } = this.inventory.probe;
    return {
      door: this.pools.of(new URL(process.probeUrl).origin),
      limits: { timeoutMs, maxAnswerBytes, memory: this.memory },
    };
  }

  private async observe(key: string, target: Target): Promise<Observation> {
    const { questions, blockTimeSeconds } = this.inventory;
    const ifThere = (tell: () => void) => {
      if (this.slots.has(key)) tell();
    };
    try {
      const question = questions[target.process.questions];
      if (!question) throw new Error(`no questions called ${target.process.questions}`);
      return await askProcess(target.process, question, {
        ...this.way(target),
        blockTimeSeconds,
        now: this.now,
        onRequest: (seconds) => ifThere(() => this.events.onRequest(target, seconds)),
        onError: (kind) => ifThere(() => this.events.onError(target, kind)),
      });
    } catch (error) {
      // A fault of ours: it must not end the watch over all the other nodes.
      const text = `agent could not ask: ${error instanceof Error ? error.message : String(error)}`;
      return { at: this.now(), durationMs: 0, error: { kind: "transport", text } };
    }
  }
}

function move(slot: Slot, target: Target): void {
  if (slot.target.process.probeUrl !== target.process.probeUrl) slot.blocks = new Blocks();
  slot.target = target;
}

export function keyOf(node: InventoryNode, process: InventoryProcess): string {
  return `${node.name}/${process.name}`;
}

function targetsOf(inventory: AgentInventory): Map<string, Target> {
  const targets = inventory.nodes.flatMap((node) => node.processes.map((process) => ({ node, process })));
  return new Map(targets.map((target) => [keyOf(target.node, target.process), target]));
}

function poolSettings({ probe }: AgentInventory): PoolSettings {
  return {
    connections: CONNECTIONS,
    connectTimeoutMs: probe.timeoutMs,
    // Idle for a whole interval is the normal state of these connections.
    keepAliveMs: Math.ceil(probe.intervalSeconds * 2000),
  };
}

/** Where in the interval a process is asked, from 0 to 1: always the same for the same name, evenly spread over many. */
export function phaseOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // Names that differ in the last letter only must not lie together: mix the high bits in.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
