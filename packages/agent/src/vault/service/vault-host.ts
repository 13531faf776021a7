import * as path from "node:path";
import type { AgentInventory, Destination, InventoryVault } from "@chainkeep/core";
import type { FleetState } from "../../fleet/judge";
import type { Log } from "../../log";
import type { PointStore, VaultWorld } from "../contracts";
import { Promotions } from "../promote/promotions";
import { NodeAsker } from "../proof/chain-asker";
import { CommandRuntime } from "../runtime/command-runtime";
import { openStore } from "../store/open-store";
import { realWork } from "./real-work";
import { VaultService } from "./vault-service";

export interface VaultHostInput {
  /** As it is in force, promotions included. */
  readonly inventory: () => AgentInventory;
  readonly fleet: () => FleetState;
  readonly log: Log;
  /** Called when a mirror was promoted or no longer is. */
  readonly onPromotion: () => Promise<void>;
}

/** The vault's part of an agent: there while its inventory has a vault, and made anew when that is another one. */
export class VaultHost {
  private running: { readonly service: VaultService; readonly key: string } | undefined;
  private promotions: Promotions;

  constructor(
    private readonly input: VaultHostInput,
    inventory: AgentInventory,
  ) {
    this.promotions = new Promotions(inventory.vault?.directory, input.log);
  }

  service(): VaultService | undefined {
    return this.running?.service;
  }

  /** The inventory as the rest of the agent should see it. */
  applied(inventory: AgentInventory): AgentInventory {
    return this.promotions.applied(inventory);
  }

  start(): void {
    const { vault } = this.input.inventory();
    if (!vault || this.running) return;
    const service = new VaultService({
      world: this.worldOf(vault),
      work: realWork(this.promotions, this.input.onPromotion),
      promoted: () => this.promotions.get(),
    });
    this.running = { service, key: keyOf(vault) };
    void service.start();
    void this.promotions.keep(this.input.inventory());
  }

  /** Policies are taken over at once; another place is another service. */
  async update(): Promise<void> {
    const { vault } = this.input.inventory();
    if (this.running && vault && keyOf(vault) === this.running.key) return this.promotions.keep(this.input.inventory());
    await this.stop();
    this.promotions = new Promotions(vault?.directory, this.input.log);
    this.start();
    // The inventory in force was made before these were known.
    if (this.promotions.get().size > 0) await this.input.onPromotion();
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.service.stop();
  }

  private worldOf(first: InventoryVault): VaultWorld {
    const { inventory, fleet, log } = this.input;
    const vault = () => inventory().vault ?? first;
    const cacheDirectory = path.join(first.directory, "cache");
    const open = (destination: Destination) => openStore({ vault: first, destination, cacheDirectory, log });
    const copies = new Map<string, PointStore>();
    return {
      inventory,
      vault,
      fleet,
      store: open(first.destination),
      copy: (name) => {
        const known = copies.get(name);
        if (known) return known;
        const destination = vault().copies[name];
        if (!destination) throw new Error(`the vault has no copy called ${name}`);
        const store = open(destination);
        copies.set(name, store);
        return store;
      },
      runtime: new CommandRuntime(),
      asker: new NodeAsker(inventory),
      log,
      now: Date.now,
    };
  }
}

/** What a running service cannot take over. */
function keyOf({ name, restic, destination, copies, passwordFile, directory }: InventoryVault): string {
  return JSON.stringify([name, restic, destination, copies, passwordFile, directory]);
}
