import { type Change, changes, MULTIADDRESS, refusals, usualArgs } from "./ethereum-args.fixture";
import { nimbus } from "./nimbus";

const ROOT = `0x${"4d".repeat(32)}`;

describe("nimbus' arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(nimbus)).toBe(
      `--network=mainnet
--data-dir=/srv/sample/nodes-0/data
--non-interactive
--status-bar=false
--el=http://127.0.0.1:8551
--jwt-secret=/srv/sample/nodes-0/shared/jwt.hex
--history=prune
--tcp-port=9000
--udp-port=9000
--nat=none
--enr-auto-update=true
--rest
--rest-address=127.0.0.1
--rest-port=5052
--metrics
--metrics-address=127.0.0.1
--metrics-port=8008`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --network=mainnet", "+ --network=sepolia"]],
    ["hoodi", { network: "hoodi" }, ["- --network=mainnet", "+ --network=hoodi"]],
    ["an execution archive, whose beacon node is as usual", { kind: "archive" }, []],
    ["a mirror", { kind: "mirror" }, []],
    ["an archive of states", { options: { beaconArchive: true } }, ["- --history=prune", "+ --history=archive"]],
    [
      "a trusted block",
      { network: "sepolia", options: { trustedBlockRoot: ROOT } },
      [
        "- --network=mainnet",
        "+ --network=sepolia",
        "+ --external-beacon-api-url=https://checkpoint-sync.sepolia.ethpandaops.io",
        `+ --trusted-block-root=${ROOT}`,
      ],
    ],
    ["a trusted block but no server", { options: { trustedBlockRoot: ROOT, checkpointSyncUrl: "genesis" } }, []],
    [
      "knobs, a known address and a peer",
      { options: { targetPeers: 90 }, announce: "203.0.113.9", peers: [MULTIADDRESS] },
      [
        "- --nat=none",
        "- --enr-auto-update=true",
        "+ --nat=extip:203.0.113.9",
        "+ --max-peers=90",
        `+ --direct-peer=${MULTIADDRESS}`,
      ],
    ],
  ])("of %s", (_name, change, difference) => {
    expect(changes(nimbus, change)).toEqual(difference);
  });
});

describe("nimbus refuses", () => {
  it.each([["0x12"], [ROOT.slice(2)], [`${ROOT} --rest-address=0.0.0.0`]])("%j as a block root", (root) => {
    expect(refusals(nimbus, { options: { trustedBlockRoot: root } })).toEqual(["options.trustedBlockRoot BLOCK_ROOT"]);
  });

  it("nothing of a proper one", () => {
    expect(refusals(nimbus, { options: { trustedBlockRoot: ROOT.toUpperCase().replace("0X", "0x") } })).toEqual([]);
  });
});
