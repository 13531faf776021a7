import { geth } from "../../packages/core/src/chains/geth";
import { freePorts } from "../../test/integration/free-ports";
import type { Ground, Recording } from "./recording";
import { Running, rpc, until, withSeries } from "./running";

/** A chain of its own with a block each second, transactions and questions, good and bad. */
export const gethRecording: Recording = {
  name: "geth",
  version: geth.release.version,
  needs: ["geth"],
  how: "developer chain with a block each second, transactions, answered and refused questions, and a rewound head",
  scrapes: async (ground) => {
    const chain = await DevChain.start(ground);
    try {
      ground.say("the chain makes blocks");
      await chain.rewind();
      // Quantiles of questions are there while questions come.
      return await until(
        "series of questions",
        async () => {
          await chain.traffic();
          return [await withSeries(chain.metricsUrl, [/^chain_head_block /m])];
        },
        ([text]) => /rpc_duration_all ?\{quantile="0.95"\}/.test(text ?? "") && /rpc_failure /.test(text ?? ""),
      );
    } finally {
      await chain.stop();
    }
  },
};

/** geth with a chain that it makes alone. */
export class DevChain {
  private constructor(
    readonly url: string,
    readonly metricsUrl: string,
    private readonly running: Running,
  ) {}

  static async start({ program, directory }: Ground): Promise<DevChain> {
    const [http = 0, metrics = 0, auth = 0] = await freePorts(3);
    const args = argumentsOf(directory, http, auth, metrics);
    const chain = new DevChain(
      `http://127.0.0.1:${http}`,
      `http://127.0.0.1:${metrics}${geth.metrics?.path}`,
      Running.start("geth", program("geth"), args, directory),
    );
    try {
      await chain.above(2);
      await chain.traffic();
    } catch (error) {
      await chain.stop();
      throw error;
    }
    return chain;
  }

  async height(): Promise<number> {
    return Number(await rpc(this.url, "eth_blockNumber"));
  }

  /** Takes blocks back and makes others in their place. */
  async rewind(): Promise<void> {
    const height = await this.height();
    await rpc(this.url, "debug_setHead", [`0x${(height - 2).toString(16)}`]);
    await this.traffic();
    await this.above(height + 1);
  }

  async traffic(): Promise<void> {
    const [from] = (await rpc(this.url, "eth_accounts")) as string[];
    await rpc(this.url, "eth_sendTransaction", [{ from, to: from, value: "0x1" }]);
    for (const method of ["eth_blockNumber", "eth_syncing", "net_peerCount", "txpool_status", "eth_noSuchMethod"]) {
      await rpc(this.url, method);
    }
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  private async above(height: number): Promise<void> {
    await this.running.until(
      `a block above ${height}`,
      () => this.height(),
      (now) => now > height,
    );
  }
}

function argumentsOf(directory: string, http: number, auth: number, metrics: number): string[] {
  return [
    `--datadir=${directory}`,
    "--dev",
    "--dev.period=1",
    "--ipcdisable",
    "--http",
    "--http.addr=127.0.0.1",
    `--http.port=${http}`,
    "--http.api=eth,net,web3,txpool,debug",
    "--authrpc.addr=127.0.0.1",
    `--authrpc.port=${auth}`,
    "--port=0",
    "--metrics",
    "--metrics.addr=127.0.0.1",
    `--metrics.port=${metrics}`,
  ];
}
