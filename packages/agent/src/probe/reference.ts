import { type AgentInventory, type HealthProbe, type Observation, requestsBefore } from "@chainkeep/core";
import { askProcess } from "./ask";
import { AnswerMemory } from "./exchange";
import { Pools } from "./pools";

/** A stranger's answer may take its time; nobody waits for it. */
const LEAST_TIMEOUT_MS = 5000;

/**
 * Asks a node outside of the fleet how high the network is. It is no witness: it has no verdict, no part in any other one, and
 * connections of its own, so that whatever it does or says touches nobody.
 */
export class ReferenceWatch {
  private pools: Pools | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private current: number | undefined;
  private setting = "";
  private readonly memory = new AnswerMemory();

  constructor(
    private inventory: AgentInventory,
    private readonly onError: () => void = () => {},
  ) {}

  start(): void {
    this.update(this.inventory);
  }

  update(inventory: AgentInventory): void {
    this.inventory = inventory;
    const { reference, probe } = inventory;
    const setting = JSON.stringify([reference, probe]);
    if (setting === this.setting) return;
    this.setting = setting;
    this.end();
    if (!reference) return;
    const { intervalSeconds } = probe;
    this.pools = new Pools({
      connections: 2,
      connectTimeoutMs: this.timeoutMs,
      keepAliveMs: Math.ceil(intervalSeconds * 2000),
    });
    this.timer = setInterval(() => void this.ask(), intervalSeconds * 1000);
    void this.ask();
  }

  stop(): void {
    this.end();
    this.setting = "";
  }

  /** As it was told at the newest asking; nothing when that failed. */
  height(): number | undefined {
    return this.current;
  }

  private get timeoutMs(): number {
    return Math.max(this.inventory.probe.timeoutMs, LEAST_TIMEOUT_MS);
  }

  private end(): void {
    clearInterval(this.timer);
    void this.pools?.destroy();
    this.pools = undefined;
    this.current = undefined;
  }

  private async ask(): Promise<void> {
    const { pools } = this;
    if (this.running || !pools) return;
    this.running = true;
    const { head } = await this.observe(pools).finally(() => {
      this.running = false;
    });
    if (pools !== this.pools) return;
    const { chainId } = this.inventory.limits;
    // The height of another chain says nothing of ours.
    this.current = head && (chainId === undefined || head.chainId === chainId) ? head.height : undefined;
    if (this.current === undefined) this.onError();
  }

  private async observe(pools: Pools): Promise<Pick<Observation, "head">> {
    const { reference, questions, probe, blockTimeSeconds } = this.inventory;
    const usual = reference && questions[reference.questions];
    if (!usual) return {};
    const { probeUrl } = reference;
    const { maxAnswerBytes } = probe;
    const process = { name: "reference", layer: "node", client: "", version: "", questions: "", probeUrl } as const;
    return askProcess(process, heightOnly(usual), {
      door: pools.of(new URL(probeUrl).origin),
      limits: { timeoutMs: this.timeoutMs, maxAnswerBytes, memory: this.memory },
      blockTimeSeconds,
      now: Date.now,
    });
  }
}

/** The questions for height and chain. Public endpoints refuse to tell their peers, and nobody wants to know them. */
export function heightOnly(probe: HealthProbe): HealthProbe {
  const { height, hash, chainId } = probe.head;
  const wanted = new Set([height.from, ...(chainId ? [chainId.from] : [])]);
  // A set tells what is added to it while it is walked through: what these need comes along, and what that needs.
  for (const name of wanted) for (const before of requestsBefore(probe, name)) wanted.add(before);
  const requests = Object.fromEntries(Object.entries(probe.requests).filter(([name]) => wanted.has(name)));
  const head = { height, ...(chainId ? { chainId } : {}), ...(hash && wanted.has(hash.from) ? { hash } : {}) };
  return { port: probe.port, requests, head };
}
