import { type AgentInventory, checkpointHeight, type Head, type HealthProbe } from "@chainkeep/core";
import { type AskHash, Reorgs } from "./reorgs";

/** A checkpoint that has been asked for is asked for again after so long: a fork that heals must be seen. */
const AGAIN_MS = 30_000;

export type Checkpoint = NonNullable<Head["checkpoint"]>;

export interface BlockView {
  readonly probe: HealthProbe;
  readonly inventory: AgentInventory;
  /** Height that the fleet believes for the layer of the process. */
  readonly believed: number | undefined;
  readonly ask: AskHash;
}

export interface BlockEvents {
  readonly onCheckpoint: (checkpoint: Checkpoint) => void;
  /** 0: nothing happened, and the process is one whose reorganisations are seen. */
  readonly onReorg: (depth: number) => void;
}

/** What is remembered of the blocks of one process, and asked after its head: nobody waits for it, and nothing is judged by it. */
export class Blocks {
  private known: Checkpoint | undefined;
  private asked = { height: -1, at: Number.NEGATIVE_INFINITY };
  private busy = false;
  private readonly reorgs = new Reorgs();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The head with its checkpoint, as long as that one is what siblings are asked for now. */
  complete(head: Head, { inventory, believed }: Pick<BlockView, "inventory" | "believed">): Head {
    return this.known && this.known.height === heightOf(head, inventory, believed)
      ? { ...head, checkpoint: this.known }
      : head;
  }

  async follow(head: Head, view: BlockView, events: BlockEvents): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.lookForReorg(head, view, events);
      await this.lookAtCheckpoint(head, view, events);
    } finally {
      this.busy = false;
    }
  }

  /** Where heights are slots they are not counted: a late block's slot becomes empty, and nothing tells that from an unknown one. */
  private async lookForReorg(head: Head, { probe, inventory, ask }: BlockView, events: BlockEvents): Promise<void> {
    const slots = probe.head.timestamp !== undefined && "slot" in probe.head.timestamp;
    if (head.hash === undefined || slots) return;
    const askable = probe.checkpoint && (inventory.reorgBlocks ?? 0) > 0;
    events.onReorg(await this.reorgs.see(head, inventory.limits.maxLagBlocks, askable ? ask : undefined));
  }

  private async lookAtCheckpoint(head: Head, view: BlockView, events: BlockEvents): Promise<void> {
    const height = view.probe.checkpoint && heightOf(head, view.inventory, view.believed);
    const now = this.now();
    if (height === undefined || (height === this.asked.height && now - this.asked.at < AGAIN_MS)) return;
    this.asked = { height, at: now };
    const hash = await view.ask(height);
    if (typeof hash !== "string") return;
    this.known = { height, hash };
    events.onCheckpoint(this.known);
  }
}

function heightOf(head: Head, { checkpointBlocks }: AgentInventory, believed: number | undefined): number | undefined {
  return checkpointBlocks === undefined ? undefined : checkpointHeight(head.height, believed, checkpointBlocks);
}
