import type { AgentInventory, StatusDocument, StatusNode } from "@chainkeep/core";
import { Agent } from "../run/agent";
import { type FakeNode, fakeInventory, fakeNode, inventoryNode, until } from "./fake-node.fixture";

export interface Got {
  readonly code: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly json: any;
}

/** An agent in this process, with what it says of itself. */
export class TestAgent {
  readonly events: { event: string; [key: string]: unknown }[] = [];
  readonly agent: Agent;

  private constructor(readonly inventory: AgentInventory) {
    this.agent = new Agent(inventory, (level, event, fields) => this.events.push({ level, event, ...fields }));
  }

  static async start(inventory: AgentInventory): Promise<TestAgent> {
    const made = new TestAgent(inventory);
    await made.agent.start();
    return made;
  }

  get base(): string {
    return `http://127.0.0.1:${this.inventory.listen.port}`;
  }

  async get(path: string, init?: RequestInit): Promise<Got> {
    const answer = await fetch(`${this.base}${path}`, { ...init, redirect: "manual" });
    const text = await answer.text();
    return {
      code: answer.status,
      headers: answer.headers,
      text,
      json: text.startsWith("{") ? JSON.parse(text) : undefined,
    };
  }

  async status(): Promise<StatusDocument> {
    return (await this.get("/status")).json;
  }

  async node(name: string): Promise<StatusNode> {
    const found = (await this.status()).nodes.find((n) => n.name === name);
    if (!found) throw new Error(`no node ${name}`);
    return found;
  }

  ready(name: string, wanted = true): Promise<StatusNode> {
    return until(
      `${name} ready=${wanted}`,
      () => this.node(name),
      (n) => n.ready === wanted,
    );
  }

  /** Lines of one metric. */
  async series(name: string): Promise<string[]> {
    const lines = (await this.get("/metrics")).text.split("\n");
    return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  }
}

export async function three(): Promise<{ nodes: FakeNode[]; inventory: AgentInventory }> {
  const nodes = [await fakeNode(), await fakeNode(), await fakeNode()];
  const inventory = await fakeInventory(nodes.map((n, i) => inventoryNode(`rpc-${i}`, n.url)));
  return { nodes, inventory };
}
