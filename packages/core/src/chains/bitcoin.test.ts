import { healthLimits, probeTiming } from "../cluster/limits";
import { bitcoin, bitcoinRpcCredentials, rpcauth } from "./bitcoin";
import { BITCOIN_WRITES } from "./bitcoin-health";
import { bitcoind } from "./bitcoind";
import { btcd } from "./btcd";
import { sampleContext } from "./sample-context";
import type { ClientDefinition, DeriveContext, DerivedFiles } from "./types";

const seed = "0123456789abcdef0123456789abcdef";

function derive(client: ClientDefinition, nodes: readonly string[], change: Partial<DeriveContext> = {}) {
  const context: DeriveContext = {
    cluster: "btc",
    network: "regtest",
    chainId: "regtest",
    seed,
    processes: nodes.map((node) => ({
      ...sampleContext(bitcoin, client, "full", "regtest", { node }),
      layer: "node",
      client: client.name,
    })),
    settings: { genesisTime: "2025-01-01T00:00:00Z", blockTimeSeconds: 1, genesisValidators: 0 },
    ...change,
  };
  if (!bitcoin.derive) throw new Error("bitcoin derives nothing");
  return bitcoin.derive(context);
}

function contents(files: DerivedFiles | undefined): Record<string, string> {
  return Object.fromEntries((files?.secret ?? []).map(({ path, content }) => [path, content]));
}

describe("bitcoin", () => {
  it("salts a password as Bitcoin Core does (its own functional test's pair)", () => {
    const password = "cA773lm788buwYe4g4WT+05pKyNruVKjQ25x3n0DQcM=";
    expect(rpcauth("rt", password, "93648e835a54c573682c2eb19f882535")).toBe(
      "rt:93648e835a54c573682c2eb19f882535$7681e9c5b74bdd85e78166031d2058e1069b3ed7ed967c93fc63abba06f31144",
    );
  });

  it("gives bitcoind the salted hash of the password that users get, and nothing to read it from", () => {
    const files = contents(derive(bitcoind, ["a"]).files.a?.node);
    const { user, password } = bitcoinRpcCredentials(seed, "btc");
    expect(files["rpc.auth"]).toBe(`${user}:${password}`);
    const salt = /:([0-9a-f]{32})\$/.exec(files["bitcoin.conf"] ?? "")?.[1] ?? "";
    expect(files["bitcoin.conf"]).toBe(`rpcauth=${rpcauth(user, password, salt)}\n`);
    expect(files["bitcoin.conf"]).not.toContain(password);
  });

  it("gives btcd its users in a file, and the agent a limited one of its own", () => {
    const files = contents(derive(btcd, ["a"]).files.a?.node);
    const { user, password } = bitcoinRpcCredentials(seed, "btc");
    const agent = files["agent.auth"]?.split(":") ?? [];
    expect(files["btcd.conf"]).toBe(
      `[Application Options]\nrpcuser=${user}\nrpcpass=${password}\nrpclimituser=${agent[0]}\nrpclimitpass=${agent[1]}\n`,
    );
    expect(agent[1]).toMatch(/^[0-9a-f]{64}$/);
    expect(agent[1]).not.toBe(password);
    expect(btcd.health.basicAuthFile).toBe("agent.auth");
  });

  it("gives users one password for all nodes, agents one for each, and other clusters others", () => {
    const { files } = derive(btcd, ["a", "b"]);
    const [a, b] = [contents(files.a?.node), contents(files.b?.node)];
    expect(a["rpc.auth"]).toBe(b["rpc.auth"]);
    expect(a["agent.auth"]).not.toBe(b["agent.auth"]);
    expect(bitcoinRpcCredentials(seed, "other").password).not.toBe(bitcoinRpcCredentials(seed, "btc").password);
    expect(bitcoinRpcCredentials(`${seed}x`, "btc").password).not.toBe(bitcoinRpcCredentials(seed, "btc").password);
  });

  it("changes nobody's files when a node is added", () => {
    expect(derive(btcd, ["a", "b", "c"]).files.a).toEqual(derive(btcd, ["a"]).files.a);
  });

  it("writes secrets for the owner alone and none in the open", () => {
    for (const client of [bitcoind, btcd]) {
      const files = derive(client, ["a"]).files.a?.node;
      expect(files?.open).toEqual([]);
      expect(files?.secret.map((file) => file.mode)).toEqual(files?.secret.map(() => "0600"));
      for (const { path } of files?.secret ?? []) expect(client.keyPaths).toContain(path);
    }
  });

  it("ties data to the network by the hash of its first block", () => {
    expect(derive(bitcoind, ["a"]).genesisDigest).toBe(bitcoin.networks.regtest?.chainId);
  });

  it("gives blocks of ten minutes their time: three hours until a head is old, 90 minutes and more until a node stands still", () => {
    for (const name of ["mainnet", "testnet4", "signet"]) {
      const facts = bitcoin.networks[name];
      expect(facts).toMatchObject({ blockTimeSeconds: 600, maxHeadAgeSeconds: 10_800 });
      if (!facts) continue;
      const timing = probeTiming(facts);
      const limits = healthLimits({ facts, blockTimeSeconds: 600, nodeCount: 3, chainId: facts.chainId, timing });
      expect(limits.progressSeconds).toBeGreaterThanOrEqual(90 * 60);
    }
  });

  it.each(["regtest", "simnet"])("lets %s be idle at a genesis block that is years old", (name) => {
    const network = bitcoin.networks[name];
    const oldestGenesis = Date.parse("2011-02-02T23:16:42Z") / 1000;
    expect(network).toMatchObject({ private: true, idle: true });
    expect(network?.maxHeadAgeSeconds).toBeGreaterThan(Date.now() / 1000 - oldestGenesis);
  });

  it("has simnet with btcd only", () => {
    expect(bitcoind.networks).not.toContain("simnet");
    expect(btcd.networks).toContain("simnet");
  });

  it.each([
    ["sendrawtransaction", true],
    ["sendtoaddress", true],
    ["submitblock", true],
    ["submitpackage", true],
    ["generatetoaddress", true],
    ["walletcreatefundedpsbt", true],
    ["psbtbumpfee", true],
    ["bumpfee", true],
    ["createwallet", true],
    ["loadwallet", true],
    ["getnewaddress", true],
    ["importdescriptors", true],
    ["setnetworkactive", true],
    ["addnode", true],
    ["invalidateblock", true],
    ["stop", true],
    ["getblock", false],
    ["getblockchaininfo", false],
    ["getrawtransaction", false],
    ["decoderawtransaction", false],
    ["estimatesmartfee", false],
    ["createrawtransaction", false],
    ["testmempoolaccept", false],
    ["listwallets", false],
    ["scantxoutset", false],
    ["validateaddress", false],
  ])("knows whether %s changes state: %s", (method, writes) => {
    expect(new RegExp(BITCOIN_WRITES).test(method)).toBe(writes);
  });
});
