import type { ValueSource } from "../health/types";
import { evmHealth } from "./evm-health";
import { EVM_WRITES } from "./evm-shared";

/** What geth 1.17.5 answered right after its first start on mainnet, shortened; "finalized" was an error. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  latest: { number: "0x0", hash: `0x${"d4".repeat(32)}`, timestamp: "0x0", transactions: [] },
  syncing: { currentBlock: "0x0", highestBlock: "0x0", txIndexRemainingBlocks: "0x1" },
  peers: "0x0",
  chain: "0x1",
  genesis: { number: "0x0", hash: `0x${"d4".repeat(32)}` },
  version: "Geth/v1.17.5-stable/linux-amd64/go1.26.8",
};

const valueAt = ({ from, path }: ValueSource) =>
  path.split(".").reduce<unknown>((at, key) => (key === "" ? at : (at as Record<string, unknown>)[key]), ANSWERS[from]);

describe("questions to an execution client", () => {
  it("find every value in what a real client answered", () => {
    const { height, hash, timestamp, peers, syncing, chainId, version, genesis } = evmHealth.head;
    const sources = { height, hash, timestamp, peers, syncing, chainId, version, genesis };
    expect(Object.fromEntries(Object.entries(sources).map(([k, v]) => [k, valueAt(v as ValueSource)]))).toEqual({
      height: "0x0",
      hash: `0x${"d4".repeat(32)}`,
      timestamp: "0x0",
      peers: "0x0",
      syncing: ANSWERS.syncing,
      chainId: "0x1",
      version: "Geth/v1.17.5-stable/linux-amd64/go1.26.8",
      genesis: `0x${"d4".repeat(32)}`,
    });
  });

  it("take height, hash and time of the head from one answer", () => {
    const { height, hash, timestamp } = evmHealth.head;
    expect([height, hash, timestamp]).toEqual([
      { from: "latest", path: "number", as: "hex" },
      { from: "latest", path: "hash", as: "string" },
      { from: "latest", path: "timestamp", as: "hexUnix" },
    ]);
  });

  it("need head, sync state, peers and chain; the rest may stay unknown", () => {
    const needed = Object.entries(evmHealth.requests).flatMap(([name, request]) => (request.optional ? [] : [name]));
    expect(needed).toEqual(["latest", "syncing", "peers", "chain"]);
  });

  it("change nothing and need only the namespaces that are always on", () => {
    const methods = Object.values(evmHealth.requests).map((request) => request.rpc?.method ?? "");
    expect(methods.filter((method) => new RegExp(EVM_WRITES).test(method))).toEqual([]);
    expect(methods.filter((method) => !/^(eth|net|web3)_/.test(method))).toEqual([]);
  });
});
