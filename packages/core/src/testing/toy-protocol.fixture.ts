import type { ClientDefinition, Kind, ProtocolDefinition } from "../chains/types";
import type { TargetLayout } from "../cluster/types";

/** A protocol small enough to be read at a glance: planner tests do not depend on a real client's flags. */
export function toyClient(name: string, kinds: readonly Kind[]): ClientDefinition {
  return {
    name,
    title: name,
    layer: "node",
    kinds,
    networks: ["main", "private"],
    release: {
      version: "1.0.0",
      image: `example.org/${name}:1.0.0`,
      reviewed: "2026-11-24",
      source: "https://example.org",
      program: { binary: name },
    },
    ports: [
      { name: "p2p", port: 7000, transport: "tcp", exposure: "p2p" },
      { name: "rpc", port: 7001, transport: "tcp", exposure: "rpc" },
    ],
    stop: { signal: "SIGTERM", graceSeconds: 60 },
    database: { engine: "toydb", consistency: "stop", note: "stop it" },
    dataPaths: ["data"],
    keyPaths: ["key"],
    args: (ctx) => [
      "--home",
      ctx.home,
      "--rpc",
      `${ctx.listen}:${ctx.ports["rpc"]}`,
      ...ctx.peers.map((p) => `--peer=${p}`),
    ],
    health: {
      port: "rpc",
      requests: { status: { get: "/status" } },
      head: { height: { from: "status", path: "height", as: "decimal" } },
    },
    rpc: { port: "rpc", writes: "^send" },
    sizing: () => ({ cpu: 1, memoryGiB: 1, diskGiB: 10, growthGiBPerMonth: 1 }),
    migrations: [],
    options: { cacheMiB: { type: "number", description: "cache", min: 16, max: 65536 } },
  };
}

export const toy: ProtocolDefinition = {
  name: "toy",
  title: "Toy",
  kinds: ["full", "validator", "light", "mirror"],
  networks: {
    main: { title: "Toy main", chainId: "toy-1", blockTimeSeconds: 12, minPeers: 3, maxLagBlocks: 5 },
    private: { title: "private", blockTimeSeconds: 1, minPeers: 1, maxLagBlocks: 3, private: true },
  },
  clients: [toyClient("toyd", ["full", "validator", "mirror"]), toyClient("toy-light", ["light"])],
  defaults: { node: "toyd", light: "toy-light" },
  needsSeed: (network) => network === "private",
};

export const podLayout: TargetLayout = {
  name: "kubernetes",
  listen: "0.0.0.0",
  self: "127.0.0.1",
  host: (cluster, node) => `${node}.${cluster}`,
  home: (_cluster, _node, layer) => `/data/${layer ?? "shared"}`,
};

export const hostLayout: TargetLayout = {
  ...podLayout,
  name: "local",
  listen: "127.0.0.1",
  host: () => "127.0.0.1",
  home: (cluster, node, layer) => `/state/${cluster}/${node}/${layer ?? "shared"}`,
  sharedPorts: { from: 20000, to: 25999 },
};
