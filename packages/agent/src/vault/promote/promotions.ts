import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { AgentInventory } from "@chainkeep/core";
import type { Log } from "../../log";
import { writeDurably } from "../proof/durable-file";

const fileOf = (directory: string) => path.join(directory, "promoted.json");

/** Mirrors that serve users until it is undone. Remembered in the vault's directory, so that a restart of the agent takes no node away. */
export class Promotions {
  private names: ReadonlySet<string> = new Set();

  constructor(
    private readonly directory: string | undefined,
    private readonly log: Log,
  ) {
    if (directory === undefined) return;
    try {
      const value: unknown = JSON.parse(readFileSync(fileOf(directory), "utf8"));
      if (!Array.isArray(value)) throw new Error("it is no list");
      this.names = new Set(value.filter((name) => typeof name === "string"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      log("warn", "promotions_torn", {
        file: fileOf(directory),
        error: (error as Error).message,
        effect: "none serves",
      });
    }
  }

  get(): ReadonlySet<string> {
    return this.names;
  }

  /** Remembers it first: what cannot be kept is not begun. */
  async set(node: string, serves: boolean): Promise<void> {
    const names = new Set(this.names);
    if (serves) names.add(node);
    else names.delete(node);
    if (this.directory !== undefined) await writeDurably(fileOf(this.directory), `${JSON.stringify([...names])}\n`);
    this.names = names;
  }

  /** Forgets those that are no mirrors of the cluster any more: a later node of the same name serves nobody by itself. */
  async keep({ nodes }: Pick<AgentInventory, "nodes">): Promise<void> {
    const mirrors = new Set(nodes.flatMap(({ name, kind }) => (kind === "mirror" ? [name] : [])));
    for (const name of this.names) {
      if (mirrors.has(name)) continue;
      // What cannot be written now is forgotten with the next reading of the inventory.
      await this.set(name, false).catch((error: Error) =>
        this.log("warn", "promotion_not_forgotten", { node: name, error: error.message }),
      );
    }
  }

  /** The inventory in which promoted mirrors are nodes of the group that answers on `/`. */
  applied(inventory: AgentInventory): AgentInventory {
    const { proxy, nodes } = inventory;
    if (this.names.size === 0 || !proxy) return inventory;
    return {
      ...inventory,
      nodes: nodes.map((node) =>
        node.kind === "mirror" && this.names.has(node.name)
          ? { ...node, group: proxy.defaultGroup, servesRpc: true }
          : node,
      ),
    };
  }
}
