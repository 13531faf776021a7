import { bitcoin } from "./bitcoin";
import { btcd } from "./btcd";
import { sampleContext } from "./sample-context";
import type { Kind, ProcessContext } from "./types";

function args(kind: Kind, network: string, change: Partial<ProcessContext> = {}): string {
  return btcd.args(sampleContext(bitcoin, btcd, kind, network, { home: "/n", ...change })).join("\n");
}

const common = ["--configfile=/n/btcd.conf", "--datadir=/n/data", "--logdir=/n/logs", "--listen=127.0.0.1:8333"];
const rpc = [
  "--rpclisten=127.0.0.1:8334",
  "--notls",
  "--rpcmaxclients=256",
  "--rpcmaxconcurrentreqs=64",
  "--utxocachemaxsize=250",
];

describe("btcd", () => {
  it.each<[Kind, string, string[]]>([
    ["full", "mainnet", [...common, ...rpc]],
    ["archive", "mainnet", [...common, ...rpc, "--txindex"]],
    ["mirror", "mainnet", [...common, "--blocksonly", ...rpc]],
    ["full", "testnet4", ["--testnet4", ...common, ...rpc]],
    ["full", "signet", ["--signet", ...common, ...rpc]],
    ["full", "regtest", ["--regtest", ...common, "--nodnsseed", "--addpeer=127.0.0.2:8333", ...rpc]],
    ["archive", "simnet", ["--simnet", ...common, "--nodnsseed", "--addpeer=127.0.0.2:8333", ...rpc, "--txindex"]],
  ])("starts a %s node on %s", (kind, network, expected) => {
    expect(args(kind, network)).toBe(expected.join("\n"));
  });

  it("passes every option on", () => {
    const options = {
      utxoCacheMiB: 1000,
      maxPeers: 40,
      pruneMiB: 5000,
      addrIndex: true,
      blocksOnly: true,
      rpcMaxClients: 9,
      rpcMaxConcurrentRequests: 8,
      miningAddress: "SMJ2EsMn4iEfrGr1c7hW9KnykTxwffDZkM",
    };
    const text = args("full", "simnet", { options, announce: "203.0.113.7", peers: ["198.51.100.9:18555"] });
    for (const flag of [
      "--externalip=203.0.113.7",
      "--maxpeers=40",
      "--addpeer=198.51.100.9:18555\n--addpeer=127.0.0.2:8333",
      "--blocksonly",
      "--rpcmaxclients=9",
      "--rpcmaxconcurrentreqs=8",
      "--utxocachemaxsize=1000",
      "--prune=5000",
      "--addrindex",
      "--miningaddr=SMJ2EsMn4iEfrGr1c7hW9KnykTxwffDZkM",
    ]) {
      expect(text.split("\n").join("\n")).toContain(flag);
    }
  });

  it("knows an argument for each of its options", () => {
    const plain = args("full", "simnet");
    for (const [name, { type, min }] of Object.entries(btcd.options ?? {})) {
      const value = type === "boolean" ? true : type === "number" ? (min ?? 1) + 3 : "address";
      expect([name, args("full", "simnet", { options: { [name]: value } })]).not.toEqual([name, plain]);
    }
  });

  it("keeps RPC encrypted where it is not bound to loopback, and says that it cannot run there", () => {
    const ctx = sampleContext(bitcoin, btcd, "full", "mainnet", { listen: "0.0.0.0" });
    expect(btcd.args(ctx)).toEqual(expect.arrayContaining(["--rpclisten=0.0.0.0:8334"]));
    expect(btcd.args(ctx)).not.toContain("--notls");
    expect(btcd.check?.(ctx)).toEqual([expect.objectContaining({ path: "client", code: "CLIENT_LOOPBACK_ONLY" })]);
  });

  it("refuses indexes beside pruning, each by its name", () => {
    const options = { pruneMiB: 2000, txindex: true, addrIndex: true };
    const problems = btcd.check?.(sampleContext(bitcoin, btcd, "full", "mainnet", { options }));
    expect(problems?.map((p) => p.path)).toEqual(["options.txindex", "options.addrIndex"]);
  });

  it("never puts a user or a password on the command line", () => {
    expect(args("archive", "mainnet")).not.toMatch(/rpc(limit)?(user|pass)/);
  });
});
