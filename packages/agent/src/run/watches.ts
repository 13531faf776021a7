import type { AgentInventory } from "@chainkeep/core";
import { Disks } from "../probe/disks";
import { ReferenceWatch } from "../probe/reference";
import { type ServiceContext, ServiceEvents } from "../proxy/service-events";

export interface WatchContext extends ServiceContext {
  readonly onReferenceError: () => void;
}

/** What the agent looks at beside its nodes: their disks, a node outside of the fleet, and whether users could be served. */
export class Watches {
  readonly disks: Disks;
  readonly reference: ReferenceWatch;
  private readonly service: ServiceEvents;

  constructor(inventory: AgentInventory, context: WatchContext) {
    this.disks = new Disks(inventory);
    this.reference = new ReferenceWatch(inventory, context.onReferenceError);
    this.service = new ServiceEvents(inventory, context);
  }

  start(): void {
    for (const watch of this.all) watch.start();
  }

  update(inventory: AgentInventory): void {
    for (const watch of this.all) watch.update(inventory);
  }

  stop(): void {
    for (const watch of this.all) watch.stop();
  }

  private get all() {
    return [this.disks, this.reference, this.service];
  }
}
