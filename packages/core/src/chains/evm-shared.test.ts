import { contextOf, ENODE, MULTIADDRESS, refusals } from "./ethereum-args.fixture";
import { sizingOf } from "./ethereum-sizing";
import { announcedIp, EVM_WRITES, engineListen, executionPeers, portOf } from "./evm-shared";
import { geth } from "./geth";
import { reth } from "./reth";

describe("namespaces beside the usual three", () => {
  it.each([
    ["admin", "HTTP_API_UNSAFE"],
    ["debug", "HTTP_API_UNSAFE"],
    ["Engine", "HTTP_API_UNSAFE"],
    ["personal", "HTTP_API_UNSAFE"],
    ["miner", "HTTP_API_UNSAFE"],
    ["trace", "HTTP_API_UNKNOWN"],
    ["net,--http.addr", "HTTP_API_UNKNOWN"],
  ])("refuse %j on geth with %s", (httpApi, code) => {
    expect(refusals(geth, { options: { httpApi } })).toEqual([`options.httpApi ${code}`]);
  });

  it("tell every wrong name and what the client has", () => {
    const problems = reth.check?.(contextOf(reth, { options: { httpApi: "eth, admin,,foo" } })) ?? [];
    expect(problems.map((p) => p.got)).toEqual(["admin", "foo"]);
    expect(problems[0]?.allowed).toBe("eth, net, web3, txpool, trace, rpc, ots");
  });

  it.each(["", " ", "eth", "txpool,trace"])("take %j on reth", (httpApi) => {
    expect(refusals(reth, { options: { httpApi } })).toEqual([]);
  });
});

describe("peers", () => {
  it.each([[[ENODE]], [[MULTIADDRESS]], [[ENODE, MULTIADDRESS]], [[`${ENODE}?discport=30301`]], [[]]])(
    "%j are taken",
    (peers) => {
      expect(refusals(geth, { peers })).toEqual([]);
    },
  );

  it.each([
    "203.0.113.7:30303",
    "enode://abc@203.0.113.7:30303",
    "enr:-abc",
    `${MULTIADDRESS},/ip4/10.0.0.1/tcp/1`,
    "",
  ])("%j is refused, once", (peer) => {
    expect(refusals(geth, { peers: [peer] })).toEqual(["peers PEER_FORM"]);
  });

  it("are sorted by layer", () => {
    expect(executionPeers(contextOf(geth, { peers: [MULTIADDRESS, ENODE] }))).toEqual([ENODE]);
  });
});

describe("the engine API's address", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1", "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1", "127.0.0.1"],
    ["0.0.0.0", "localhost", "127.0.0.1"],
    ["::", "::1", "::1"],
    ["0.0.0.0", "rpc-0", "0.0.0.0"],
  ])("listening on %s as %s is %s", (listen, self, expected) => {
    expect(engineListen(contextOf(geth, { listen, self }))).toBe(expected);
  });
});

describe("the announced address", () => {
  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["2001:db8::9", "2001:db8::9"],
    ["node.example.org", undefined],
    ["203.0.113.9 --http.addr=0.0.0.0", undefined],
    [undefined, undefined],
  ])("%s is told as %s", (announce, expected) => {
    expect(announcedIp(contextOf(geth, { announce }))).toBe(expected);
  });
});

describe("a port that no definition has", () => {
  it("is an error with its name, not the word undefined in an argument", () => {
    expect(() => portOf(contextOf(geth), "grpc")).toThrow('node nodes-0 has no port named "grpc"');
  });
});

describe("methods that are never sent twice", () => {
  const writes = new RegExp(EVM_WRITES);

  it.each([
    "eth_sendRawTransaction",
    "eth_sendRawTransactionSync",
    "eth_sendTransaction",
    "eth_signTransaction",
    "personal_unlockAccount",
    "admin_addPeer",
    "miner_setGasPrice",
    "engine_newPayloadV4",
    "debug_setHead",
    "mev_sendBundle",
  ])("count %s", (method) => {
    expect(writes.test(method)).toBe(true);
  });

  it.each(["eth_call", "eth_getLogs", "eth_blockNumber", "net_peerCount", "debug_traceTransaction", "xeth_send"])(
    "do not count %s",
    (method) => {
      expect(writes.test(method)).toBe(false);
    },
  );
});

describe("sizing from tables", () => {
  const disk = (diskGiB: number) => ({ diskGiB, growthGiBPerMonth: 1 });
  const sizing = sizingOf(
    { cpu: 4, memoryGiB: 16, archiveMemoryGiB: 64 },
    {
      mainnet: { full: disk(1000), archive: disk(3000) },
      sepolia: { full: disk(300), archive: disk(600) },
      hoodi: { full: disk(100) },
    },
  );

  it.each([
    ["mainnet", "full", { cpu: 4, memoryGiB: 16, diskGiB: 1000 }],
    ["mainnet", "mirror", { cpu: 4, memoryGiB: 16, diskGiB: 1000 }],
    ["mainnet", "archive", { cpu: 4, memoryGiB: 64, diskGiB: 3000 }],
    ["sepolia", "archive", { cpu: 2, memoryGiB: 32, diskGiB: 600 }],
    ["hoodi", "archive", { cpu: 2, memoryGiB: 32, diskGiB: 100 }],
  ] as const)("%s %s", (network, kind, expected) => {
    expect(sizing(network, kind)).toEqual({ ...expected, growthGiBPerMonth: 1 });
  });
});
