import { bitcoin } from "./bitcoin";
import { bitcoind } from "./bitcoind";
import { sampleContext } from "./sample-context";
import type { Kind, ProcessContext } from "./types";

function args(kind: Kind, network: string, change: Partial<ProcessContext> = {}): string {
  return bitcoind.args(sampleContext(bitcoin, bitcoind, kind, network, { home: "/n", ...change })).join("\n");
}

const common = (chain: string) => [
  `-chain=${chain}`,
  "-datadir=/n",
  "-rpccookiefile=/n/.cookie",
  "-server=1",
  "-printtoconsole=1",
  "-nodebuglogfile",
  "-bind=127.0.0.1:8333",
  "-natpmp=0",
  "-listenonion=0",
];
const rpc = ["-rpcbind=127.0.0.1:8332", "-rpcport=8332", "-rpcallowip=127.0.0.1", "-rpcallowip=::1"];

describe("bitcoind", () => {
  it.each<[Kind, string, string[]]>([
    ["full", "mainnet", [...common("main"), ...rpc, "-disablewallet=1", "-dbcache=2048"]],
    ["archive", "mainnet", [...common("main"), ...rpc, "-disablewallet=1", "-dbcache=2048", "-txindex=1"]],
    ["mirror", "mainnet", [...common("main"), "-blocksonly=1", ...rpc, "-disablewallet=1", "-dbcache=2048"]],
    ["full", "testnet4", [...common("testnet4"), ...rpc, "-disablewallet=1", "-dbcache=450"]],
    ["full", "signet", [...common("signet"), ...rpc, "-disablewallet=1", "-dbcache=450"]],
    [
      "full",
      "regtest",
      [
        ...common("regtest"),
        "-dnsseed=0",
        "-discover=0",
        "-addnode=127.0.0.2:8333",
        ...rpc,
        "-disablewallet=1",
        "-dbcache=450",
      ],
    ],
  ])("starts a %s node on %s", (kind, network, expected) => {
    expect(args(kind, network)).toBe(expected.join("\n"));
  });

  it("asks private networks only where it is not bound to loopback, and those that the user names when there are any", () => {
    const listen = { listen: "0.0.0.0" };
    expect(args("full", "mainnet", listen)).toContain(
      [
        "-rpcbind=0.0.0.0:8332",
        "-rpcport=8332",
        "-rpcallowip=10.0.0.0/8",
        "-rpcallowip=100.64.0.0/10",
        "-rpcallowip=127.0.0.0/8",
        "-rpcallowip=172.16.0.0/12",
        "-rpcallowip=192.168.0.0/16",
        "-rpcallowip=fc00::/7",
      ].join("\n"),
    );
    const own = args("full", "mainnet", { ...listen, options: { rpcAllowIp: "10.1.0.0/16, 10.2.0.0/16" } });
    expect(own.match(/-rpcallowip=.*/g)).toEqual(["-rpcallowip=10.1.0.0/16", "-rpcallowip=10.2.0.0/16"]);
  });

  it("passes every option on", () => {
    const options = {
      dbcacheMiB: 8192,
      maxMempoolMB: 500,
      maxConnections: 40,
      maxUploadMiBPerDay: 5000,
      txindex: true,
      blockFilterIndex: true,
      coinStatsIndex: true,
      blocksOnly: true,
      rpcThreads: 32,
      wallet: true,
    };
    const text = args("full", "mainnet", { options, announce: "203.0.113.7", peers: ["198.51.100.9:8333"] });
    for (const flag of [
      "-externalip=203.0.113.7",
      "-maxconnections=40",
      "-maxuploadtarget=5000M",
      "-blocksonly=1",
      "-addnode=198.51.100.9:8333",
      "-rpcthreads=32",
      "-dbcache=8192",
      "-maxmempool=500",
      "-txindex=1",
      "-blockfilterindex=1\n-peerblockfilters=1",
      "-coinstatsindex=1",
    ]) {
      expect(text).toContain(flag);
    }
    expect(text).not.toContain("-disablewallet");
    expect(args("full", "mainnet", { options: { pruneMiB: 10_000 } })).toContain("-prune=10000");
  });

  it("knows an argument for each of its options", () => {
    const plain = args("full", "mainnet", { listen: "0.0.0.0" });
    for (const [name, { type, min }] of Object.entries(bitcoind.options ?? {})) {
      const value = type === "boolean" ? true : type === "number" ? (min ?? 1) + 3 : "10.9.0.0/16";
      expect([name, args("full", "mainnet", { listen: "0.0.0.0", options: { [name]: value } })]).not.toEqual([
        name,
        plain,
      ]);
    }
  });

  it("dials the same eight siblings from every node of a private network, so that it hangs together", () => {
    const siblings = Array.from({ length: 20 }, (_, i) => ({
      node: `n-${i}`,
      group: "n",
      kind: "full" as const,
      host: `10.0.0.${i}`,
      ports: { p2p: 8333 },
    }));
    const dialled = args("full", "regtest", { siblings }).match(/-addnode=.*/g);
    expect(dialled).toEqual(Array.from({ length: 8 }, (_, i) => `-addnode=10.0.0.${i}:8333`));
    expect(args("full", "mainnet", { siblings })).not.toContain("-addnode");
  });

  it("writes IPv6 addresses in brackets", () => {
    expect(args("full", "mainnet", { listen: "::" })).toContain("-bind=[::]:8333");
  });

  it("never puts a password on the command line", () => {
    expect(args("archive", "mainnet")).not.toMatch(/rpcpassword|rpcuser|rpcauth/);
  });

  it.each([
    ["archive", { pruneMiB: 1000 }, "options.pruneMiB", "PRUNE_KIND"],
    ["mirror", { pruneMiB: 1000 }, "options.pruneMiB", "PRUNE_KIND"],
    ["full", { pruneMiB: 1000, txindex: true }, "options.txindex", "PRUNE_INDEX"],
  ] as const)("refuses a %s node with %j", (kind, options, path, code) => {
    const problems = bitcoind.check?.(sampleContext(bitcoin, bitcoind, kind, "mainnet", { options }));
    expect(problems).toEqual([expect.objectContaining({ path, code })]);
  });

  it("takes a pruned full node and an unpruned archive", () => {
    const pruned = sampleContext(bitcoin, bitcoind, "full", "mainnet", { options: { pruneMiB: 1000 } });
    expect(bitcoind.check?.(pruned)).toEqual([]);
    expect(bitcoind.check?.(sampleContext(bitcoin, bitcoind, "archive", "mainnet"))).toEqual([]);
  });

  it("is given ten minutes to write its cache", () => {
    expect(bitcoind.stop).toEqual({ signal: "SIGTERM", graceSeconds: 600 });
  });

  it("has no metrics endpoint of its own", () => {
    expect(bitcoind.metrics).toBeUndefined();
  });
});
