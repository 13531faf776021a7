import { type Change, changes, contextOf, MULTIADDRESS, POD, usualArgs } from "./ethereum-args.fixture";
import { teku } from "./teku";

const MAINNET = "--checkpoint-sync-url=https://mainnet-checkpoint-sync.attestant.io";
const HOODI = "https://checkpoint-sync.hoodi.ethpandaops.io";

describe("teku's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(teku)).toBe(
      `--network=mainnet
--data-path=/srv/sample/nodes-0/data
--data-storage-mode=MINIMAL
--ee-endpoint=http://127.0.0.1:8551
--ee-jwt-secret-file=/srv/sample/nodes-0/shared/jwt.hex
${MAINNET}
--p2p-port=9000
--p2p-quic-port=9001
--rest-api-enabled=true
--rest-api-interface=127.0.0.1
--rest-api-port=5052
--rest-api-host-allowlist=localhost,127.0.0.1
--metrics-enabled=true
--metrics-interface=127.0.0.1
--metrics-port=8008
--metrics-host-allowlist=localhost,127.0.0.1
--log-destination=CONSOLE`,
    );
  });

  it.each<[string, Change, string[]]>([
    [
      "sepolia",
      { network: "sepolia" },
      [
        "- --network=mainnet",
        `- ${MAINNET}`,
        "+ --network=sepolia",
        "+ --checkpoint-sync-url=https://checkpoint-sync.sepolia.ethpandaops.io",
      ],
    ],
    [
      "hoodi",
      { network: "hoodi" },
      ["- --network=mainnet", `- ${MAINNET}`, "+ --network=hoodi", `+ --checkpoint-sync-url=${HOODI}`],
    ],
    ["an execution archive, whose beacon node is as usual", { kind: "archive" }, []],
    ["a mirror", { kind: "mirror" }, []],
    [
      "an archive of states, which has no checkpoint",
      { options: { beaconArchive: true } },
      [
        "- --data-storage-mode=MINIMAL",
        `- ${MAINNET}`,
        "+ --data-storage-mode=ARCHIVE",
        "+ --ignore-weak-subjectivity-period-enabled=true",
      ],
    ],
    [
      "a start from genesis on hoodi, whose first state is not in the program",
      { network: "hoodi", options: { checkpointSyncUrl: "genesis" } },
      [
        "- --network=mainnet",
        `- ${MAINNET}`,
        "+ --network=hoodi",
        `+ --initial-state=${HOODI}/eth/v2/debug/beacon/states/genesis`,
        "+ --ignore-weak-subjectivity-period-enabled=true",
      ],
    ],
    [
      "knobs, a known address and a peer",
      { options: { targetPeers: 50 }, announce: "203.0.113.9", peers: [MULTIADDRESS] },
      [
        "+ --p2p-advertised-ip=203.0.113.9",
        "+ --p2p-peer-lower-bound=40",
        "+ --p2p-peer-upper-bound=50",
        `+ --p2p-static-peers=${MULTIADDRESS}`,
      ],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(changes(teku, change)).toEqual(difference);
  });

  it("let every name in where it does not listen on loopback", () => {
    expect(teku.args(contextOf(teku, POD))).toEqual(
      expect.arrayContaining(["--rest-api-host-allowlist=*", "--metrics-host-allowlist=*"]),
    );
  });
});

describe("teku", () => {
  it.each([
    [{}, "-Xmx8192m"],
    [{ beaconHeapMiB: 4096 }, "-Xmx4096m"],
  ])("takes its heap from %j", (options, heap) => {
    expect(teku.env?.(contextOf(teku, { options }))).toEqual({ JAVA_OPTS: heap });
  });
});
