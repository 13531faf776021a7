import { type Change, CONTAINER, changes, contextOf, ENODE, MULTIADDRESS, usualArgs } from "./ethereum-args.fixture";
import { lighthouse } from "./lighthouse";

describe("lighthouse's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(lighthouse)).toBe(
      `beacon_node
--network=mainnet
--datadir=/srv/sample/nodes-0/data
--execution-endpoint=http://127.0.0.1:8551
--execution-jwt=/srv/sample/nodes-0/shared/jwt.hex
--checkpoint-sync-url=https://mainnet-checkpoint-sync.attestant.io
--listen-address=0.0.0.0
--port=9000
--discovery-port=9000
--quic-port=9001
--disable-upnp
--http
--http-address=127.0.0.1
--http-port=5052
--metrics
--metrics-address=127.0.0.1
--metrics-port=5054
--logfile-max-number=0`,
    );
  });

  const checkpoint = "--checkpoint-sync-url=https://mainnet-checkpoint-sync.attestant.io";

  it.each<[string, Change, string[]]>([
    [
      "sepolia",
      { network: "sepolia" },
      [
        "- --network=mainnet",
        `- ${checkpoint}`,
        "+ --network=sepolia",
        "+ --checkpoint-sync-url=https://checkpoint-sync.sepolia.ethpandaops.io",
      ],
    ],
    [
      "hoodi",
      { network: "hoodi" },
      [
        "- --network=mainnet",
        `- ${checkpoint}`,
        "+ --network=hoodi",
        "+ --checkpoint-sync-url=https://checkpoint-sync.hoodi.ethpandaops.io",
      ],
    ],
    ["an execution archive, whose beacon node is as usual", { kind: "archive" }, []],
    ["a mirror", { kind: "mirror" }, []],
    [
      "an archive of states",
      { kind: "archive", options: { beaconArchive: true } },
      ["+ --archive", "+ --genesis-backfill"],
    ],
    [
      "a start from genesis",
      { options: { checkpointSyncUrl: "genesis" } },
      [`- ${checkpoint}`, "+ --allow-insecure-genesis-sync"],
    ],
    [
      "another server and fewer peers",
      { options: { checkpointSyncUrl: "http://10.0.0.5:5052", targetPeers: 40 } },
      [`- ${checkpoint}`, "+ --checkpoint-sync-url=http://10.0.0.5:5052", "+ --target-peers=40"],
    ],
    [
      "a known address",
      { announce: "203.0.113.9" },
      ["+ --enr-address=203.0.113.9", "+ --enr-tcp-port=9000", "+ --enr-udp-port=9000", "+ --enr-quic-port=9001"],
    ],
    [
      "peers, of which the enode is the other layer's",
      { peers: [ENODE, MULTIADDRESS] },
      [`+ --libp2p-addresses=${MULTIADDRESS}`],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(changes(lighthouse, change)).toEqual(difference);
  });

  it("dial the execution client by name where it is another container", () => {
    expect(lighthouse.args(contextOf(lighthouse, CONTAINER))).toContain("--execution-endpoint=http://rpc-0:8551");
  });

  it("follow the ports that the target assigns", () => {
    const layers = { execution: { engine: 20003 } };
    expect(lighthouse.args(contextOf(lighthouse, { layers }))).toContain("--execution-endpoint=http://127.0.0.1:20003");
  });
});
