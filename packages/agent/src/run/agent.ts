import type { Server } from "node:http";
import type { AgentInventory } from "@chainkeep/core";
import { AlertStore } from "../alerts/store";
import { Fleet, type FleetChange } from "../fleet/fleet";
import { HeightHistory } from "../fleet/heights";
import { Rotation } from "../fleet/rotation";
import type { Log } from "../log";
import { Metrics } from "../metrics/metrics";
import { Prober } from "../probe/prober";
import { RpcProxy } from "../proxy/rpc-proxy";
import { close, limitedServer, listen } from "../server/http";
import { routes } from "../server/routes";
import { VaultHost } from "../vault/service/vault-host";
import { Watches } from "./watches";

/** Requests under way may take so long to end when the agent stops. */
const GRACE_MS = 5000;
const MAX_FAULTS_PER_MINUTE = 20;
const LIMITS = { maxConnections: 1024, requestTimeoutMs: 20_000, idleTimeoutMs: 60_000 };

/** The program: asks nodes, judges them, answers for them and passes requests to those that are ready. */
export class Agent {
  readonly metrics: Metrics;
  readonly fleet: Fleet;
  private readonly rotation = new Rotation();
  private readonly alerts = new AlertStore();
  private readonly heights = new HeightHistory(() => this.fleet.state());
  private readonly prober: Prober;
  private readonly watches: Watches;
  private readonly server: Server;
  private readonly vault: VaultHost;
  private proxy: RpcProxy | undefined;
  private faults: number[] = [];

  /** As it is in force: promoted mirrors serve. */
  private inventory: AgentInventory;

  constructor(
    /** As it was given. */
    private given: AgentInventory,
    private readonly log: Log,
  ) {
    this.vault = new VaultHost(
      {
        inventory: () => this.inventory,
        fleet: () => this.fleet.state(),
        log,
        onPromotion: async () => void (await this.takeOver()),
      },
      given,
    );
    const inventory = this.vault.applied(given);
    this.inventory = inventory;
    this.fleet = new Fleet(inventory, (change) => this.report(change));
    const shared = { inventory: () => this.inventory, fleet: () => this.fleet.state(), rotation: this.rotation };
    this.watches = new Watches(inventory, {
      ...shared,
      onEvent: (group, good) => this.metrics.countEvent(group, good),
      onReferenceError: () => this.metrics.countReferenceError(),
    });
    const { disks, reference } = this.watches;
    this.metrics = new Metrics({
      ...shared,
      disk: (key) => disks.of(key),
      referenceHeight: () => reference.height(),
      vault: () => this.vault.service(),
    });
    this.prober = new Prober(inventory, {
      onObservation: (target, observation) => {
        this.rotation.observed(target, observation);
        this.fleet.observe(target, observation);
      },
      onRequest: (target, seconds) => this.metrics.observeRequest(target, seconds),
      onError: (target, kind) => this.metrics.countError(target, kind),
      onOverrun: () => this.metrics.overruns.inc(),
      onCheckpoint: (target, checkpoint) => this.fleet.checkpoint(target, checkpoint),
      onReorg: (target, depth) => this.metrics.countReorg(target, depth),
      believed: (layer) => this.fleet.state().heights.get(layer),
    });
    const context = { ...shared, alerts: this.alerts, heights: this.heights, metrics: this.metrics, now: Date.now };
    const vault = () => this.vault.service();
    this.server = limitedServer(routes({ ...context, vault }), LIMITS);
  }

  /** @throws Error when a port cannot be listened on. */
  async start(): Promise<void> {
    const { listen: at, proxy, nodes } = this.inventory;
    await listen(this.server, at);
    await this.startProxy();
    this.fleet.start();
    this.heights.start(() => this.inventory.probe.intervalSeconds);
    this.metrics.begin(this.inventory);
    this.prober.start();
    this.watches.start();
    if (this.inventory.vault) this.metrics.addVault();
    this.vault.start();
    const proxyAt = proxy ? { proxy: `${proxy.host}:${proxy.port}` } : {};
    this.log("info", "agent_started", {
      listen: `${at.host}:${at.port}`,
      ...proxyAt,
      nodes: nodes.length,
      pid: process.pid,
    });
  }

