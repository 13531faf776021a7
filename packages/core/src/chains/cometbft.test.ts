import { planCluster } from "../cluster/plan";
import { ConfigError } from "../errors/errors";
import { podLayout } from "../testing/toy-protocol.fixture";
import { privateCluster } from "./comet-cluster.fixture";
import { COMET_WRITES } from "./comet-health";
import { COMET_KINDS, cometbft as client, cometClient } from "./cometbft";
import { cometbft } from "./cometbft-protocol";
import { sampleContext } from "./sample-context";

const context = (options = {}) => sampleContext(cometbft, client, "full", "private", { home: "/srv/val-0", options });

function problemsOf(nodes: Parameters<typeof privateCluster>[0]): string {
  try {
    privateCluster(nodes);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe("cometbft", () => {
  it.each([...COMET_KINDS])("starts a %s node with these words, and leaves its files to the seed", (kind) => {
    const ctx = sampleContext(cometbft, client, kind, "private", { home: "/srv/val-0" });
    expect(client.args(ctx)).toEqual(["start", "--home", "/srv/val-0", "--proxy_app=persistent_kvstore"]);
    expect(client.files?.(ctx)).toEqual([]);
  });

  it("runs another application when told, and refuses what is none", () => {
    for (const proxyApp of ["persistent_kvstore", "noop", "tcp://app:26658", "unix:///run/app.sock"]) {
      expect(client.args(context({ proxyApp }))).toContain(`--proxy_app=${proxyApp}`);
      expect(client.check?.(context({ proxyApp }))).toEqual([]);
    }
    expect(client.check?.(context({ proxyApp: "kvstor" })).map((p) => p.code)).toEqual(["COMET_PROXY_APP"]);
  });

  it("takes peers with their ids only", () => {
    const peers = [`${"0a".repeat(20)}@peer.example:26656`, "peer.example:26656", "0A@peer.example:1"];
    const problems = client.check?.({ ...context(), peers }) ?? [];
    expect(problems.map((p) => p.path)).toEqual(["peers[1]", "peers[2]"]);
  });

  it("never sends twice what changes something", () => {
    const writes = new RegExp(COMET_WRITES);
    const changing = [
      "broadcast_tx_sync",
      "broadcast_tx_commit",
      "broadcast_evidence",
      "dial_peers",
      "unsafe_flush_mempool",
    ];
    for (const method of changing) {
      expect(writes.test(method)).toBe(true);
      expect(writes.test(`/${method}`)).toBe(true);
    }
    for (const method of ["status", "block", "check_tx", "tx_search", "abci_query", ""])
      expect(writes.test(method)).toBe(false);
  });
});

describe("the protocol", () => {
  it("refuses a private network in which nobody makes blocks", () => {
    expect(problemsOf({ rpc: ["full", 3] })).toMatch(/nodes: got .*COMET_NO_VALIDATOR/);
    expect(problemsOf({ val: ["validator", 1] })).toBe("");
  });

  it("picks the program by network and kind", () => {
    const clients = (network: string) => {
      const options = { trustHeight: 5, trustHash: "ab".repeat(32) };
      const lite = { kind: "light" as const, options: network === "private" ? {} : options };
      const nodes = { lite, rpc: { kind: "full" as const, count: 2 }, val: { kind: "validator" as const } };
      const plan = planCluster(
        "demo",
        { chain: { definition: cometbft, network }, nodes, monitoring: { receivers: "none" } },
        podLayout,
      );
      return plan.nodes.map((n) => [n.name, n.processes[0]?.client.name]);
    };
    const named = (node: string) => [
      ["lite-0", "cometbft-light"],
      ["rpc-0", node],
      ["rpc-1", node],
      ["val-0", node],
    ];
    expect(clients("private")).toEqual(named("cometbft"));
    expect(clients("cosmoshub")).toEqual(named("gaiad"));
  });

  it("needs a seed where it makes the network, and derives nothing for a public one", () => {
    expect(cometbft.needsSeed?.("private")).toBe(true);
    expect(cometbft.needsSeed?.("cosmoshub")).toBe(false);
    const settings = { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 6, genesisValidators: 0 };
    const ctx = { cluster: "demo", network: "cosmoshub", chainId: "cosmoshub-4", seed: "", processes: [], settings };
    expect(cometbft.derive?.(ctx)).toEqual({ chainId: "cosmoshub-4", files: {} });
  });
});

describe("a chain of one's own", () => {
  const release = {
    version: "1.4.2",
    image: "ghcr.io/acme/acmed:v1.4.2",
    reviewed: "2026-11-24",
    source: "https://acme.example",
    program: { binary: "acmed" },
  };
  const sizing = () => ({ cpu: 2, memoryGiB: 8, diskGiB: 100, growthGiBPerMonth: 5 });

  it("is known by its first block, at the height that its genesis names", () => {
    const facts = { name: "acmed", title: "Acme", networks: ["acme"], release, args: () => [], sizing };
    const first = (height: number) => ({
      request: { get: `/blockchain?minHeight=${height}&maxHeight=${height}` },
      hash: "result.block_metas.0.block_id.hash",
    });
    expect(cometClient(facts).health.proof?.genesis).toEqual(first(1));
    expect(cometClient({ ...facts, initialHeight: 1000 }).health.proof?.genesis).toEqual(first(1000));
    const { proof: _, ...blind } = client.health;
    expect(cometClient({ ...facts, health: blind, initialHeight: 1000 }).health).toEqual(blind);
  });

  it("needs little more than its name, release and arguments", () => {
    const acme = cometClient({
      name: "acmed",
      title: "Acme",
      networks: ["acme"],
      release,
      args: () => ["--minimum-gas-prices=0.1uacme"],
      seeds: [`${"0a".repeat(20)}@seed.acme.example:26656`],
      sizing,
    });
    const ctx = { ...context(), network: "acme", kind: "validator" as const };
    expect(acme.args(ctx)).toEqual(["start", "--home", "/srv/val-0", "--minimum-gas-prices=0.1uacme"]);
    const config = acme.files?.(ctx).find((f) => f.path === "config/config.toml")?.content;
    expect(config).toContain(`seeds = "${"0a".repeat(20)}@seed.acme.example:26656"\n`);
    expect(config).toContain("addr_book_strict = true\n");
    expect(acme.keyPaths).toContain("data/priv_validator_state.json");
  });
});
