import type { AgentInventory, Head, InventoryNode, Observation } from "@chainkeep/core";
import { Fleet, type FleetChange } from "../fleet/fleet";
import { Rotation } from "../fleet/rotation";
import { statusDocument } from "../fleet/status";

export const START = 1_800_000_000_000;

/** A fleet whose clock and answers the test decides. */
export class Stage {
  now = START;
  readonly changes: FleetChange[] = [];
  readonly fleet: Fleet;
  readonly rotation = new Rotation(() => this.now);

  constructor(public inventory: AgentInventory) {
    this.fleet = new Fleet(
      inventory,
      (change) => this.changes.push(change),
      () => this.now,
    );
  }

  node(name: string): InventoryNode {
    return there(this.inventory.nodes.find((n) => n.name === name));
  }

  /** An answer of a process: of the node's first one unless named. */
  answer(name: string, head: Partial<Head> | undefined, processIndex = 0): void {
    const node = this.node(name);
    const process = there(node.processes[processIndex]);
    const full: Head = {
      height: 100,
      timestamp: this.now / 1000,
      peers: 3,
      syncing: false,
      chainId: "7",
      faults: [],
      ...head,
    };
    const observation: Observation = {
      at: this.now,
      durationMs: 10,
      ...(head ? { head: full } : { error: { kind: "timeout", text: "no answer within 1 s" } }),
    };
    this.rotation.observed({ node, process }, observation);
    this.fleet.observe({ node, process }, observation);
    // Verdicts are allowed to wait a little; tests are not.
    this.fleet.update(this.inventory);
  }

  wait(seconds: number): void {
    this.now += seconds * 1000;
    this.fleet.update(this.inventory);
  }

  state(name: string) {
    return there(this.fleet.state().nodes.get(name));
  }

  codes(name: string): string[] {
    return this.state(name).reasons.map((r) => r.code);
  }

  status() {
    const { inventory, rotation, now } = this;
    return statusDocument({ inventory, fleet: this.fleet.state(), rotation, alerts: [], now });
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the test names something that is not there");
  return value;
}

/** Where nobody is asked: the test gives the answers. */
export const NOWHERE = "http://127.0.0.1:9";
