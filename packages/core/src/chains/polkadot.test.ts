import { polkadot } from "./polkadot";
import { sampleContext } from "./sample-context";
import { substrate } from "./substrate";
import { SUBSTRATE_WRITES } from "./substrate-health";
import type { Kind, ProcessContext } from "./types";

function args(kind: Kind, network: string, change: Partial<ProcessContext> = {}): string[] {
  return [...polkadot.args(sampleContext(substrate, polkadot, kind, network, { home: "/n", ...change }))];
}

const head = (network: string) => [`--chain=${network}`, "--base-path=/n", "--name=sample-nodes-0"];
const pruned = ["--database=paritydb", "--state-pruning=256", "--blocks-pruning=archive-canonical", "--sync=warp"];
const kept = ["--database=paritydb", "--state-pruning=archive", "--blocks-pruning=archive", "--sync=full"];
const tail = [
  "--node-key-file=/n/node.key",
  "--listen-addr=/ip4/127.0.0.1/tcp/30333",
  "--no-mdns",
  "--rpc-port=9944",
  "--rpc-methods=safe",
  "--rpc-max-connections=1000",
  "--prometheus-port=9615",
  "--no-telemetry",
];

describe("polkadot", () => {
  it.each<[Kind, string, string[]]>([
    ["full", "polkadot", [...head("polkadot"), ...pruned, ...tail]],
    ["mirror", "polkadot", [...head("polkadot"), ...pruned, ...tail]],
    ["seed", "kusama", [...head("kusama"), ...pruned, ...tail]],
    ["archive", "westend", [...head("westend"), ...kept, ...tail]],
    ["validator", "paseo", [...head("paseo"), "--validator", ...pruned, ...tail]],
  ])("starts a %s node on %s", (kind, network, expected) => {
    expect(args(kind, network)).toEqual(expected);
  });

  it("opens RPC and metrics where it is not bound to loopback, with safe methods only", () => {
    const open = args("full", "polkadot", { listen: "0.0.0.0" });
    expect(open).toEqual(expect.arrayContaining(["--rpc-external", "--prometheus-external", "--rpc-methods=safe"]));
    expect(open).toContain("--listen-addr=/ip4/0.0.0.0/tcp/30333");
  });

  it("uses the flag that a validator accepts for it", () => {
    const open = args("validator", "polkadot", { listen: "0.0.0.0" });
    expect(open).toContain("--unsafe-rpc-external");
    expect(open).not.toContain("--rpc-external");
    expect(open).toContain("--rpc-methods=safe");
  });

  it("says its public address in the notation of its kind", () => {
    const announced = (announce: string) =>
      args("seed", "polkadot", { announce }).find((a) => a.startsWith("--public"));
    expect(announced("203.0.113.7")).toBe("--public-addr=/ip4/203.0.113.7/tcp/30333");
    expect(announced("boot.example.org")).toBe("--public-addr=/dns/boot.example.org/tcp/30333");
    expect(announced("2001:db8::7")).toBe("--public-addr=/ip6/2001:db8::7/tcp/30333");
  });

  it("passes every option on", () => {
    const options = {
      statePruning: 1000,
      blocksPruning: 2000,
      sync: "fast",
      database: "rocksdb",
      dbCacheMiB: 2048,
      inPeers: 60,
      outPeers: 20,
      rpcMaxConnections: 50,
      rpcCors: "all",
      rpcMethods: "auto",
      telemetry: true,
    };
    const peer = "/dns/peer.example.org/tcp/30333/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    const text = args("full", "polkadot", { options, peers: [peer] });
    for (const flag of [
      "--state-pruning=1000",
      "--blocks-pruning=2000",
      "--sync=fast",
      "--database=rocksdb",
      "--db-cache=2048",
      "--in-peers=60",
      "--out-peers=20",
      "--rpc-max-connections=50",
      "--rpc-cors=all",
      "--rpc-methods=auto",
      `--reserved-nodes=${peer}`,
    ]) {
      expect(text).toContain(flag);
    }
    expect(text).not.toContain("--no-telemetry");
  });

  it("knows an argument for each of its options", () => {
    const plain = args("full", "polkadot");
    for (const [name, { type, min, allowed }] of Object.entries(polkadot.options ?? {})) {
      const value = type === "boolean" ? true : type === "number" ? (min ?? 1) + 3 : (allowed?.at(-1) ?? "all");
      expect([name, args("full", "polkadot", { options: { [name]: value } })]).not.toEqual([name, plain]);
    }
  });

  it("keeps its name within the 63 characters that the client takes", () => {
    const [name] = args("full", "polkadot", { cluster: "c".repeat(50), node: "n".repeat(50) }).filter((a) =>
      a.startsWith("--name="),
    );
    expect(name).toHaveLength("--name=".length + 63);
  });

  it("refuses to prune an archive or to fill it without executing its blocks", () => {
    const options = { statePruning: 256, blocksPruning: 256, sync: "warp" };
    const problems = polkadot.check?.(sampleContext(substrate, polkadot, "archive", "polkadot", { options }));
    expect(problems?.map((p) => p.path)).toEqual(["options.statePruning", "options.blocksPruning", "options.sync"]);
    const fine = sampleContext(substrate, polkadot, "archive", "polkadot", { options: { sync: "full" } });
    expect(polkadot.check?.(fine)).toEqual([]);
    expect(polkadot.check?.(sampleContext(substrate, polkadot, "full", "polkadot", { options }))).toEqual([]);
  });

  it.each([
    ["author_submitExtrinsic", true],
    ["author_submitAndWatchExtrinsic", true],
    ["author_rotateKeys", true],
    ["author_rotateKeysWithOwner", true],
    ["author_insertKey", true],
    ["transaction_v1_broadcast", true],
    ["transactionWatch_v1_submitAndWatch", true],
    ["offchain_localStorageSet", true],
    ["author_pendingExtrinsics", false],
    ["chain_getBlock", false],
    ["state_call", false],
    ["payment_queryInfo", false],
    ["system_dryRun", false],
    ["system_accountNextIndex", false],
  ])("knows whether %s changes state: %s", (method, writes) => {
    expect(new RegExp(SUBSTRATE_WRITES).test(method)).toBe(writes);
  });
});
