import { type ClusterArgs, planCluster } from "../index";
import { podLayout, toy } from "../testing/toy-protocol.fixture";
import type { MonitoringArgs } from "./args";
import { alertParameters, checkpointBlocks, criticalNodes, quorumOf, scrapeSeconds } from "./parameters";

const plan = (network: string, nodes: ClusterArgs["nodes"], rest: Partial<ClusterArgs> = {}) =>
  planCluster(
    "c",
    { chain: { definition: toy, network }, nodes, monitoring: { receivers: "none" }, ...rest },
    podLayout,
  );
const NODES = { rpc: { kind: "full", count: 2 }, v: { kind: "validator" } } as const;
const fast = plan("private", NODES);
const slow = plan("main", NODES);
const figures = (of: typeof fast, monitoring?: MonitoringArgs) =>
  alertParameters({ plan: of, stack: "dev", ...(monitoring ? { monitoring } : {}) });

describe("alertParameters", () => {
  it.each([
    ["a fast network", fast, undefined, { stallWindowSeconds: 120, haltWindowSeconds: 30, scrapeIntervalSeconds: 2 }],
    ["a slow network", slow, undefined, { stallWindowSeconds: 240, haltWindowSeconds: 180, scrapeIntervalSeconds: 15 }],
    [
      "rare scrapes",
      fast,
      { scrapeIntervalSeconds: 60 },
      { stallWindowSeconds: 300, haltWindowSeconds: 300, probeWindowSeconds: 300, scrapeIntervalSeconds: 60 },
    ],
  ])("of %s: windows hold many blocks and at least five samples", (_, of, monitoring, expected) => {
    expect(figures(of, monitoring)).toMatchObject(expected);
  });

  it("take the block time that the user gave a private network, in whole seconds, which is all that Prometheus takes", () => {
    const own = plan("private", NODES, { privateNetwork: { blockTimeSeconds: 7.3 } });
    expect(figures(own)).toMatchObject({ stallWindowSeconds: 146, haltWindowSeconds: 110 });
  });

  it("follow rare askings as well as rare scrapes", () => {
    const rare = plan("private", NODES, { health: { probeIntervalSeconds: 60 } });
    expect(figures(rare)).toMatchObject({ haltWindowSeconds: 300, probeIntervalSeconds: 60 });
    expect(checkpointBlocks(rare)).toBe(240);
  });

  it("say how few peers are too few, and 0 where nobody is asked for", () => {
    const peers = (of: typeof fast) => figures(of).minPeers;
    expect([fast, slow].map(peers)).toEqual([1, 3]);
    expect(peers(plan("main", NODES, { health: { minPeers: 7 } }))).toBe(7);
    expect(peers(plan("main", NODES, { health: { minPeers: 0 } }))).toBe(0);
    expect(peers(plan("private", { v: { kind: "validator" } }))).toBe(0);
  });

  it("say what RPC promises, unless it promises nothing", () => {
    const slo = (monitoring?: MonitoringArgs) => {
      const { sloAvailability, sloLatencySeconds } = figures(fast, monitoring);
      return [sloAvailability, sloLatencySeconds];
    };
    expect(slo()).toEqual([0.999, 1]);
    expect(slo({ slo: { availability: 0.95, latencySeconds: 0.2 } })).toEqual([0.95, 0.2]);
    expect(slo({ slo: false })).toEqual([undefined, 1]);
    expect(figures(fast).servingGroups).toEqual(["rpc"]);
  });

  it("say how many nodes of a role must be ready: half, rounded up, at least one; nothing of validators and single nodes", () => {
    const nodes = (full: number) =>
      ({ rpc: { kind: "full", count: full }, v: { kind: "validator", count: 4 } }) as const;
    const least = (full: number) => figures(plan("main", nodes(full))).minHealthy;
    expect([1, 2, 3, 4, 5].map(least)).toEqual([{}, { full: 1 }, { full: 2 }, { full: 2 }, { full: 3 }]);
    const spread = plan("main", { a: { kind: "full" }, b: { kind: "full" }, m: { kind: "mirror", count: 3 } });
    expect(figures(spread).minHealthy).toEqual({ full: 1, mirror: 2 });
  });
});

describe("criticalNodes", () => {
  it("are validators, and the only node of a role", () => {
    const nodes = {
      rpc: { kind: "full", count: 2 },
      v: { kind: "validator", count: 2 },
      m: { kind: "mirror" },
    } as const;
    expect([...criticalNodes(plan("main", nodes))].sort()).toEqual(["m-0", "v-0", "v-1"]);
  });
});

describe("quorumOf", () => {
  it("is more than two thirds of the validators of the genesis, where all of them are here", () => {
    const quorum = (count: number) => quorumOf(plan("private", { v: { kind: "validator", count } }));
    expect([3, 4, 6, 7].map(quorum)).toEqual([3, 3, 5, 5]);
    expect(quorumOf(slow)).toBeUndefined();
    expect(quorumOf(plan("private", { rpc: { kind: "full" } }))).toBeUndefined();
  });
});

describe("checkpointBlocks", () => {
  it("are about a minute, and deeper than usual reorganisations", () => {
    expect([fast, slow].map(checkpointBlocks)).toEqual([60, 5]);
    const shaky = { ...slow, networkFacts: { ...slow.networkFacts, reorgBlocks: 7 } };
    expect(checkpointBlocks(shaky)).toBe(16);
  });
});

describe("scrapeSeconds", () => {
  it("is the user's word, else short on private networks", () => {
    expect([scrapeSeconds(fast), scrapeSeconds(slow), scrapeSeconds(slow, { scrapeIntervalSeconds: 1 })]).toEqual([
      2, 15, 1,
    ]);
  });
});
