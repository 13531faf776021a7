import { cometbft as client } from "./cometbft";
import { cometbft } from "./cometbft-protocol";
import { gaiad } from "./gaiad";
import { sampleContext } from "./sample-context";
import type { Kind, ProcessContext } from "./types";

const HASH = "AB".repeat(32);

function context(kind: Kind, change: Partial<ProcessContext> = {}): ProcessContext {
  return sampleContext(cometbft, gaiad, kind, "cosmoshub", { home: "/srv/rpc-0", siblings: [], ...change });
}

function config(kind: Kind, change: Partial<ProcessContext> = {}): string {
  const files = gaiad.files?.(context(kind, change)) ?? [];
  expect(files.map((f) => f.path)).toEqual(["config/config.toml"]);
  return files[0]?.content ?? "";
}

const codes = (ctx: ProcessContext) => (gaiad.check?.(ctx) ?? []).map((p) => [p.path, p.code]);
const pruned = (keep: number) => [
  "--pruning=custom",
  `--pruning-keep-recent=${keep}`,
  "--pruning-interval=10",
  "--min-retain-blocks=0",
];
const everything = ["--pruning=nothing", "--min-retain-blocks=0"];
const apis = [
  "--api.enable=true",
  "--api.address=tcp://127.0.0.1:1317",
  "--grpc.enable=true",
  "--grpc.address=127.0.0.1:9090",
];
const closed = ["--api.enable=false", "--grpc.enable=false"];

describe("gaiad", () => {
  it.each<[Kind, string[], string[]]>([
    ["full", pruned(100), apis],
    ["archive", everything, apis],
    ["mirror", pruned(362_880), closed],
    ["validator", pruned(100), closed],
    ["sentry", pruned(100), closed],
    ["seed", pruned(100), closed],
  ])("starts a %s node with these words", (kind, states, services) => {
    expect(gaiad.args(context(kind))).toEqual([
      ...["start", "--home", "/srv/rpc-0", "--minimum-gas-prices=0.005uatom"],
      ...states,
      "--state-sync.snapshot-interval=0",
      ...services,
      "--grpc-web.enable=false",
    ]);
  });

  it("passes every setting on", () => {
    const options = {
      minimumGasPrices: "0.025uatom",
      pruningKeepRecent: 500,
      pruningInterval: 20,
      minRetainBlocks: 1000,
      snapshotInterval: 2000,
      stateSyncRpcServers: "https://a.example:443, https://b.example:443",
      trustHeight: 28_000_000,
      trustHash: HASH,
      privatePeerIds: "aa,bb",
      privValidatorLaddr: "tcp://0.0.0.0:26659",
      logLevel: "error",
    };
    expect(Object.keys(options).sort()).toEqual(Object.keys(gaiad.options ?? {}).sort());
    const words = gaiad.args(context("full", { options }));
    for (const word of ["--minimum-gas-prices=0.025uatom", "--pruning-keep-recent=500", "--pruning-interval=20"]) {
      expect(words).toContain(word);
    }
    expect(words).toContain("--min-retain-blocks=1000");
    expect(words).toContain("--state-sync.snapshot-interval=2000");
    const text = config("full", { options, announce: "203.0.113.7", peers: [`${"0a".repeat(20)}@p.example:1`] });
    for (const line of [
      'rpc_servers = "https://a.example:443,https://b.example:443"',
      "trust_height = 28000000",
      `trust_hash = "${HASH}"`,
      'private_peer_ids = "aa,bb"',
      'unconditional_peer_ids = "aa,bb"',
      'priv_validator_laddr = "tcp://0.0.0.0:26659"',
      'log_level = "error"',
      'external_address = "203.0.113.7:26656"',
      `persistent_peers = "${"0a".repeat(20)}@p.example:1"`,
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(codes(context("full", { options }))).toEqual([]);
  });

  it("finds the network by seeds, and shows metrics under the usual names", () => {
    const text = config("full");
    expect(text).toMatch(/^seeds = "([0-9a-f]{40}@[a-z.]+:\d+,?){2,}"$/m);
    expect(text).toContain('timeout_commit = "5000ms"\n');
    expect(text).toContain('namespace = "cometbft"\n');
    expect(text).toContain("addr_book_strict = true\n");
  });

  it("knows the fourth Hub by its own first block, which came after those of the third", () => {
    const first = "/blockchain?minHeight=5200791&maxHeight=5200791";
    expect(gaiad.health.proof?.genesis?.request).toEqual({ get: first });
    expect(gaiad.health.proof?.block).toEqual(client.health.proof?.block);
  });

  it("keeps a validator behind its sentries, which the user has to name", () => {
    const siblings = [{ node: "gate-0", group: "gate", kind: "sentry" as const, host: "gate-0", ports: {} }];
    expect(codes(context("validator", { siblings }))).toEqual([["peers", "SENTRY_PEERS"]]);
    expect(codes(context("validator"))).toEqual([]);
    const peers = [`${"0a".repeat(20)}@gate-0:26656`];
    expect(codes(context("validator", { siblings, peers }))).toEqual([]);
    const text = config("validator", { siblings, peers });
    expect(text).toContain("pex = false\n");
    expect(text).toContain('seeds = ""\n');
  });

  it("refuses half a state sync, and an archive with holes", () => {
    const stateSyncRpcServers = "https://a.example:443";
    expect(codes(context("full", { options: { stateSyncRpcServers } }))).toEqual([
      ["options.stateSyncRpcServers", "STATE_SYNC_SERVERS"],
      ["options.trustHeight", "TRUST_MISSING"],
      ["options.trustHash", "TRUST_MISSING"],
    ]);
    const options = { pruningKeepRecent: 100, minRetainBlocks: 0 };
    expect(codes(context("archive", { options }))).toEqual([["options.pruningKeepRecent", "ARCHIVE_PRUNED"]]);
  });
});
