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

  it("says of every forced point that nobody has opened it, how far ever it was proven", () => {
    for (const verification of [pointOf().verification, provenTo("exists"), provenTo("intact")]) {
      const forced = { ...sound, point: pointOf({ verification }), forceUnverified: true };
      expect(restoreProblems(forced)).toEqual({ problems: [], warnings: ["nobody has ever opened this point"] });
    }
  });

  it("says what a newer client makes of the data, and whether there is a way back", () => {
    const migrations = [
      { version: "0.38.0", oneWay: true, what: "old form" },
      { version: "0.39.0", oneWay: false, what: "new index" },
      { version: "1.0.0", oneWay: true, what: "new store" },
      { version: "2.0.0", oneWay: true, what: "yet to come" },
    ];
    const warnings = (version: string, from = point) =>
      restoreProblems({ ...sound, point: from, ...node({ processes: [{ ...process, version, migrations }] }) })
        .warnings;
    expect(warnings("0.38.19")).toEqual([]);
    expect(warnings("0.38.20")).toEqual(["rpc-0 runs cometbft 0.38.20, and the data is of 0.38.19"]);
    expect(warnings("1.0.0")).toEqual([
      "rpc-0 runs cometbft 1.0.0 and changes data of 0.38.19 to the form of 0.39.0 (new index)",
      "rpc-0 runs cometbft 1.0.0 and changes data of 0.38.19 to the form of 1.0.0 (new store), and there is no way back to 0.38.19",
    ]);
    const [wrote] = point.processes;
    const later = { ...point, processes: [{ ...(wrote as NonNullable<typeof wrote>), version: "0.39.0" }] };
    expect(warnings("0.39.1", later)).toEqual(["rpc-0 runs cometbft 0.39.1, and the data is of 0.39.0"]);
    expect(warnings("nightly")[0]).toContain("nobody can tell whether that is older than 0.38.19");
  });

  it("warns of a node that was killed for the point", () => {
    const crashed = { ...point, consistency: "crash-consistent" as const };
    expect(restoreProblems({ ...sound, point: crashed }).warnings[0]).toContain("may have to repair the database");
  });

  it("wants some room beside the copy, so that the node can go on writing", () => {
    const big = { ...point, sizeBytes: 10 * GIB };
    expect(codes({ point: big, ...live({ freeBytes: 10.2 * GIB }) })).toEqual(["RESTORE_NO_ROOM"]);
    expect(codes({ point: big, ...live({ freeBytes: 10.6 * GIB }) })).toEqual([]);
  });

  it("takes what nobody can tell for no contradiction", () => {
    expect(codes(live({ chainId: null, genesis: null, freeBytes: null }))).toEqual([]);
  });

  it("lets a validator that signed less than the point remembers go on", () => {
    for (const signedHeight of [90, 100, null]) {
      expect(codes({ ...validator, ...live({ signedHeight }), point: { ...point, signedHeight: 100 } })).toEqual([]);
    }
  });

  it("asks nobody for signatures who makes none", () => {
    const never = live({ signingStateMissing: true, signedHeight: 120 });
    expect(codes({ ...never, point: { ...point, signedHeight: 100 } })).toEqual([]);
  });

  it("compares every layer with the same layer of the point, and wants all of them", () => {
    const half = (layer: "execution" | "consensus", client: string, version: string) => ({
      name: `rpc-0-${layer}`,
      layer,
      client,
      version,
    });
    const pair = [half("execution", "geth", "1.17.5"), half("consensus", "lighthouse", "8.2.1")];
    const written = pair.map((p) => ({ ...(point.processes[0] as (typeof point.processes)[number]), ...p }));
    const whole = { ...point, lineage: "geth-lighthouse-full", processes: written };
    const runs = (processes: typeof pair) => node({ lineage: whole.lineage, processes });
    expect(codes({ point: whole, ...runs(pair) })).toEqual([]);
    expect(codes({ point: { ...whole, processes: written.slice(0, 1) }, ...runs(pair) })).toEqual(["RESTORE_LAYER"]);
    const older = [pair[0] as (typeof pair)[number], half("consensus", "lighthouse", "8.2.0")];
    expect(codes({ point: whole, ...runs(older) })).toEqual(["RESTORE_OLDER_CLIENT"]);
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
