import { type Change, changes, contextOf, MULTIADDRESS, POD, usualArgs } from "./ethereum-args.fixture";
import { prysm } from "./prysm";

const MAINNET = "https://mainnet-checkpoint-sync.attestant.io";
const SEPOLIA = "https://checkpoint-sync.sepolia.ethpandaops.io";
const HOODI = "https://checkpoint-sync.hoodi.ethpandaops.io";

describe("prysm's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(prysm)).toBe(
      `--accept-terms-of-use
--mainnet
--datadir=/srv/sample/nodes-0/data
--execution-endpoint=http://127.0.0.1:8551
--jwt-secret=/srv/sample/nodes-0/shared/jwt.hex
--checkpoint-sync-url=${MAINNET}
--p2p-tcp-port=9000
--p2p-udp-port=9000
--p2p-quic-port=9001
--p2p-static-id
--http-host=127.0.0.1
--http-port=5052
--rpc-host=127.0.0.1
--rpc-port=4000
--monitoring-host=127.0.0.1
--monitoring-port=8080
--beacon-db-pruning`,
    );
  });

  /** Only mainnet's first state is inside the program. */
  const testnet = (name: string, url: string) => [
    "- --mainnet",
    `- --checkpoint-sync-url=${MAINNET}`,
    `+ --${name}`,
    `+ --checkpoint-sync-url=${url}`,
    `+ --genesis-beacon-api-url=${url}`,
  ];

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, testnet("sepolia", SEPOLIA)],
    ["hoodi", { network: "hoodi" }, testnet("hoodi", HOODI)],
    ["an execution archive, whose beacon node is as usual", { kind: "archive" }, []],
    ["a mirror", { kind: "mirror" }, []],
    [
      "an archive of states",
      { options: { beaconArchive: true } },
      ["- --beacon-db-pruning", "+ --slots-per-archive-point=32"],
    ],
    [
      "a start from genesis, where mainnet trusts nobody",
      { options: { checkpointSyncUrl: "genesis" } },
      [`- --checkpoint-sync-url=${MAINNET}`],
    ],
    [
      "a start from genesis on hoodi, whose first state comes from the server",
      { network: "hoodi", options: { checkpointSyncUrl: "genesis" } },
      ["- --mainnet", `- --checkpoint-sync-url=${MAINNET}`, "+ --hoodi", `+ --genesis-beacon-api-url=${HOODI}`],
    ],
    [
      "knobs, a known address and a peer",
      { options: { targetPeers: 50 }, announce: "203.0.113.9", peers: [MULTIADDRESS] },
      ["+ --p2p-host-ip=203.0.113.9", "+ --p2p-max-peers=50", `+ --peer=${MULTIADDRESS}`],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(changes(prysm, change)).toEqual(difference);
  });

  it("keep gRPC on loopback while the Beacon API opens up in a pod", () => {
    expect(prysm.args(contextOf(prysm, POD))).toEqual(
      expect.arrayContaining(["--http-host=0.0.0.0", "--monitoring-host=0.0.0.0", "--rpc-host=127.0.0.1"]),
    );
  });
});
