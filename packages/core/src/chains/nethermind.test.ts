import { type Change, CONTAINER, changes, contextOf, ENODE, POD, usualArgs } from "./ethereum-args.fixture";
import { nethermind } from "./nethermind";

const PRUNING = ["- --Pruning.FullPruningTrigger=VolumeFreeSpace", "- --Pruning.FullPruningThresholdMb=375000"];
const TESTNET = ["- --Pruning.FullPruningThresholdMb=375000", "+ --Pruning.FullPruningThresholdMb=51200"];

/** The difference lists what is gone before what is new. */
const sorted = (lines: string[]) => [...lines].sort();

describe("nethermind's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(nethermind)).toBe(
      `--config=mainnet
--data-dir=/srv/sample/nodes-0/data
--Network.P2PPort=30303
--Network.DiscoveryPort=30303
--JsonRpc.EngineHost=127.0.0.1
--JsonRpc.EnginePort=8551
--JsonRpc.JwtSecretFile=/srv/sample/nodes-0/shared/jwt.hex
--JsonRpc.Enabled=true
--JsonRpc.Host=127.0.0.1
--JsonRpc.Port=8545
--JsonRpc.EnabledModules=Eth,Net,Web3
--Init.WebSocketsEnabled=true
--JsonRpc.WebSocketsPort=8546
--Metrics.Enabled=true
--Metrics.ExposeHost=127.0.0.1
--Metrics.ExposePort=6060
--Pruning.FullPruningTrigger=VolumeFreeSpace
--Pruning.FullPruningThresholdMb=375000`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --config=mainnet", "+ --config=sepolia", ...TESTNET]],
    ["hoodi", { network: "hoodi" }, ["- --config=mainnet", "+ --config=hoodi", ...TESTNET]],
    ["an archive", { kind: "archive" }, ["- --config=mainnet", "+ --config=mainnet_archive", ...PRUNING]],
    [
      "an archive of sepolia",
      { kind: "archive", network: "sepolia" },
      ["- --config=mainnet", "+ --config=sepolia_archive", ...PRUNING],
    ],
    [
      "a mirror, which serves nobody",
      { kind: "mirror" },
      ["- --Init.WebSocketsEnabled=true", "- --JsonRpc.WebSocketsPort=8546", "+ --Init.WebSocketsEnabled=false"],
    ],
    [
      "knobs",
      { options: { maxPeers: 30, httpApi: "txpool,trace", pruneBelowFreeMB: 500_000 } },
      [
        "- --JsonRpc.EnabledModules=Eth,Net,Web3",
        "- --Pruning.FullPruningThresholdMb=375000",
        "+ --JsonRpc.EnabledModules=Eth,Net,Web3,TxPool,Trace",
        "+ --Network.MaxActivePeers=30",
        "+ --Pruning.FullPruningThresholdMb=500000",
      ],
    ],
    [
      "a known address and an enode to dial",
      { announce: "203.0.113.9", peers: [ENODE] },
      ["+ --Network.ExternalIp=203.0.113.9", `+ --Network.StaticPeers=${ENODE}`],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(sorted(changes(nethermind, change))).toEqual(sorted(difference));
  });

  it("keep the engine API on loopback in a pod, and open it for another container", () => {
    expect(nethermind.args(contextOf(nethermind, POD))).toEqual(
      expect.arrayContaining(["--JsonRpc.EngineHost=127.0.0.1", "--JsonRpc.Host=0.0.0.0"]),
    );
    expect(nethermind.args(contextOf(nethermind, CONTAINER))).toContain("--JsonRpc.EngineHost=0.0.0.0");
  });
});

describe("nethermind", () => {
  it("is stopped by SIGINT", () => {
    expect(nethermind.stop.signal).toBe("SIGINT");
  });
});
