import { type Change, CONTAINER, changes, contextOf, ENODE, POD, usualArgs } from "./ethereum-args.fixture";
import { reth } from "./reth";

describe("reth's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(reth)).toBe(
      `node
--chain=mainnet
--datadir=/srv/sample/nodes-0/data
--port=30303
--discovery.port=30303
--discovery.v5.port=9200
--nat=publicip
--authrpc.addr=127.0.0.1
--authrpc.port=8551
--authrpc.jwtsecret=/srv/sample/nodes-0/shared/jwt.hex
--http
--http.addr=127.0.0.1
--http.port=8545
--http.api=eth,net,web3
--ws
--ws.addr=127.0.0.1
--ws.port=8546
--ws.api=eth,net,web3
--ipcdisable
--metrics=127.0.0.1:6060
--log.file.max-files=0
--color=never
--full`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --chain=mainnet", "+ --chain=sepolia"]],
    ["hoodi", { network: "hoodi" }, ["- --chain=mainnet", "+ --chain=hoodi"]],
    ["an archive, which is what reth is without pruning", { kind: "archive" }, ["- --full"]],
    [
      "a mirror, which serves nobody",
      { kind: "mirror" },
      ["- --ws", "- --ws.addr=127.0.0.1", "- --ws.port=8546", "- --ws.api=eth,net,web3"],
    ],
    [
      "knobs and a known address",
      { announce: "2001:db8::7", options: { maxPeers: 40, httpApi: "trace" }, kind: "mirror" },
      [
        "- --nat=publicip",
        "- --ws",
        "- --ws.addr=127.0.0.1",
        "- --ws.port=8546",
        "- --ws.api=eth,net,web3",
        "+ --nat=extip:2001:db8::7",
        "+ --max-peers=40",
      ],
    ],
    ["enodes to dial", { peers: [ENODE, ENODE] }, [`+ --trusted-peers=${ENODE},${ENODE}`]],
  ])("of %s", (_name, change, difference) => {
    expect(changes(reth, change)).toEqual(difference);
  });

  it("keep the engine API on loopback in a pod, and open it for another container", () => {
    expect(reth.args(contextOf(reth, POD))).toEqual(
      expect.arrayContaining(["--authrpc.addr=127.0.0.1", "--http.addr=0.0.0.0", "--metrics=0.0.0.0:6060"]),
    );
    expect(reth.args(contextOf(reth, CONTAINER))).toContain("--authrpc.addr=0.0.0.0");
  });

  it("write IPv6 addresses of metrics in brackets", () => {
    expect(reth.args(contextOf(reth, { listen: "::" }))).toContain("--metrics=[::]:6060");
  });
});

describe("reth", () => {
  it("is stopped by SIGINT", () => {
    expect(reth.stop.signal).toBe("SIGINT");
  });
});
