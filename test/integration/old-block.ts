import { askBlock, type BlockAnswer } from "../../packages/agent/src/probe/ask-block";
import { AnswerMemory } from "../../packages/agent/src/probe/exchange";
import { Pools } from "../../packages/agent/src/probe/pools";
import type { HealthProbe } from "../../packages/core/src/health/types";

/** The hash of an old block, asked of a real program as the agent asks for it. */
export async function oldBlock(
  probeUrl: string,
  probe: HealthProbe,
  height: number,
  basicAuthFile?: string,
): Promise<BlockAnswer> {
  const pools = new Pools({ connections: 1, connectTimeoutMs: 5000, keepAliveMs: 1000 });
  const process = { name: "a", layer: "node", client: "c", version: "1", questions: "q", probeUrl } as const;
  const limits = { timeoutMs: 5000, maxAnswerBytes: 1_000_000, memory: new AnswerMemory() };
  try {
    return await askBlock(basicAuthFile === undefined ? process : { ...process, basicAuthFile }, probe, height, {
      door: pools.of(new URL(probeUrl).origin),
      limits,
    });
  } finally {
    await pools.destroy();
  }
}
