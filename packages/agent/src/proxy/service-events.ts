import type { AgentInventory } from "@chainkeep/core";
import type { FleetState } from "../fleet/judge";
import type { Rotation } from "../fleet/rotation";
import { groupsOf, membersOf } from "./choose";

export interface ServiceContext {
  readonly fleet: () => FleetState;
  readonly rotation: Rotation;
  /** Told of each group once per interval, and of none before anybody of it was asked. */
  readonly onEvent: (group: string, good: boolean) => void;
}

/**
 * Says once per interval of every group that serves whether a user could have been served: one good node is enough. So a service
 * that nobody uses is measured, too.
 */
export class ServiceEvents {
  private timer: NodeJS.Timeout | undefined;
  private intervalSeconds = 0;

  constructor(
    private inventory: AgentInventory,
    private readonly context: ServiceContext,
  ) {}

  start(): void {
    this.update(this.inventory);
  }

  update(inventory: AgentInventory): void {
    this.inventory = inventory;
    const { intervalSeconds } = inventory.probe;
    if (this.timer && intervalSeconds === this.intervalSeconds) return;
    clearInterval(this.timer);
    this.intervalSeconds = intervalSeconds;
    this.timer = setInterval(() => this.look(), intervalSeconds * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Ready and in rotation: what a request would find. */
  look(): void {
    const fleet = this.context.fleet();
    for (const group of groupsOf(this.inventory)) {
      const members = membersOf(group, fleet);
      if (!members.some(({ first }) => first.asked)) continue;
      this.context.onEvent(
        group,
        members.some((state) => this.context.rotation.isIn(state)),
      );
    }
  }
}
