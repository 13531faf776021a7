import {
  type Change,
  CONTAINER,
  changes,
  contextOf,
  ENODE,
  MULTIADDRESS,
  POD,
  refusals,
  usualArgs,
} from "./ethereum-args.fixture";
import { geth } from "./geth";

const ARCHIVE = ["+ --syncmode=full", "+ --gcmode=archive", "+ --history.logs=0"];
const PATH_ARCHIVE = [...ARCHIVE, "+ --state.scheme=path", "+ --history.state=0"];
const NO_WEBSOCKET = ["- --ws", "- --ws.addr=127.0.0.1", "- --ws.port=8546", "- --ws.api=eth,net,web3"];

describe("geth's arguments", () => {
  it("of a full mainnet node on loopback", () => {
    expect(usualArgs(geth)).toBe(
      `--mainnet
--datadir=/srv/sample/nodes-0/data
--port=30303
--discovery.port=30303
--nat=none
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
--ws.addr=127.0.0.1
--ws.port=8546
--ws.api=eth,net,web3
--ipcdisable
--metrics
--metrics.addr=127.0.0.1
--metrics.port=6060`,
    );
  });

  it.each<[string, Change, string[]]>([
    ["sepolia", { network: "sepolia" }, ["- --mainnet", "+ --sepolia"]],
    ["hoodi", { network: "hoodi" }, ["- --mainnet", "+ --hoodi"]],
    ["an archive", { kind: "archive" }, PATH_ARCHIVE],
    ["an archive of hoodi", { kind: "archive", network: "hoodi" }, ["- --mainnet", "+ --hoodi", ...PATH_ARCHIVE]],
    [
      "an archive with proofs",
      { kind: "archive", options: { historicProofs: true } },
      [...PATH_ARCHIVE, "+ --history.trienode=0"],
    ],
    [
      "an archive by hash",
      { kind: "archive", options: { stateScheme: "hash" } },
      [...ARCHIVE, "+ --state.scheme=hash"],
    ],
    ["a mirror, which serves nobody", { kind: "mirror" }, NO_WEBSOCKET],
    [
      "knobs",
      { options: { cacheMiB: 8192, memoryLimitMiB: 14336, maxPeers: 25, historyChain: "postmerge" } },
      ["+ --maxpeers=25", "+ --cache=8192", "+ --memorylimit=14336", "+ --history.chain=postmerge"],
    ],
    [
      "more namespaces",
      { options: { httpApi: " txpool, eth" } },
      [
        "- --http.api=eth,net,web3",
        "- --ws.api=eth,net,web3",
        "+ --http.api=eth,net,web3,txpool",
        "+ --ws.api=eth,net,web3,txpool",
      ],
    ],
    ["a known address", { announce: "203.0.113.9" }, ["- --nat=none", "+ --nat=extip:203.0.113.9"]],
    ["an address that is a name, which geth cannot take", { announce: "node.example.org" }, []],
    ["an enode to dial", { peers: [ENODE] }, ["+ --config=/srv/sample/nodes-0/geth.toml"]],
    ["a peer of the other layer", { peers: [MULTIADDRESS] }, []],
  ])("of %s", (_name, change, difference) => {
    expect(changes(geth, change)).toEqual(difference);
  });

  it("keep the engine API on loopback in a pod while RPC opens up", () => {
    const args = geth.args(contextOf(geth, POD));
    expect(args).toEqual(
      expect.arrayContaining([
        "--http.addr=0.0.0.0",
        "--http.vhosts=*",
        "--ws.addr=0.0.0.0",
        "--metrics.addr=0.0.0.0",
        "--authrpc.addr=127.0.0.1",
        "--authrpc.vhosts=localhost,127.0.0.1",
        "--datadir=/data/execution/data",
        "--authrpc.jwtsecret=/data/shared/jwt.hex",
      ]),
    );
  });

  it("let the consensus client in by name where it is another container", () => {
    const args = geth.args(contextOf(geth, CONTAINER));
    expect(args).toEqual(
      expect.arrayContaining(["--authrpc.addr=0.0.0.0", "--authrpc.vhosts=localhost,127.0.0.1,rpc-0"]),
    );
  });
});

describe("geth's static peers", () => {
  it("go into a file, for there is no flag", () => {
    const files = geth.files?.(contextOf(geth, { peers: [MULTIADDRESS, ENODE] }));
    expect(files).toEqual([{ path: "geth.toml", content: `[Node.P2P]\nStaticNodes = ["${ENODE}"]\n` }]);
    expect(geth.files?.(contextOf(geth))).toEqual([]);
  });
});

describe("geth refuses", () => {
  it.each<[string, Change, string[]]>([
    ["nothing usual", {}, []],
    ["nothing of an archive's own", { kind: "archive", options: { stateScheme: "path", historicProofs: true } }, []],
    [
      "an archive's options on a full node",
      { options: { historicProofs: true } },
      ["options.historicProofs OPTION_KIND"],
    ],
    ["a state layout on a full node", { options: { stateScheme: "hash" } }, ["options.stateScheme OPTION_KIND"]],
    [
      "pruned history on an archive",
      { kind: "archive", options: { historyChain: "postprague" } },
      ["options.historyChain OPTION_KIND"],
    ],
    [
      "proofs twice",
      { kind: "archive", options: { stateScheme: "hash", historicProofs: true } },
      ["options.historicProofs OPTION_KIND"],
    ],
    [
      "history after the merge where there is none before",
      { network: "hoodi", options: { historyChain: "postmerge" } },
      ["options.historyChain OPTION_KIND"],
    ],
  ])("%s", (_name, change, problems) => {
    expect(refusals(geth, change)).toEqual(problems);
  });
});
