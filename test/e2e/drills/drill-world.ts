import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import { LocalStack, portsOf, until } from "../stack";
import { type Forge, ForgedNode } from "./forged-node";
import { type Delivered, Receiver } from "./receiver";

/** What a drill took: from its beginning to the receiver, and from its end to the receiver's all-clear. */
export interface Timing {
  readonly drill: string;
  readonly alert: string;
  readonly detectedSeconds: number;
  readonly resolvedSeconds: number;
}

/** Fires by design, or follows from the drill before for minutes, because it looks at a window. */
const LINGERING = ["Watchdog", "RpcLatencyHigh"];

export interface Drill {
  readonly alert: string;
  /** Undefined for alerts of the whole network or stack. */
  readonly node?: string;
  /** Alerts of the whole network that follow from it. */
  readonly also?: readonly string[];
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
}

/** A network with a receiver, in which things are broken and mended again. */
export class DrillWorld {
  readonly stack = new LocalStack({ ports: portsOf(1), program: path.join(__dirname, "program.ts") });
  readonly oncall = new Receiver();
  readonly second = new Receiver();
  readonly timings: Timing[] = [];
  readonly stateDir = this.stack.stateDir;

  private readonly inventoryFile = path.join(this.stateDir, "agent", "agent.json");

  async setUp(): Promise<void> {
    await this.oncall.open();
    await this.second.open();
    await this.stack.setUp();
    await this.stack.config("oncallFile", this.file("oncall.url", this.oncall.url));
    await this.stack.config("secondFile", this.file("second.url", this.second.url));
  }

  /** Breaks something, waits until a person hears of it, mends it, and waits until the person hears of that too. */
  async drill(title: string, { alert, node, also = [], begin, end }: Drill): Promise<Delivered> {
    const broken = Date.now();
    let told: Delivered | undefined;
    try {
      await begin();
      told = await this.hears(alert, node, "firing", broken);
      for (const other of also) await this.hears(other, undefined, "firing", broken);
    } finally {
      await end();
    }
    const mended = Date.now();
    const over = await this.hears(alert, node, "resolved", mended);
    this.timings.push({
      drill: title,
      alert,
      detectedSeconds: (told.receivedAt - broken) / 1000,
      resolvedSeconds: (over.receivedAt - mended) / 1000,
    });
    return told;
  }

  hears(alert: string, node: string | undefined, state: Delivered["state"], since: number): Promise<Delivered> {
    const what = `${alert}${node === undefined ? "" : ` of ${node}`} ${state} at the receiver`;
    return until(
      what,
      async () => this.oncall.last(alert, node, since) as Delivered,
      (found) => found?.state === state,
      420,
    );
  }

  /** Sees every node ready and nothing firing that a drill has caused. */
  async calm(): Promise<void> {
    await until(
      "all nodes ready",
      () => this.stack.status(),
      (s) => s.nodes.length === 7 && s.nodes.every((n) => n.ready && (n.lagBlocks ?? 0) <= 2),
      180,
    );
    await until(
      "nothing fires",
      async () => (await this.stack.status()).alerts.filter((a) => a.state === "firing").map((a) => a.name),
      (names) => names.every((name) => LINGERING.includes(name)),
      300,
    );
  }

  /** Another inventory for the agent, as a target would write it; gives back the way to undo that. */
  async changeInventory(change: (inventory: AgentInventory) => AgentInventory): Promise<() => Promise<void>> {
    const before = readFileSync(this.inventoryFile, "utf8");
    const write = async (text: string) => {
      writeFileSync(this.inventoryFile, text);
      process.kill(await this.stack.pidOf("agent"), "SIGHUP");
    };
    await write(JSON.stringify(change(JSON.parse(before) as AgentInventory)));
    return () => write(before);
  }

  /** Puts a forger between the agent and a node; gives back the way to take it out. */
  async forgeNode(name: string, forge: Forge): Promise<() => Promise<void>> {
    const inventory = JSON.parse(readFileSync(this.inventoryFile, "utf8")) as AgentInventory;
    const real = inventory.nodes.find((n) => n.name === name)?.processes[0]?.probeUrl;
    if (real === undefined) throw new Error(`no node ${name}`);
    const forged = await new ForgedNode(real, forge).open();
    const restore = await this.changeInventory((given) => ({
      ...given,
      nodes: given.nodes.map((node) =>
        node.name === name ? { ...node, processes: node.processes.map((p) => ({ ...p, probeUrl: forged.url })) } : node,
      ),
    }));
    return async () => {
      await restore();
      await forged.close();
    };
  }

  async tearDown(): Promise<void> {
    try {
      await this.stack.dispose();
    } finally {
      await this.oncall.close();
      await this.second.close();
    }
  }

  private file(name: string, content: string): string {
    const file = path.join(this.stack.root, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}
