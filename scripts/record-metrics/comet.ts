import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { cometbft } from "../../packages/core/src/chains/cometbft";
import { CometWorld, json } from "../../test/integration/comet-world";
import type { Recording } from "./recording";
import { until, withSeries } from "./running";

const VALIDATORS = ["val-0", "val-1", "val-2", "val-3"];

/** A network with traffic; one validator is frozen for some blocks, so that it has missed some. */
export const cometRecording: Recording = {
  name: "cometbft",
  version: cometbft.release.version,
  needs: ["cometbft"],
  how: "private network of four validators with transactions; scraped: a validator that was frozen for three blocks, a full node that fetched blocks, a node that looks for a state to fetch",
  scrapes: async ({ program, say }) => {
    const world = await CometWorld.of(program("cometbft"), {
      val: ["validator", 4],
      rpc: ["full", 1],
      late: ["full", 1],
    });
    try {
      for (const node of VALIDATORS) await world.start(node);
      await world.until("val-0", "makes blocks", (told) => told.height >= 3);
      say("a network of four makes blocks");
      await freezeForBlocks(world, "val-3", 3);
      await world.start("rpc-0");
      await world.until("rpc-0", "has caught up", (told) => told.syncing === false && told.height >= 6);
      for (let i = 0; i < 20; i += 1) {
        await json(`${world.url("rpc-0")}/broadcast_tx_sync?tx=%22key${i}=value%22`);
      }
      // One that the application refuses.
      await json(`${world.url("rpc-0")}/broadcast_tx_sync?tx=%22refused%22`);
      await lookForState(world, "late-0");
      await world.until("val-3", "has caught up", (told) => told.height >= 12);
      say("transactions, a frozen validator and late nodes are in");
      return await Promise.all([
        withSeries(metrics(world, "val-3"), [/_consensus_validator_missed_blocks\{/, /_consensus_validator_power\{/]),
        withSeries(metrics(world, "rpc-0"), [/_blocksync_latest_block_height\{/, /_mempool_failed_txs\{/]),
        withSeries(metrics(world, "late-0"), [/_statesync_syncing\{/]),
      ]);
    } finally {
      await world.dispose();
    }
  },
};

const metrics = (world: CometWorld, node: string) => `${world.url(node, "metrics")}/metrics`;

async function freezeForBlocks(world: CometWorld, node: string, blocks: number): Promise<void> {
  const { height } = await world.told("val-0");
  world.signal(node, "SIGSTOP");
  try {
    await world.until("val-0", "goes on without one", (told) => told.height >= height + blocks);
  } finally {
    world.signal(node, "SIGCONT");
  }
}

/** Nobody offers a state in this network: the node keeps looking, and says so. */
async function lookForState(world: CometWorld, node: string): Promise<void> {
  const block = (await json(`${world.url("val-0")}/block?height=2`)).result as { block_id: { hash: string } };
  const file = path.join(world.process(node).home, "config", "config.toml");
  const servers = `${world.url("val-0")},${world.url("val-1")}`;
  const section = [
    "[statesync]",
    "enable = true",
    `rpc_servers = ${JSON.stringify(servers)}`,
    "trust_height = 2",
    `trust_hash = ${JSON.stringify(block.block_id.hash)}`,
    'trust_period = "168h0m0s"',
    "",
  ].join("\n");
  const config = readFileSync(file, "utf8").replace(/\[statesync\]\n(?:(?!\[).*\n)*/, "");
  writeFileSync(file, config);
  appendFileSync(file, `\n${section}`);
  await world.start(node);
  await until(
    `${node} answers`,
    () => world.told(node).catch(() => json(`${world.url(node)}/health`)),
    () => true,
  );
}
