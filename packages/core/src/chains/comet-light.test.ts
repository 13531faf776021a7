import { requestsBefore } from "../health/placeholders";
import { privateCluster } from "./comet-cluster.fixture";
import { cometLight, lightSources } from "./comet-light";
import { cometbft } from "./cometbft-protocol";
import { sampleContext } from "./sample-context";
import type { Kind, ProcessContext, SiblingAddress } from "./types";

const sibling = (node: string, kind: Kind): SiblingAddress => ({
  node,
  group: node.replace(/-\d+$/, ""),
  kind,
  host: node,
  ports: { p2p: 26656, rpc: 26657 },
});
const url = (node: string) => `http://${node}:26657`;

function context(network: string, siblings: readonly SiblingAddress[], change: Partial<ProcessContext> = {}) {
  const home = "/srv/lite-0";
  return sampleContext(cometbft, cometLight, "light", network, { home, siblings, chainId: "devnet-7", ...change });
}

const four = [
  sibling("rpc-0", "full"),
  sibling("rpc-1", "full"),
  sibling("val-0", "validator"),
  sibling("val-1", "validator"),
];
const HASH = "ab".repeat(32);
const codes = (ctx: ProcessContext) => (cometLight.check?.(ctx) ?? []).map((p) => [p.path, p.code]);

describe("the light proxy", () => {
  it("starts with these words on a private network, after its trusted block was asked for", () => {
    const ctx = context("private", four);
    expect(cometLight.args(ctx)).toEqual([
      "light",
      "devnet-7",
      "--primary=http://rpc-0:26657",
      "--witnesses=http://val-0:26657,http://val-1:26657,http://rpc-1:26657",
      "--laddr=tcp://127.0.0.1:8888",
      "--home-dir=/srv/lite-0",
      "--trusting-period=876000h",
    ]);
    expect(cometLight.prepare?.(ctx)).toEqual([
      {
        agent: [
          ...["light-trust", "--rpc", url("rpc-0")],
          ...["--witness", url("val-0"), "--witness", url("val-1"), "--witness", url("rpc-1")],
          ...["--home", "/srv/lite-0", "--chain-id", "devnet-7", "--args-file", "trust.args"],
        ],
        argsFile: "trust.args",
      },
    ]);
  });

  it("starts from the block that the user trusts on a public one", () => {
    const options = { trustHeight: 28_000_000, trustHash: HASH, trustingPeriodHours: 100 };
    const ctx = context("cosmoshub", four, { chainId: "cosmoshub-4", options });
    expect(cometLight.args(ctx)).toContain("--trusting-period=100h");
    expect(cometLight.args({ ...ctx, options: {} })).toContain("--trusting-period=168h");
    expect(cometLight.prepare?.(ctx)[0]?.agent.slice(-4)).toEqual(["--height", "28000000", "--hash", HASH]);
    expect(codes(ctx)).toEqual([]);
  });

  it("is refused on a public network without a block that the user trusts", () => {
    expect(codes(context("cosmoshub", four))).toEqual([
      ["options.trustHeight", "TRUST_MISSING"],
      ["options.trustHash", "TRUST_MISSING"],
    ]);
    const options = { trustHeight: 5, trustHash: "abc" };
    expect(codes(context("cosmoshub", four, { options }))).toEqual([["options.trustHash", "TRUST_HASH_FORM"]]);
    expect(codes(context("private", four, { options: { trustHeight: 5 } }))).toEqual([
      ["options.trustHash", "TRUST_MISSING"],
    ]);
    expect(codes(context("private", four))).toEqual([]);
  });

  it("is refused when nobody could contradict its primary", () => {
    expect(codes(context("private", [sibling("val-0", "validator")]))).toEqual([["peers", "LIGHT_SOURCES"]]);
    expect(codes(context("private", []))).toEqual([["peers", "LIGHT_SOURCES"]]);
    expect(codes(context("private", [sibling("val-0", "validator")], { peers: ["https://rpc.example"] }))).toEqual([]);
    expect(codes(context("private", four, { peers: ["rpc.example:26657"] }))).toEqual([
      ["peers[0]", "LIGHT_PEER_FORM"],
    ]);
  });

  it("asks sentries rather than the validators behind them, and mirrors before either", () => {
    const gated = [sibling("backup-0", "mirror"), sibling("gate-0", "sentry"), sibling("val-0", "validator")];
    expect(lightSources(context("private", gated))).toEqual({ primary: url("backup-0"), witnesses: [url("gate-0")] });
  });

  it("takes the user's own addresses as witnesses first, each once and three at most", () => {
    const peers = [
      "https://a.example",
      "https://a.example",
      "https://b.example",
      "https://c.example",
      "https://d.example",
    ];
    const { primary, witnesses } = lightSources(context("cosmoshub", four, { peers }));
    expect(primary).toBe(url("rpc-0"));
    expect(witnesses).toEqual(["https://a.example", "https://b.example", "https://c.example"]);
    const alone = lightSources(context("cosmoshub", [], { peers }));
    expect(alone).toEqual({
      primary: "https://a.example",
      witnesses: ["https://b.example", "https://c.example", "https://d.example"],
    });
  });

  it("is not asked by nor does it ask other light proxies", () => {
    const sources = lightSources(context("private", [sibling("lite-1", "light"), ...four]));
    expect([sources.primary, ...sources.witnesses]).not.toContain(url("lite-1"));
  });

  it("keeps its sources when a full node joins a group later", () => {
    const argsOf = (count: number) => {
      const plan = privateCluster({ val: ["validator", 4], rpc: ["full", count], lite: ["light", 1] });
      return plan.nodes.find((n) => n.name === "lite-0")?.processes[0]?.args;
    };
    expect(argsOf(3)).toEqual(argsOf(2));
    expect(argsOf(3)?.join(" ")).toContain("--primary=http://rpc-0.demo:26657");
  });

  it("has its height from the primary and its proof from the block below", () => {
    expect(requestsBefore(cometLight.health, "commit")).toEqual([cometLight.health.head.height.from]);
    expect(cometLight.health.countsPeers).toBe(false);
  });
});
