import type { AgentInventory, InventoryNode, Observation } from "@chainkeep/core";
import type { Checkpoint } from "../probe/blocks";
import { keyOf, type Target } from "../probe/prober";
import { History } from "./history";
import { type FleetState, Judge, type NodeState } from "./judge";

export type FleetChange =
  | { readonly kind: "node"; readonly before: NodeState; readonly after: NodeState }
  | { readonly kind: "network"; readonly halted: boolean; readonly height: number | undefined };

/** Judging may take so small a part of the time; a thousand nodes then wait tens of milliseconds for a verdict. */
const IDLE_FACTOR = 50;
/** Verdicts change without an answer, too: heads grow old. */
const HEARTBEAT_MS = 1000;

/** All nodes with what is known of them, and their newest verdicts. */
export class Fleet {
  private readonly histories = new Map<string, History>();
  private readonly judge = new Judge();
  private current: FleetState;
  private judgedAt = 0;
  private costMs = 0;
  private pending: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private inventory: AgentInventory,
    private readonly onChange: (change: FleetChange) => void = () => {},
    private readonly now: () => number = Date.now,
  ) {
    this.adopt(inventory);
    this.current = this.judgeNow();
  }

  start(): void {
    this.heartbeat = setInterval(() => this.rejudge(), HEARTBEAT_MS);
  }

  stop(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.pending);
    this.pending = undefined;
  }

  /** Takes over another inventory; nodes that keep their name keep their history. */
  update(inventory: AgentInventory): void {
    this.adopt(inventory);
    this.rejudge();
  }

  observe(target: Target, observation: Observation): void {
    this.histories.get(keyOf(target.node, target.process))?.record(observation, this.inventory.limits);
    if (this.pending) return;
    const wait = this.costMs * IDLE_FACTOR - (performance.now() - this.judgedAt);
    if (wait <= 0) this.rejudge();
    else this.pending = setTimeout(() => this.rejudge(), wait);
  }

  checkpoint(target: Target, checkpoint: Checkpoint): void {
    this.histories.get(keyOf(target.node, target.process))?.checkpoint(checkpoint);
  }

  /** Newest verdicts. Judged again first when the event loop has been held up for so long that they are old. */
  state(): FleetState {
    if (performance.now() - this.judgedAt > 2 * HEARTBEAT_MS) this.rejudge();
    return this.current;
  }

  private adopt(inventory: AgentInventory): void {
    this.inventory = inventory;
    const keys = new Set(inventory.nodes.flatMap((n) => n.processes.map((p) => keyOf(n, p))));
    for (const key of this.histories.keys()) if (!keys.has(key)) this.histories.delete(key);
    for (const key of keys) if (!this.histories.has(key)) this.histories.set(key, new History(this.now()));
  }

  private judgeNow(): FleetState {
    clearTimeout(this.pending);
    this.pending = undefined;
    const started = performance.now();
    const state = this.judge.judge(this.inventory, this.histories, this.now());
    this.judgedAt = performance.now();
    this.costMs = this.judgedAt - started;
    return state;
  }

  private rejudge(): void {
    const before = this.current;
    const after = this.judgeNow();
    this.current = after;
    for (const [name, state] of after.nodes) {
      const old = before.nodes.get(name);
      if (old && isChange(old, state)) this.onChange({ kind: "node", before: old, after: state });
    }
    if (before.halted !== after.halted) this.onChange({ kind: "network", halted: after.halted, height: after.height });
  }
}

/** The first word on a node is news too, unless it is that there is no word yet. */
function isChange(before: NodeState, after: NodeState): boolean {
  const asked = (s: NodeState) => s.processes.every((p) => p.asked);
  return before.ready !== after.ready || before.alive !== after.alive || (asked(after) && !asked(before));
}

/** The process whose address users' requests go to. */
export function rpcUrlOf(node: InventoryNode): string | undefined {
  return node.processes.find((p) => p.rpcUrl !== undefined)?.rpcUrl;
}
