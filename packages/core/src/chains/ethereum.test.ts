import { planCluster } from "../cluster/plan";
import { hostLayout, podLayout } from "../testing/toy-protocol.fixture";
import { beaconHealth } from "./beacon-health";
import { defineProtocol } from "./define-protocol";
import { ethereum, ethereumClients } from "./ethereum";
import { CONTAINER, contextOf, POD, refusals } from "./ethereum-args.fixture";
import { evmHealth } from "./evm-health";
import type { ClientDefinition, DeriveContext, Kind } from "./types";

const execution = ethereumClients.filter((c) => c.layer === "execution");
const consensus = ethereumClients.filter((c) => c.layer === "consensus");
const named = (clients: readonly ClientDefinition[]) => clients.map((c) => [c.name, c] as const);
const pairs = execution.flatMap((e) => consensus.map((c) => [e.name, c.name, e, c] as const));
const places = [{}, POD, CONTAINER];
const KINDS: readonly Kind[] = ["full", "archive", "mirror"];
const NETWORKS = ["mainnet", "sepolia", "hoodi"];

const everywhere = (client: ClientDefinition) =>
  places.flatMap((place) =>
    KINDS.flatMap((kind) => NETWORKS.map((network) => contextOf(client, { ...place, kind, network }))),
  );

describe("the protocol", () => {
  it("passes the checks that users' own protocols pass", () => {
    expect(() => defineProtocol(ethereum)).not.toThrow();
  });

  it("has five execution and four consensus clients, each for every network and kind", () => {
    expect(execution.map((c) => c.name)).toEqual(["geth", "reth", "nethermind", "besu", "erigon"]);
    expect(consensus.map((c) => c.name)).toEqual(["lighthouse", "prysm", "teku", "nimbus"]);
    for (const client of ethereumClients) {
      expect([client.name, client.kinds, client.networks]).toEqual([client.name, KINDS, NETWORKS]);
    }
  });

  it("knows its networks by chain id", () => {
    expect(Object.entries(ethereum.networks).map(([name, n]) => [name, n.chainId, n.blockTimeSeconds])).toEqual([
      ["mainnet", "1", 12],
      ["sepolia", "11155111", 12],
      ["hoodi", "560048", 12],
    ]);
  });
});

