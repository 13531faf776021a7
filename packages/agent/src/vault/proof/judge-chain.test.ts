import type { Testimony } from "@chainkeep/core";
import fc from "fast-check";
import { judgeChain } from "./judge-chain";

const said = (who: string, change: Partial<Testimony> = {}): Testimony => ({
  who,
  chainId: "7",
  genesis: "11",
  height: 100,
  hash: "aa",
  state: "bb",
  ...change,
});
const guest = said("guest");
const judge = (of: Testimony, witnesses: readonly Testimony[], record = {}) =>
  judgeChain({ guest: of, witnesses, least: 2, record });
const both = (change: Partial<Testimony> = {}) => [said("a", change), said("b", change)];

describe("judgeChain", () => {
  it("proves a copy that two nodes agree with in everything", () => {
    expect(judge(guest, both(), { chainId: "7", genesis: "11", blockHash: "aa", stateHash: "bb" })).toEqual({
      kind: "proven",
    });
  });

  it.each<[string, Partial<Testimony>, string]>([
    ["another chain id", { chainId: "8" }, "CHAIN_ID"],
    ["another first block", { genesis: "12", hash: "ab" }, "CHAIN_GENESIS"],
    ["another block at the height", { hash: "ab" }, "CHAIN_FORK"],
    ["another state at the same block", { state: "bc" }, "CHAIN_STATE"],
  ])("finds %s", (_, change, code) => {
    expect(judge(guest, both(change))).toMatchObject({ kind: "bad", code });
  });

  it("finds a block that is not there, and a record of other data", () => {
    expect(judge({ ...guest, hash: null, state: null }, both())).toMatchObject({ code: "CHAIN_BLOCK_MISSING" });
    expect(judge(guest, both(), { blockHash: "cc" })).toMatchObject({ kind: "bad", code: "RECORD_MISMATCH" });
    expect(judge(guest, both(), { chainId: "8" })).toMatchObject({ kind: "bad", code: "CHAIN_ID" });
  });

  it("finds another chain by its first block where nobody has the block itself", () => {
    const witnesses = both({ hash: null, state: null, genesis: "12" });
    expect(judge(guest, witnesses)).toMatchObject({ kind: "bad", code: "CHAIN_GENESIS" });
  });

  it("does not decide with fewer than two who tell the block, for or against", () => {
    const pruned = said("b", { hash: null, state: null });
    for (const one of [said("a"), said("a", { hash: "ab" })]) {
      expect(judge(guest, [one, pruned])).toMatchObject({ kind: "undecided", code: "PROOF_FEW_WITNESSES" });
    }
    expect(judge(guest, [])).toMatchObject({ code: "PROOF_FEW_WITNESSES", text: expect.stringContaining("nobody") });
  });

  it("does not decide when witnesses are against each other, and goes with a clear majority", () => {
    const other = { hash: "ab", state: "bc" };
    expect(judge(guest, [said("a"), said("b", other)])).toMatchObject({ code: "PROOF_WITNESSES_DISAGREE" });
    expect(judge(guest, [...both(), said("c", other)])).toEqual({ kind: "proven" });
    expect(judge(guest, [...both(other), said("c")])).toMatchObject({ kind: "bad", code: "CHAIN_FORK" });
  });

  it("holds nothing against a copy that a client does not tell", () => {
    const silent = said("guest", { state: null, genesis: null, chainId: null });
    expect(judge(silent, both(), { stateHash: "bb", genesis: "11" })).toEqual({ kind: "proven" });
  });

  it("never calls a copy bad that most witnesses agree with, and never proves one that most contradict", () => {
    const witness = fc.record({ hash: fc.constantFrom("aa", "ab", "ac", null), state: fc.constantFrom("bb", null) });
    fc.assert(
      fc.property(fc.array(witness, { maxLength: 8 }), (witnesses) => {
        const told = witnesses.map((w, i) => said(`w${i}`, w));
        const alike = told.filter((w) => w.hash === "aa").length;
        const unlike = told.filter((w) => w.hash !== null && w.hash !== "aa").length;
        const { kind } = judge(guest, told);
        if (alike > unlike) expect(kind).not.toBe("bad");
        if (unlike >= alike && unlike > 0) expect(kind === "proven" && alike < 2).toBe(false);
        if (alike < 2) expect(kind).not.toBe("proven");
      }),
    );
  });
});
