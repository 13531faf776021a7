import type { AgentInventory, InventoryNode, InventoryProxy } from "@chainkeep/core";
import { Agent } from "../run/agent";
import { type FakeNode, fakeInventory, fakeNode, inventoryNode, until } from "./fake-node.fixture";

/** So rarely are nodes asked here that no verdict changes during a test unless the test waits for it. */
export const CALM = { intervalSeconds: 30, timeoutMs: 3000, maxAnswerBytes: 100_000 };

export interface Got {
  readonly code: number;
  readonly node: string | null;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly json: any;
}

/** An agent with a proxy whose nodes have been asked once. */
export class ProxyStage {
  private constructor(
    readonly agent: Agent,
    readonly port: number,
    readonly nodes: readonly FakeNode[],
  ) {}

  static async of(
    nodes: readonly InventoryNode[],
    rest: Partial<AgentInventory> = {},
    fakes: readonly FakeNode[] = [],
  ): Promise<ProxyStage> {
    const plain = await fakeInventory(nodes);
    const limits = { ...plain.limits, staleSeconds: 100 };
    const inventory = { ...plain, limits, probe: CALM, ...rest };
    const agent = new Agent(inventory, () => {});
    await agent.start();
    await until(
      "all asked",
      () => [...agent.fleet.state().nodes.values()].every((n) => n.processes.every((p) => p.asked)),
      (asked) => asked,
    );
    return new ProxyStage(agent, inventory.proxy?.port ?? 0, fakes);
  }

  /** So many healthy nodes rpc-0, rpc-1, ... */
  static async fleet(count: number, proxy: Partial<InventoryProxy> = {}): Promise<ProxyStage> {
    const fakes = await Promise.all(Array.from({ length: count }, () => fakeNode()));
    const nodes = fakes.map((n, i) => inventoryNode(`rpc-${i}`, n.url));
    const plain = await fakeInventory(nodes);
    const stage = await ProxyStage.of(nodes, plain.proxy ? { proxy: { ...plain.proxy, ...proxy } } : {}, fakes);
    for (const node of fakes) node.state.seen.length = 0;
    return stage;
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async ask(path = "/x", init?: RequestInit): Promise<Got> {
    const answer = await fetch(`${this.base}${path}`, init);
    const text = await answer.text();
    const json = text.startsWith("{") ? JSON.parse(text) : undefined;
    return { code: answer.status, node: answer.headers.get("x-chainkeep-node"), headers: answer.headers, text, json };
  }

  async inRotation(): Promise<(string | undefined)[]> {
    const text = await this.agent.metrics.text();
    return [...text.matchAll(/chain_node_in_rotation\{.*node="([^"]+)".*\} 1/g)].map((m) => m[1]);
  }

  /** How many requests that name this have come to the nodes. */
  total(what: string, nodes: readonly FakeNode[] = this.nodes): number {
    return nodes.flatMap((n) => n.state.seen).filter((s) => s.includes(what)).length;
  }
}

/** A JSON-RPC call as a user sends it. */
export function rpcCall(method: string): RequestInit {
  return { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method }) };
}
