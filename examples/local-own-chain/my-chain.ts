import { cometbft, defineProtocol } from "@chainkeep/core";

/**
 * Tally, a made-up chain: CometBFT with an application that counts votes. The example runs CometBFT's built-in key-value
 * store in its place, so that it works with a program that is already there. For a chain of yours, put your own executable
 * into `release.program` and your own image into `release.image`.
 */
export const tally = defineProtocol({
  name: "tally",
  title: "Tally",
  networks: {
    // A network that the cluster makes for itself; a public one has `chainId` instead of `private`.
    private: { blockTimeSeconds: 1, private: true },
  },
  clients: [
    {
      name: "tallyd",
      title: "Tally node",
      kinds: ["validator", "full", "mirror"],
      release: {
        version: "0.38.19",
        image: "cometbft/cometbft:v0.38.19",
        reviewed: "2026-11-24",
        program: {
          binary: "cometbft",
          goModule: {
            module: "github.com/cometbft/cometbft",
            package: "github.com/cometbft/cometbft/cmd/cometbft",
            version: "v0.38.19",
          },
        },
      },
      ports: [
        { name: "p2p", port: 26656, transport: "tcp", exposure: "p2p" },
        { name: "rpc", port: 26657, transport: "tcp", exposure: "rpc" },
        { name: "metrics", port: 26660, transport: "tcp", exposure: "metrics" },
      ],
      args: (ctx) => ["start", "--home", ctx.home, `--proxy_app=${ctx.options.app ?? "kvstore"}`],
      options: {
        app: { type: "string", description: "Address of the application, e.g. tcp://127.0.0.1:26658. Default kvstore" },
      },
      stop: { signal: "SIGTERM", graceSeconds: 60 },
      database: {
        engine: "goleveldb",
        consistency: "stop",
        note: "blocks, state and the application are separate databases",
      },
      dataPaths: ["data/*.db/**", "data/cs.wal/**"],
      // What must never be in a backup: keys, and the record of what a validator has signed.
      keyPaths: ["config/node_key.json", "config/priv_validator_key.json", "data/priv_validator_state.json"],
      metrics: {
        port: "metrics",
        path: "/metrics",
        series: { height: "cometbft_consensus_latest_block_height", peers: "cometbft_p2p_peers" },
      },
      // The questions that decide whether a node is alive and ready.
      health: {
        port: "rpc",
        requests: { status: { get: "/status" }, net: { get: "/net_info" } },
        head: {
          height: { from: "status", path: "result.sync_info.latest_block_height", as: "decimal" },
          hash: { from: "status", path: "result.sync_info.latest_block_hash", as: "string" },
          timestamp: { from: "status", path: "result.sync_info.latest_block_time", as: "time" },
          syncing: { from: "status", path: "result.sync_info.catching_up", as: "boolean" },
          peers: { from: "net", path: "result.n_peers", as: "decimal" },
          chainId: { from: "status", path: "result.node_info.network", as: "string" },
          version: { from: "status", path: "result.node_info.version", as: "string" },
        },
      },
      // Requests that the proxy must not send to a second node when the first one does not answer.
      rpc: { port: "rpc", writes: "^/?broadcast_" },
      sizing: { cpu: 1, memoryGiB: 1, diskGiB: 20, growthGiBPerMonth: 5 },
    },
  ],
  // Genesis, keys and peers from the cluster's seed: Tally's nodes are CometBFT nodes, so CometBFT's way fits.
  needsSeed: () => true,
  derive: (ctx) => cometbft.derive?.({ ...ctx, network: "private" }) ?? { files: {} },
});
