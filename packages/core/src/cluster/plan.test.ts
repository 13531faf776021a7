import fc from "fast-check";
import { hostLayout, podLayout, toy } from "../testing/toy-protocol.fixture";
import type { ClusterArgs } from "./args";
import { planCluster } from "./plan";

const args = (nodes: ClusterArgs["nodes"], rest: Partial<ClusterArgs> = {}): ClusterArgs => ({
  chain: { definition: toy, network: "private" },
  nodes,
  monitoring: { receivers: "none" },
  ...rest,
});

const portsByNode = (a: ClusterArgs) =>
  new Map(planCluster("c", a, hostLayout).nodes.map((n) => [n.name, JSON.stringify(n.address.ports)]));

describe("planCluster", () => {
  it("gives the same plan for the same args, whatever the order of the groups", () => {
    const forward = planCluster("c", args({ a: { kind: "full" }, b: { kind: "validator", count: 2 } }), hostLayout);
    const backward = planCluster("c", args({ b: { kind: "validator", count: 2 }, a: { kind: "full" } }), hostLayout);
    expect(JSON.stringify(backward)).toBe(JSON.stringify(forward));
    expect(forward.nodes.map((n) => n.name)).toEqual(["a-0", "b-0", "b-1"]);
  });

  it("leaves the args as they are", () => {
    const given = args({ a: { kind: "full", options: { cacheMiB: 64 }, peers: ["x@y:1"] } });
    const before = structuredClone({ ...given, chain: { network: "private" } });
    planCluster("c", given, hostLayout);
    expect({ ...given, chain: { network: given.chain.network } }).toEqual(before);
  });

  it("uses the client's own ports where every node has a host of its own, and distinct ones on a shared host", () => {
    const groups = { rpc: { kind: "full" as const, count: 3 } };
    const pods = planCluster("c", args(groups), podLayout);
    expect(pods.nodes.map((n) => n.address)).toMatchObject([
      { host: "rpc-0.c", ports: { p2p: 7000, rpc: 7001 } },
      { host: "rpc-1.c", ports: { p2p: 7000, rpc: 7001 } },
      { host: "rpc-2.c", ports: { p2p: 7000, rpc: 7001 } },
    ]);
    const used = planCluster("c", args(groups), hostLayout).nodes.flatMap((n) => Object.values(n.address.ports));
    expect(new Set(used).size).toBe(6);
    for (const port of used) expect(port).toBeGreaterThanOrEqual(20000);
  });

  it("moves no port of an old node when a group grows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (before, more) => {
        const old = portsByNode(args({ rpc: { kind: "full", count: before }, v: { kind: "validator", count: 4 } }));
        const grown = portsByNode(
          args({ rpc: { kind: "full", count: before + more }, v: { kind: "validator", count: 4 } }),
        );
        // Where two names meet, the lower index stays; other groups' nodes of a lower index therefore stay as well.
        for (const [name, ports] of old) {
          if (name.startsWith("rpc-")) expect([name, grown.get(name)]).toEqual([name, ports]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("takes the asked client unless the kind needs another program", () => {
    const plan = planCluster(
      "c",
      {
        ...args({ f: { kind: "full" }, l: { kind: "light" } }),
        chain: { definition: toy, network: "private", client: "toyd" },
      },
      podLayout,
    );
    expect(plan.nodes.map((n) => n.processes[0]?.client.name)).toEqual(["toyd", "toy-light"]);
  });

  it("lets only kinds that answer users serve", () => {
    const plan = planCluster(
      "c",
      args({
        f: { kind: "full" },
        v: { kind: "validator" },
        m: { kind: "mirror" },
        q: { kind: "full", servesRpc: false },
      }),
      podLayout,
    );
    expect(Object.fromEntries(plan.groups.map((g) => [g.name, g.servesRpc]))).toEqual({
      f: true,
      v: false,
      m: false,
      q: false,
    });
  });

  it("derives limits from the block time, and lets the user's figures win", () => {
    const usual = planCluster(
      "c",
      { ...args({ f: { kind: "full", count: 2 } }), chain: { definition: toy, network: "main" } },
      podLayout,
    );
    expect(usual.limits).toMatchObject({
      maxHeadAgeSeconds: 120,
      maxLagBlocks: 5,
      minPeers: 1,
      progressSeconds: 240,
      chainId: "toy-1",
    });
    const own = planCluster(
      "c",
      args({ f: { kind: "full" } }, { health: { maxHeadAgeSeconds: 3, minPeers: 0 } }),
      podLayout,
    );
    expect(own.limits).toMatchObject({ maxHeadAgeSeconds: 3, minPeers: 0, chainId: "c" });
  });

  it("asks no peers of a private network of one", () => {
    expect(planCluster("c", args({ f: { kind: "full" } }), podLayout).limits.minPeers).toBe(0);
    expect(planCluster("c", args({ f: { kind: "full", count: 2 } }), podLayout).limits.minPeers).toBe(1);
  });

  it("refuses more nodes than the shared host has ports for", () => {
    const narrow = { ...hostLayout, sharedPorts: { from: 20000, to: 20031 } };
    expect(() => planCluster("c", args({ f: { kind: "full", count: 3 } }), narrow)).toThrow(
      /nodes: got 3 nodes, but ports 20000 to 20031 hold 2; use fewer nodes or a wider hostPorts range \[PORTS_EXHAUSTED\]/,
    );
  });
});