describe.each(named(ethereumClients))("%s", (_name, client) => {
  it("has ports of its own", () => {
    const numbers = client.ports.map((p) => p.port);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it("is pinned: its image carries its version, and its source too", () => {
    expect(client.release.image.split(":").at(-1)).toContain(client.release.version);
    expect(client.release.source).toContain(client.release.version);
  });

  it("is given time to stop", () => {
    expect(client.stop.graceSeconds).toBeGreaterThanOrEqual(client.layer === "execution" ? 300 : 60);
  });

  it("lists the JWT among its secrets and backs up no secret", () => {
    expect(client.keyPaths).toContain("shared:jwt.hex");
    const inData = client.keyPaths.filter((key) => client.dataPaths.some((data) => covers(data, key)));
    expect(inData).toEqual([]);
  });

  it("gets the node's JWT file from the shared directory, wherever it runs", () => {
    for (const ctx of everywhere(client)) {
      const withJwt = client.args(ctx).filter((line) => line.includes("jwt"));
      expect(withJwt).toEqual([expect.stringContaining(`=${ctx.shared}/jwt.hex`)]);
    }
  });

  it("uses each of its ports and no number of its own making", () => {
    const ports = Object.fromEntries(client.ports.map((p, i) => [p.name, 21001 + i]));
    const layers = { execution: { engine: client.layer === "execution" ? (ports.engine as number) : 22001 } };
    const text = client.args(contextOf(client, { ports, layers, options: {} })).join(" ");
    const unused = client.ports.filter((p) => !text.includes(String(ports[p.name])));
    expect(unused.map((p) => p.name)).toEqual([]);
    expect(text.match(/\b(30303|8545|8546|8551|6060|9545|9000|9001|5052|5054|8008|8080|4000|9200)\b/g)).toBeNull();
  });

  it("refuses nothing of a usual node", () => {
    for (const kind of KINDS) for (const network of NETWORKS) expect(refusals(client, { kind, network })).toEqual([]);
  });

  it("needs a disk that holds a year's growth or more than a month's, and more for an archive", () => {
    for (const network of NETWORKS) {
      const full = client.sizing(network, "full");
      const archive = client.sizing(network, "archive");
      expect(full.diskGiB).toBeGreaterThan(6 * full.growthGiBPerMonth);
      expect(archive.diskGiB).toBeGreaterThanOrEqual(full.diskGiB);
      expect(client.sizing(network, "mirror")).toEqual(full);
    }
  });

  it("drops and maps metrics that have the form of metrics", () => {
    for (const pattern of client.metrics?.drop ?? []) expect(() => new RegExp(pattern)).not.toThrow();
    expect(client.ports.find((p) => p.name === client.metrics?.port)?.exposure).toBe("metrics");
    expect(client.ports.find((p) => p.name === client.health.port)?.exposure).toMatch(/^(rpc|metrics)$/);
  });
});

describe.each(named(execution))("%s, an execution client,", (_name, client) => {
  it("answers users on eth, net and web3 alone, and nobody on admin, debug or engine", () => {
    for (const ctx of everywhere(client)) {
      const lists = client.args(ctx).filter((line) => /(http|ws)[.-]api=|EnabledModules=/i.test(line));
      expect(lists.length).toBeGreaterThan(0);
      for (const line of lists) expect(line.toLowerCase()).toMatch(/=eth,net,web3$/);
    }
  });

  it("shows the engine API to no user and no metric scraper", () => {
    expect(client.ports.filter((p) => p.exposure === "rpc").map((p) => p.name)).toEqual(["rpc", "ws"]);
    expect(client.ports.find((p) => p.name === "engine")?.exposure).toBe("internal");
  });

  it("is asked the same as the others, where users ask", () => {
    expect(client.health).toBe(evmHealth);
    expect([client.rpc?.port, client.health.port]).toEqual(["rpc", "rpc"]);
  });

  it("feeds height and peers", () => {
    expect(Object.keys(client.metrics?.series ?? {})).toEqual(expect.arrayContaining(["height", "peers"]));
  });
});

describe.each(named(consensus))("%s, a consensus client,", (_name, client) => {
  it("dials the engine port of its own node", () => {
    const url = (change: object) => client.args(contextOf(client, change)).filter((line) => /=http:\/\//.test(line));
    expect(url({ layers: { execution: { engine: 20010 } } })).toEqual([
      expect.stringMatching(/=http:\/\/127\.0\.0\.1:20010$/),
    ]);
    expect(url({ ...CONTAINER })).toEqual([expect.stringMatching(/=http:\/\/rpc-0:8551$/)]);
    expect(() => client.args(contextOf(client, { layers: {} }))).toThrow(
      'no execution client with a port named "engine"',
    );
  });

  it("serves no users, and is asked the same as the others", () => {
    expect(client.rpc).toBeUndefined();
    expect(client.ports.filter((p) => p.exposure === "rpc")).toEqual([]);
    expect(client.health).toBe(beaconHealth);
  });

  it("feeds slots as slots: a slot in the height of blocks would put every execution client behind", () => {
    const series = Object.keys(client.metrics?.series ?? {});
    expect(series).toEqual(expect.arrayContaining(["slots_behind", "peers"]));
    expect(series.filter((name) => /height|head_timestamp/.test(name))).toEqual([]);
  });

  it.each(["ftp://example.org", "mainnet-checkpoint-sync.attestant.io", "https://", "https://a b", ""])(
    "refuses %j as a checkpoint server",
    (checkpointSyncUrl) => {
      expect(refusals(client, { options: { checkpointSyncUrl } })).toEqual([
        "options.checkpointSyncUrl CHECKPOINT_URL",
      ]);
    },
  );

  it.each(["genesis", "https://example.org/", "http://10.0.0.5:5052"])("takes %j", (checkpointSyncUrl) => {
    expect(refusals(client, { options: { checkpointSyncUrl } })).toEqual([]);
  });
});

describe("pairs", () => {
  it.each(pairs)("%s and %s share a pod and a set of options without a clash", (_e, _c, first, second) => {
    const numbers = [...first.ports, ...second.ports].map((p) => p.port);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBeLessThanOrEqual(16);
    const options = Object.keys(first.options ?? {}).filter((name) => name in (second.options ?? {}));
    expect(options).toEqual([]);
  });

  it.each(pairs)("%s and %s are planned on a pod and on a shared host", (e, c) => {
    const args = {
      chain: { protocol: "ethereum", network: "hoodi", execution: e, consensus: c },
      nodes: { rpc: { kind: "full", count: 2 }, deep: { kind: "archive" }, copy: { kind: "mirror" } },
      monitoring: { receivers: "none" },
    } as const;
    for (const layout of [podLayout, hostLayout]) {
      const plan = planCluster("eth", args, layout);
      expect(plan.nodes.map((n) => n.processes.map((p) => p.client.name))).toEqual(Array(4).fill([e, c]));
      expect(plan.needsSeed).toBe(true);
      expect(plan.nodes.filter((n) => n.servesRpc).map((n) => n.name)).toEqual(["deep-0", "rpc-0", "rpc-1"]);
    }
  });
});

describe("secrets from the seed", () => {
  const processes = ["rpc-0", "rpc-1"].flatMap((node) =>
    (["execution", "consensus"] as const).map((layer) => ({
      ...contextOf(ethereumClients[0] as ClientDefinition),
      node,
      layer,
      client: layer,
    })),
  );
  const settings = { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 12, genesisValidators: 0 };
  const context: DeriveContext = {
    cluster: "eth",
    network: "hoodi",
    chainId: "560048",
    seed: "s".repeat(32),
    processes,
    settings,
  };
  const jwtOf = (ctx: DeriveContext, node: string) => ethereum.derive?.(ctx).files[node]?.execution?.secret[0]?.content;

  it("are one JWT per node, listed once, in the shared directory, for the owner alone", () => {
    const material = ethereum.derive?.(context);
    expect(Object.keys(material?.files ?? {})).toEqual(["rpc-0", "rpc-1"]);
    expect(material?.files["rpc-0"]).toEqual({
      execution: {
        open: [],
        secret: [{ path: "shared:jwt.hex", content: expect.stringMatching(/^[0-9a-f]{64}$/), mode: "0600" }],
      },
      consensus: { open: [], secret: [] },
    });
  });

  it("stay the same, and differ by node, cluster and seed", () => {
    const first = jwtOf(context, "rpc-0");
    expect(jwtOf(context, "rpc-0")).toBe(first);
    const others = [
      jwtOf(context, "rpc-1"),
      jwtOf({ ...context, cluster: "eth2" }, "rpc-0"),
      jwtOf({ ...context, seed: "t".repeat(32) }, "rpc-0"),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
    // HKDF-SHA256, salt "chainkeep/v1", info "eth/rpc-0/jwt": a changed rule would lock every running node out.
    expect(first).toBe("2f6be61712ef0a0aa2947b10416f8dba551d843e2daa85f3281fcdec1230e2d6");
  });

  it.each([
    ["mainnet", "1", "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"],
    ["sepolia", "11155111", "0x25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9"],
    ["hoodi", "560048", "0xbbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b"],
  ])("come with %s's chain id and first block", (network, chainId, genesisDigest) => {
    expect(ethereum.derive?.({ ...context, network })).toMatchObject({ chainId, genesisDigest });
  });
});

/** Whether a glob of data paths takes in a path; `**` at the end is all that these lists use. */
function covers(data: string, key: string): boolean {
  return data.endsWith("/**") ? key.startsWith(data.slice(0, -2)) : data === key;
}