  /** Takes over another inventory. Addresses that are in use stay as they are until the agent is started anew. */
  async reload(given: AgentInventory): Promise<void> {
    const before = this.inventory;
    this.given = given;
    const inventory = await this.takeOver();
    const names = (i: AgentInventory) => i.nodes.map((n) => n.name);
    const added = names(inventory).filter((name) => !names(before).includes(name));
    const removed = names(before).filter((name) => !names(inventory).includes(name));
    this.log("info", "inventory_reloaded", { nodes: inventory.nodes.length, added, removed });
    if (!sameAddress(before.listen, inventory.listen)) {
      this.log("warn", "listen_unchanged", { wanted: inventory.listen, fix: "start the agent anew to move it" });
    }
  }

  /** Puts the given inventory, with the mirrors that are promoted, in force. */
  private async takeOver(): Promise<AgentInventory> {
    const before = this.inventory;
    const inventory = this.vault.applied(this.given);
    this.inventory = inventory;
    this.fleet.update(inventory);
    this.prober.update(inventory);
    this.rotation.keep(new Set(inventory.nodes.map((n) => n.name)));
    this.watches.update(inventory);
    this.metrics.change(before, inventory);
    this.metrics.inventoryValid.set(1);
    await this.reloadProxy(inventory);
    if (inventory.vault) this.metrics.addVault();
    await this.vault.update();
    return inventory;
  }

  /** A file that was refused: the inventory in force stays. */
  refused(problems: unknown): void {
    this.metrics.inventoryValid.set(0);
    this.log("error", "inventory_refused", { problems, inForce: "the inventory before" });
  }

  /**
   * A fault of the agent's own that nothing caught. It is told and counted, and the watch over the nodes goes on with new
   * connections: one odd answer must not take the eyes off a whole fleet.
   *
   * @returns False when there are so many that going on makes no sense.
   */
  fault(error: unknown): boolean {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log("error", "agent_fault", { error: text.slice(0, 4000) });
    this.metrics.faults.inc();
    this.prober.renew();
    this.proxy?.renew();
    const now = Date.now();
    this.faults = [...this.faults.filter((at) => now - at < 60_000), now];
    return this.faults.length <= MAX_FAULTS_PER_MINUTE;
  }

  async stop(): Promise<void> {
    // First of all: a node that stands still for a backup is started again.
    await this.vault.stop();
    this.fleet.stop();
    this.heights.stop();
    this.watches.stop();
    await Promise.all([close(this.server, GRACE_MS), this.proxy?.stop(GRACE_MS)]);
    await this.prober.stop();
    this.log("info", "agent_stopped");
  }

  private async startProxy(): Promise<void> {
    const settings = this.inventory.proxy;
    if (!settings) return;
    const context = {
      inventory: () => this.inventory,
      fleet: () => this.fleet.state(),
      rotation: this.rotation,
      metrics: this.metrics,
    };
    const proxy = new RpcProxy(settings, context);
    await proxy.start();
    this.proxy = proxy;
  }

  private async reloadProxy(inventory: AgentInventory): Promise<void> {
    const running = this.proxy;
    if (running && inventory.proxy) {
      running.update(inventory);
      if (sameAddress(running.settings, inventory.proxy)) return;
      const { host, port } = inventory.proxy;
      this.log("warn", "proxy_listen_unchanged", { wanted: { host, port }, fix: "start the agent anew to move it" });
    } else if (running) {
      this.proxy = undefined;
      await running.stop(GRACE_MS);
    } else {
      await this.startProxy().catch((error: Error) => this.log("error", "proxy_not_started", { error: error.message }));
    }
  }

  private report(change: FleetChange): void {
    if (change.kind === "network") {
      const { halted, height } = change;
      this.log(halted ? "error" : "info", halted ? "network_halted" : "network_resumed", { height });
      return;
    }
    const { node, ready, alive, reasons, first } = change.after;
    const fields = { node: node.name, height: first.head?.height, reasons };
    if (change.before.alive !== alive)
      this.log(alive ? "info" : "error", alive ? "node_alive" : "node_not_alive", fields);
    else this.log(ready ? "info" : "warn", ready ? "node_ready" : "node_not_ready", fields);
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function sameAddress(a: Address, b: Address): boolean {
  return a.host === b.host && a.port === b.port;
}
