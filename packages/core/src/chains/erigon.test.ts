import { erigon } from "./erigon";
import { type Change, CONTAINER, changes, contextOf, ENODE, POD, refusals, usualArgs } from "./ethereum-args.fixture";

describe("erigon's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(erigon)).toBe(
      `--chain=mainnet
--datadir=/srv/sample/nodes-0/data
--externalcl
--prune.mode=full
--port=30303
--torrent.port=42069
--private.api.addr=127.0.0.1:9090
--authrpc.addr=127.0.0.1
--authrpc.port=8551
--authrpc.vhosts=localhost,127.0.0.1
--authrpc.jwtsecret=/srv/sample/nodes-0/shared/jwt.hex
--http
--http.addr=127.0.0.1
--http.port=8545
--http.api=eth,net,web3
--http.vhosts=localhost,127.0.0.1
--ws
--ws.port=8546
--metrics
--metrics.addr=127.0.0.1
--metrics.port=6060
--mcp.disable
--log.dir.disable`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --chain=mainnet", "+ --chain=sepolia"]],
    ["hoodi", { network: "hoodi" }, ["- --chain=mainnet", "+ --chain=hoodi"]],
    ["an archive", { kind: "archive" }, ["- --prune.mode=full", "+ --prune.mode=archive"]],
    ["a mirror, which serves nobody", { kind: "mirror" }, ["- --ws", "- --ws.port=8546"]],
    [
      "knobs",
      { options: { pruneMode: "blocks", maxPeers: 30, torrentDownloadMBps: 64, torrentUploadMBps: 4 } },
      [
        "- --prune.mode=full",
        "+ --prune.mode=blocks",
        "+ --maxpeers=30",
        "+ --torrent.download.rate=64mb",
        "+ --torrent.upload.rate=4mb",
      ],
    ],
    [
      "a known address and an enode to dial",
      { announce: "203.0.113.9", peers: [ENODE] },
      ["+ --nat=extip:203.0.113.9", `+ --staticpeers=${ENODE}`],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(changes(erigon, change)).toEqual(difference);
  });

  it("keep the engine API and the private API on loopback in a pod", () => {
    expect(erigon.args(contextOf(erigon, POD))).toEqual(
      expect.arrayContaining([
        "--authrpc.addr=127.0.0.1",
        "--private.api.addr=127.0.0.1:9090",
        "--http.addr=0.0.0.0",
        "--http.vhosts=*",
      ]),
    );
    expect(erigon.args(contextOf(erigon, CONTAINER))).toEqual(
      expect.arrayContaining(["--authrpc.addr=0.0.0.0", "--authrpc.vhosts=localhost,127.0.0.1,rpc-0"]),
    );
  });
});

describe("erigon refuses", () => {
  it("a prune mode on an archive", () => {
    expect(refusals(erigon, { kind: "archive", options: { pruneMode: "blocks" } })).toEqual([
      "options.pruneMode OPTION_KIND",
    ]);
    expect(refusals(erigon, { options: { pruneMode: "blocks" } })).toEqual([]);
  });
});
