import { besu } from "./besu";
import {
  type Change,
  CONTAINER,
  changes,
  contextOf,
  ENODE,
  MULTIADDRESS,
  POD,
  usualArgs,
} from "./ethereum-args.fixture";

describe("besu's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(besu)).toBe(
      `--network=mainnet
--data-path=/srv/sample/nodes-0/data
--p2p-port=30303
--engine-rpc-enabled
--engine-rpc-port=8551
--engine-host-allowlist=localhost,127.0.0.1
--engine-jwt-secret=/srv/sample/nodes-0/shared/jwt.hex
--rpc-http-enabled
--rpc-http-host=127.0.0.1
--rpc-http-port=8545
--rpc-http-api=ETH,NET,WEB3
--rpc-ws-enabled
--rpc-ws-host=127.0.0.1
--rpc-ws-port=8546
--rpc-ws-api=ETH,NET,WEB3
--host-allowlist=localhost,127.0.0.1
--metrics-enabled
--metrics-host=127.0.0.1
--metrics-port=9545
--data-storage-format=BONSAI
--sync-mode=SNAP`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --network=mainnet", "+ --network=sepolia"]],
    ["hoodi", { network: "hoodi" }, ["- --network=mainnet", "+ --network=hoodi"]],
    [
      "an archive",
      { kind: "archive" },
      ["- --data-storage-format=BONSAI", "- --sync-mode=SNAP", "+ --data-storage-format=FOREST", "+ --sync-mode=FULL"],
    ],
    [
      "a mirror, which serves nobody",
      { kind: "mirror" },
      ["- --rpc-ws-enabled", "- --rpc-ws-host=127.0.0.1", "- --rpc-ws-port=8546", "- --rpc-ws-api=ETH,NET,WEB3"],
    ],
    [
      "knobs",
      { options: { maxPeers: 30, httpApi: "txpool" } },
      [
        "- --rpc-http-api=ETH,NET,WEB3",
        "- --rpc-ws-api=ETH,NET,WEB3",
        "+ --max-peers=30",
        "+ --rpc-http-api=ETH,NET,WEB3,TXPOOL",
        "+ --rpc-ws-api=ETH,NET,WEB3,TXPOOL",
      ],
    ],
    ["a known address", { announce: "203.0.113.9" }, ["+ --nat-method=NONE", "+ --p2p-host=203.0.113.9"]],
  ])("of %s", (_name, change, difference) => {
    expect(changes(besu, change)).toEqual(difference);
  });

  it("name the hosts that may ask", () => {
    expect(besu.args(contextOf(besu, POD))).toEqual(
      expect.arrayContaining(["--host-allowlist=*", "--engine-host-allowlist=localhost,127.0.0.1"]),
    );
    expect(besu.args(contextOf(besu, CONTAINER))).toContain("--engine-host-allowlist=localhost,127.0.0.1,rpc-0");
  });
});

describe("besu", () => {
  it.each([
    [{}, "-Xmx5120m"],
    [{ heapMiB: 8192 }, "-Xmx8192m"],
  ])("takes its heap from %j", (options, heap) => {
    expect(besu.env?.(contextOf(besu, { options }))).toEqual({ BESU_OPTS: heap });
  });

  it("reads static peers from a file in its data directory", () => {
    expect(besu.files?.(contextOf(besu, { peers: [ENODE, MULTIADDRESS] }))).toEqual([
      { path: "data/static-nodes.json", content: `["${ENODE}"]\n` },
    ]);
    expect(besu.files?.(contextOf(besu))).toEqual([]);
  });
});
