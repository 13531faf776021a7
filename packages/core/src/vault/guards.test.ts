import { type RestoreFacts, restoreProblems } from "./guards";
import { badAt, pointOf, provenTo } from "./point.fixture";
import { compareVersions } from "./versions";

const GIB = 2 ** 30;
const process = { name: "rpc-0", layer: "node", client: "cometbft", version: "0.38.19" } as const;
const point = pointOf({ verification: provenTo("chain") });
const sound: RestoreFacts = {
  point,
  node: { name: "rpc-0", kind: "full", lineage: "cometbft-full", processes: [process] },
  live: { chainId: "dev-1", genesis: point.genesis, signedHeight: null, signingStateMissing: false, freeBytes: GIB },
  forceUnverified: false,
};
const codes = (change: Partial<RestoreFacts>) => restoreProblems({ ...sound, ...change }).problems.map((p) => p.code);
const live = (change: Partial<RestoreFacts["live"]>) => ({ live: { ...sound.live, ...change } });
const node = (change: Partial<RestoreFacts["node"]>) => ({ node: { ...sound.node, ...change } });
const validator = node({ kind: "validator" });

describe("restoreProblems", () => {
  it("lets a sound restore through, without a word", () => {
    expect(restoreProblems(sound)).toEqual({ problems: [], warnings: [] });
  });

  it.each<[string, Partial<RestoreFacts>, string]>([
    ["another chain", live({ chainId: "dev-2" }), "RESTORE_CHAIN"],
    ["another chain of the same id", live({ genesis: "99".repeat(32) }), "RESTORE_GENESIS"],
    ["data of another depth", node({ lineage: "cometbft-archive" }), "RESTORE_LINEAGE"],
    ["an older client", node({ processes: [{ ...process, version: "0.38.2" }] }), "RESTORE_OLDER_CLIENT"],
    ["another client", node({ processes: [{ ...process, client: "gaiad" }] }), "RESTORE_CLIENT"],
    ["no proof against keys", { point: { ...point, keys: { ...point.keys, filesSeen: 0 } } }, "RESTORE_KEYS"],
    ["a point nobody opened", { point: pointOf() }, "RESTORE_UNVERIFIED"],
    ["a point that is only intact", { point: pointOf({ verification: provenTo("intact") }) }, "RESTORE_UNVERIFIED"],
    ["a bad point", { point: pointOf({ verification: badAt("chain") }) }, "RESTORE_BAD_POINT"],
    ["too little room", live({ freeBytes: 1_000_000 }), "RESTORE_NO_ROOM"],
    ["a validator without memory", { ...validator, ...live({ signingStateMissing: true }) }, "RESTORE_SIGNING_STATE"],
    [
      "a validator whose memory would go back",
      { ...validator, ...live({ signedHeight: 120 }), point: { ...point, signedHeight: 100 } },
      "RESTORE_SIGNING_STATE",
    ],
  ])("refuses %s", (_, change, code) => {
    expect(codes(change)).toEqual([code]);
  });

  it("tells everything at once", () => {
    expect(codes({ ...live({ chainId: "x", freeBytes: 1 }), point: pointOf() })).toEqual([
      "RESTORE_CHAIN",
      "RESTORE_UNVERIFIED",
      "RESTORE_NO_ROOM",
    ]);
  });

  it("takes unverified and bad points when it is forced, and says what that means; nothing else can be forced", () => {
    const bad = pointOf({ verification: badAt("chain") });
    expect(restoreProblems({ ...sound, point: bad, forceUnverified: true })).toEqual({
      problems: [],
      warnings: ["the point failed its proof at chain: is on a fork"],
    });
    expect(codes({ ...live({ chainId: "x" }), forceUnverified: true })).toEqual(["RESTORE_CHAIN"]);
  });

  it("takes what nobody can tell for no contradiction", () => {
    expect(codes(live({ chainId: null, genesis: null, freeBytes: null }))).toEqual([]);
  });

  it("lets a validator that signed less than the point remembers go on", () => {
    expect(codes({ ...validator, ...live({ signedHeight: 90 }), point: { ...point, signedHeight: 100 } })).toEqual([]);
  });
});

describe("compareVersions", () => {
  it.each([
    ["1.10.0", "1.9.9", 1],
    ["v1.17.5-stable", "1.17.5", 0],
    ["0.38", "0.38.0", 0],
    ["1.2.3-rc1", "1.2.3", -1],
    ["none", "1", undefined],
  ])("%s against %s is %p", (a, b, sign) => {
    const got = compareVersions(a, b);
    expect(got === undefined ? undefined : Math.sign(got)).toBe(sign);
  });
});
