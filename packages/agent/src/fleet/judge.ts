import {
  type AgentInventory,
  type FleetReference,
  type FleetVerdict,
  type Head,
  type HealthLimits,
  type InventoryNode,
  type InventoryProcess,
  judgeFleet,
  type Layer,
  type Reason,
  type Verdict,
} from "@chainkeep/core";
import { keyOf } from "../probe/prober";
import { type History, NetworkHistory } from "./history";

/** A process as it was last judged. */
export interface ProcessState {
  readonly process: InventoryProcess;
  readonly verdict: Verdict;
  /** Its head, if its newest answer is a good one and not stale. */
  readonly head: Head | undefined;
  /** Whether it was asked at all since the agent started. */
  readonly asked: boolean;
  /** Whether its port took a connection at the newest asking, if that is known and not stale. */
  readonly reachable: boolean | undefined;
}

/** A node as it was last judged: as well as the worst of its processes. */
export interface NodeState {
  readonly node: InventoryNode;
  readonly alive: boolean;
  readonly ready: boolean;
  readonly reasons: readonly Reason[];
  readonly first: ProcessState;
  readonly processes: readonly ProcessState[];
}

export interface FleetState {
  /** When this was judged, unix milliseconds. */
  readonly at: number;
  readonly halted: boolean;
  readonly height: number | undefined;
  readonly riseAt: number | undefined;
  /** Height that is believed, by layer: slots and blocks are counted apart. */
  readonly heights: ReadonlyMap<Layer, number>;
  readonly nodes: ReadonlyMap<string, NodeState>;
}

/** What is remembered of one layer: execution heights are measured against execution heights, slots against slots. */
interface LayerMemory {
  readonly network: NetworkHistory;
  previous: FleetReference | undefined;
  halted: boolean;
}

export class Judge {
  private readonly layers = new Map<Layer, LayerMemory>();

  /** Judges everything at one moment. The first layer's network is the one that people know. */
  judge(inventory: AgentInventory, histories: ReadonlyMap<string, History>, now: number): FleetState {
    const layers = [...new Set(inventory.nodes.flatMap((n) => n.processes.map((p) => p.layer)))];
    const verdicts = new Map(layers.map((layer) => [layer, this.judgeLayer(layer, inventory, histories, now)]));
    const main = inventory.nodes[0]?.processes[0]?.layer;
    const network = main === undefined ? undefined : verdicts.get(main);
    const states = inventory.nodes.map((node) => nodeState(node, inventory, verdicts, histories, now));
    return {
      at: now,
      halted: network?.halted ?? false,
      height: network?.height,
      heights: new Map([...verdicts].flatMap(([layer, { height }]) => (height === undefined ? [] : [[layer, height]]))),
      riseAt: main === undefined ? undefined : this.layers.get(main)?.network.riseAt,
      nodes: new Map(states.map((state) => [state.node.name, state])),
    };
  }

  private judgeLayer(
    layer: Layer,
    inventory: AgentInventory,
    histories: ReadonlyMap<string, History>,
    now: number,
  ): FleetVerdict {
    const witnesses = inventory.nodes.flatMap((node) =>
      node.processes
        .filter((process) => process.layer === layer)
        .map((process) => {
          const key = keyOf(node, process);
          const countsPeers = inventory.questions[process.questions]?.countsPeers ?? true;
          const history = histories.get(key);
          if (!history) throw new Error(`no history of ${key}`);
          return history.witness(key, node.kind === "light", countsPeers);
        }),
    );
    const memory = this.layers.get(layer) ?? { network: new NetworkHistory(), previous: undefined, halted: false };
    this.layers.set(layer, memory);
    const limits = limitsOf(layer, inventory);
    const view = () => ({
      now,
      networkRiseAt: memory.network.riseAt,
      blockTimeSeconds: inventory.blockTimeSeconds,
      wasHalted: memory.halted,
      ...(memory.previous ? { previous: memory.previous } : {}),
    });
    const before = memory.network.riseAt;
    const verdict = judgeFleet(witnesses, limits, view());
    if (verdict.reference) {
      memory.network.record(verdict.reference, now, limits.silenceSeconds);
      memory.previous = verdict.reference;
    }
    // A rise that has just been seen ends a halt at once, not at the next judgement.
    const last = memory.network.riseAt === before ? verdict : judgeFleet(witnesses, limits, view());
    memory.halted = last.halted;
    return last;
  }
}

/** A layer whose questions do not ask for the chain cannot be held to it; its partner in the same node is. */
function limitsOf(layer: Layer, inventory: AgentInventory): HealthLimits {
  const first = inventory.nodes.some((n) => n.processes[0]?.layer === layer);
  const processes = inventory.nodes.flatMap((n) => n.processes.filter((p) => p.layer === layer));
  const asksForChain = processes.some((p) => inventory.questions[p.questions]?.head.chainId !== undefined);
  return first || asksForChain ? inventory.limits : { ...inventory.limits, chainId: undefined };
}

function nodeState(
  node: InventoryNode,
  inventory: AgentInventory,
  verdicts: ReadonlyMap<Layer, FleetVerdict>,
  histories: ReadonlyMap<string, History>,
  now: number,
): NodeState {
  const processes = node.processes.map((process): ProcessState => {
    const key = keyOf(node, process);
    const seen = histories.get(key)?.observation;
    const isFresh = seen !== undefined && now - seen.at <= inventory.limits.staleSeconds * 1000;
    const verdict = verdicts.get(process.layer)?.nodes.get(key);
    return {
      process,
      verdict: verdict ?? UNKNOWN,
      head: isFresh ? seen.head : undefined,
      asked: seen !== undefined,
      reachable: isFresh ? seen.reachable : undefined,
    };
  });
  const reasons = processes.flatMap(({ verdict, process }, index) =>
    index === 0
      ? verdict.reasons
      : verdict.reasons.map(({ code, text }) => ({ code, text: `${process.name}: ${text}` })),
  );
  return {
    node,
    alive: processes.every((p) => p.verdict.alive),
    ready: processes.every((p) => p.verdict.ready),
    reasons,
    first: processes[0] as ProcessState,
    processes,
  };
}

const UNKNOWN: Verdict = { alive: true, ready: false, reasons: [{ code: "NOT_ASKED_YET", text: "not asked yet" }] };
