import { judgeProgress, type ProgressSample } from "./judge-progress";

const sample = (at: number, guest: number, network: number | undefined, change: Partial<ProgressSample> = {}) => ({
  at,
  guest,
  network,
  peers: 3,
  halted: false,
  ...change,
});
const judge = (...samples: ProgressSample[]) =>
  judgeProgress({
    opened: 100,
    samples,
    least: 3,
    maxLagBlocks: 2,
    times: { stall: 60, quiet: 120 },
    limit: 600,
  });

describe("judgeProgress", () => {
  it("proves a guest that has imported three blocks and is at the head", () => {
    expect(judge(sample(0, 100, 200), sample(10, 199, 201))).toEqual({ kind: "proven" });
  });

  it("goes on while it is behind, and while it has imported too few", () => {
    expect(judge(sample(0, 100, 200), sample(10, 150, 201))).toBeUndefined();
    expect(judge(sample(0, 100, 101), sample(10, 102, 102))).toBeUndefined();
  });

  it("holds it against a guest with peers that it stands while the network goes on", () => {
    const stands = judge(sample(0, 100, 200), sample(59, 100, 259));
    expect(stands).toBeUndefined();
    expect(judge(sample(0, 100, 200), sample(60, 100, 260))).toMatchObject({ kind: "bad", code: "PROGRESS_STALLED" });
    // Also one that had begun well.
    expect(judge(sample(0, 100, 200), sample(9, 150, 201), sample(70, 150, 270))).toMatchObject({ kind: "bad" });
  });

  it("does not hold it against one that never had a peer", () => {
    const alone = { peers: 0 };
    const [first, last] = [sample(0, 100, 200, alone), sample(60, 100, 260, alone)];
    expect(judge(first, last)).toMatchObject({ kind: "undecided", code: "PROOF_NO_PEERS" });
    expect(judge(first, sample(5, 100, 205), last)).toMatchObject({ kind: "bad" });
  });

  it("does not decide on a network that makes no blocks, or that nobody tells of", () => {
    const halted = { halted: true };
    expect(
      judge(sample(0, 100, 101, halted), sample(5, 101, 101, halted), sample(130, 101, 101, halted)),
    ).toMatchObject({ kind: "undecided", code: "PROOF_HALTED" });
    expect(judge(sample(0, 100, undefined), sample(130, 100, undefined))).toMatchObject({ code: "PROOF_NO_NETWORK" });
  });

  it("does not hold it against the point that this machine is slow", () => {
    expect(judge(sample(0, 100, 2000), sample(590, 690, 2590), sample(601, 701, 2601))).toMatchObject({
      kind: "undecided",
      code: "PROOF_SLOW",
    });
  });
});
