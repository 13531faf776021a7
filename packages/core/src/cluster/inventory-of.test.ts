import type { ClientDefinition, ProtocolDefinition } from "../chains/types";
import { hostLayout, podLayout, toy, toyClient } from "../testing/toy-protocol.fixture";
import type { ClusterArgs } from "./args";
import { defaultGroup, inventoryOf } from "./inventory-of";
import { planCluster } from "./plan";

const at = { stack: "dev", listen: { host: "127.0.0.1", port: 26680 } };
const proxy = { host: "127.0.0.1", port: 26657 };

const plan = (nodes: ClusterArgs["nodes"], definition: ProtocolDefinition = toy, network = "private") =>
  planCluster("c", { chain: { definition, network }, nodes, monitoring: { receivers: "none" } }, podLayout);

const { rpc: _, ...engine } = toyClient("engine", ["full", "archive"]);
/** A pair: one answers for the head and for users, the other one is asked as well. */
const paired: ProtocolDefinition = {
  ...toy,
  kinds: ["full"],
  clients: [
    { ...engine, layer: "consensus", health: { ...engine.health, basicAuthFile: "cookie" } } as ClientDefinition,
    { ...toyClient("front", ["full"]), layer: "execution" },
  ],
  defaults: { execution: "front", consensus: "engine" },
};

describe("inventoryOf", () => {
  it("tells what to ask, how often, and by which limits", () => {
    const made = plan({ rpc: { kind: "full" }, v: { kind: "validator", count: 2 } });
    const inventory = inventoryOf(made, { ...at, proxy });
    expect(inventory).toMatchObject({
      schemaVersion: 1,
      stack: "dev",
      cluster: "c",
      protocol: "toy",
      network: "private",
      listen: at.listen,
      probe: { intervalSeconds: 2, timeoutMs: 1500 },
      limits: made.limits,
      blockTimeSeconds: 1,
    });
    expect(Object.keys(inventory.questions)).toEqual(["toyd"]);
    expect(inventory.nodes.map((n) => [n.name, n.kind, n.servesRpc])).toEqual([
      ["rpc-0", "full", true],
      ["v-0", "validator", false],
      ["v-1", "validator", false],
    ]);
    expect(JSON.parse(JSON.stringify(inventory))).toEqual(inventory);
  });

  it("says which old blocks are compared, how deep a chain reorganises, who is outside, and where data lies", () => {
    const made = plan({ rpc: { kind: "full" } });
    const bare = inventoryOf(made, at);
    expect(bare).toMatchObject({ checkpointBlocks: 60 });
    expect(bare).not.toHaveProperty("reorgBlocks");
    expect(bare).not.toHaveProperty("reference");
    expect(bare.nodes[0]?.processes[0]).not.toHaveProperty("dataDir");
    const deep = { ...toy, networks: { private: { ...toy.networks.private, reorgBlocks: 40 } } } as ProtocolDefinition;
    const other = plan({ rpc: { kind: "full" } }, deep);
    expect(inventoryOf(other, { ...at, sharesDisks: true })).toMatchObject({
      reorgBlocks: 40,
      checkpointBlocks: 82,
      nodes: [{ processes: [{ dataDir: "/data/node" }] }],
    });
  });

  it("gives users only the nodes that serve", () => {
    const { nodes } = inventoryOf(plan({ rpc: { kind: "full" }, v: { kind: "validator" } }), { ...at, proxy });
    expect(nodes.map((n) => n.processes[0])).toMatchObject([
      { probeUrl: "http://rpc-0.c:7001", rpcUrl: "http://rpc-0.c:7001" },
      { probeUrl: "http://v-0.c:7001" },
    ]);
    expect(nodes[1]?.processes[0]).not.toHaveProperty("rpcUrl");
  });

  it("asks each process at the port that it was given", () => {
    const made = planCluster(
      "c",
      {
        chain: { definition: toy, network: "main" },
        nodes: { rpc: { kind: "full", count: 2 } },
        monitoring: { receivers: "none" },
      },
      hostLayout,
    );
    const urls = inventoryOf(made, at).nodes.map((n) => n.processes[0]?.probeUrl);
    expect(urls).toEqual(made.nodes.map((n) => `http://127.0.0.1:${n.address.ports.rpc}`));
    expect(new Set(urls).size).toBe(2);
  });

  it("lists the process that answers for the head first, and where its password is", () => {
    const [node] = inventoryOf(plan({ rpc: { kind: "full" } }, paired), { ...at, proxy }).nodes;
    expect(node?.processes.map((p) => [p.name, p.layer, p.rpcUrl !== undefined, p.basicAuthFile])).toEqual([
      ["rpc-0-execution", "execution", true, undefined],
      ["rpc-0-consensus", "consensus", false, "/data/consensus/cookie"],
    ]);
  });

  it("has a proxy where a group serves, and one that knows every client's writes", () => {
    const made = inventoryOf(plan({ rpc: { kind: "full" }, light: { kind: "light" } }), { ...at, proxy });
    expect(made.proxy).toMatchObject({ ...proxy, defaultGroup: "rpc", writes: "^send", timeoutMs: 2000 });
    const two: ProtocolDefinition = {
      ...toy,
      clients: toy.clients.map((c, i) => ({ ...c, rpc: { port: "rpc", writes: ["^send", "put$"][i] ?? "" } })),
    };
    const both = inventoryOf(plan({ rpc: { kind: "full" }, light: { kind: "light" } }, two), { ...at, proxy });
    expect(both.proxy?.writes).toBe("(?:^send)|(?:put$)");
    for (const method of ["sendTx", "blobput"]) expect(new RegExp(both.proxy?.writes ?? "").test(method)).toBe(true);
    expect(new RegExp(both.proxy?.writes ?? "").test("block")).toBe(false);
  });

  it("has none where nobody serves, or where another balancer is in front", () => {
    expect(inventoryOf(plan({ v: { kind: "validator" } }), { ...at, proxy })).not.toHaveProperty("proxy");
    expect(inventoryOf(plan({ rpc: { kind: "full", servesRpc: false } }), { ...at, proxy })).not.toHaveProperty(
      "proxy",
    );
    expect(inventoryOf(plan({ rpc: { kind: "full" } }), at)).not.toHaveProperty("proxy");
  });

  it("waits at least as long for users as for its own questions", () => {
    expect(inventoryOf(plan({ rpc: { kind: "full" } }, toy, "main"), { ...at, proxy }).proxy?.timeoutMs).toBe(5000);
  });
});

describe("defaultGroup", () => {
  it.each<[ClusterArgs["nodes"], string | undefined]>([
    [{ a: { kind: "light" }, z: { kind: "full" } }, "z"],
    [{ b: { kind: "full" }, a: { kind: "full" } }, "a"],
    [{ a: { kind: "full", servesRpc: false }, b: { kind: "light" } }, "b"],
    [{ a: { kind: "validator" } }, undefined],
  ])("of %j is %s", (nodes, name) => {
    expect(defaultGroup(plan(nodes))?.name).toBe(name);
  });
});
