import { type CandidateCase, type CandidateNode, pickCandidate } from "./candidate";

const node = (name: string, change: Partial<CandidateNode> = {}): CandidateNode => ({
  name,
  group: name.replace(/-\d+$/, ""),
  kind: name.startsWith("mirror") ? "mirror" : "full",
  ready: true,
  alive: true,
  serves: !name.startsWith("mirror"),
  reasons: [],
  ...change,
});
const syncing = { ready: false, reasons: [{ code: "SYNCING", text: "catching up" }] };
function pick(nodes: readonly CandidateNode[], change: Partial<CandidateCase> = {}): string {
  const sources = ["mirror-0", "rpc-0", "rpc-1"];
  const found = pickCandidate({ sources, nodes, minReady: 1, halted: false, manual: false, ...change });
  return "node" in found ? found.node : found.skip.code;
}
const [mirror, rpc0, rpc1] = [node("mirror-0"), node("rpc-0"), node("rpc-1")];

describe("pickCandidate", () => {
  it("takes mirrors first, and a serving node only while another one stays ready", () => {
    expect(pick([mirror, rpc0, rpc1])).toBe("mirror-0");
    expect(pick([node("mirror-0", syncing), rpc0, rpc1])).toBe("rpc-0");
    expect(pick([node("mirror-0", syncing), node("rpc-0", syncing), rpc1])).toBe("CANDIDATE_NOT_READY");
  });

  it("never takes the last one that serves, and says what would help", () => {
    expect(pick([rpc0], { sources: ["rpc-0"] })).toBe("CANDIDATE_LAST");
    expect(pick([rpc0, rpc1], { sources: ["rpc-0"], minReady: 2 })).toBe("CANDIDATE_LAST");
    const found = pickCandidate({ sources: ["rpc-0"], nodes: [rpc0], minReady: 1, halted: false, manual: true });
    expect("skip" in found && found.skip.text).toContain("add a mirror");
  });

  it("takes no node that is not ready for a reason that nobody tells", () => {
    expect(pick([node("mirror-0", { ready: false })], { sources: ["mirror-0"] })).toBe("CANDIDATE_NOT_READY");
    const halted = { halted: true, manual: true, sources: ["mirror-0"] };
    expect(pick([node("mirror-0", { ready: false })], halted)).toBe("CANDIDATE_NOT_READY");
    expect(pick([node("mirror-0", { ...syncing })], halted)).toBe("CANDIDATE_NOT_READY");
  });

  it("counts neither nodes that are not ready nor those that something is being done with as ones that stay", () => {
    const sources = ["rpc-0"];
    expect(pick([rpc0, node("rpc-1", { busy: "is being restored" })], { sources })).toBe("CANDIDATE_LAST");
    expect(pick([rpc0, node("rpc-1", syncing)], { sources })).toBe("CANDIDATE_LAST");
    expect(pick([rpc0, node("api-0")], { sources })).toBe("CANDIDATE_LAST");
    expect(pick([rpc0, rpc1], { sources })).toBe("rpc-0");
  });

  it("says for every node why it was passed over", () => {
    const found = pickCandidate({
      sources: ["mirror-0", "rpc-0"],
      nodes: [node("mirror-0", syncing), rpc0],
      minReady: 1,
      halted: false,
      manual: false,
    });
    expect("skip" in found && found.skip.perNode).toEqual([
      { node: "mirror-0", code: "CANDIDATE_NOT_READY", text: expect.stringContaining("catching up") },
      { node: "rpc-0", code: "CANDIDATE_LAST", text: expect.stringContaining("add a mirror") },
    ]);
  });

  it("suggests the node that was probably meant", () => {
    const sources = ["mirror-0"];
    const found = pickCandidate({
      sources,
      nodes: [mirror],
      minReady: 1,
      wished: "miror-0",
      halted: false,
      manual: true,
    });
    expect("skip" in found && found.skip.text).toContain('did you mean "mirror-0"');
  });

  it("takes a promoted mirror for a node that serves", () => {
    const promoted = node("mirror-0", { serves: true, group: "rpc" });
    expect(pick([promoted, node("rpc-0", syncing)], { sources: ["mirror-0"] })).toBe("CANDIDATE_LAST");
  });

  it("never takes validators, dead, busy or unknown nodes, also when they are asked for", () => {
    const validator = node("val-0", { kind: "validator" });
    expect(pick([validator, mirror], { wished: "val-0" })).toBe("CANDIDATE_KIND");
    expect(pick([validator], { sources: ["val-0"] })).toBe("CANDIDATE_KIND");
    expect(pick([rpc0, rpc1, mirror], { sources: ["mirror-0"], wished: "rpc-0" })).toBe("CANDIDATE_KIND");
    expect(pick([mirror], { wished: "nobody" })).toBe("CANDIDATE_UNKNOWN");
    expect(pick([node("mirror-0", { alive: false })], { wished: "mirror-0" })).toBe("CANDIDATE_DOWN");
    expect(pick([node("mirror-0", { busy: "is being restored" })], { wished: "mirror-0" })).toBe("CANDIDATE_BUSY");
  });

  it("leaves a halted network alone, unless a person asks", () => {
    const old = node("mirror-0", { ready: false, reasons: [{ code: "HEAD_OLD", text: "old" }] });
    expect(pick([old], { halted: true })).toBe("CANDIDATE_HALTED");
    expect(pick([old], { halted: true, manual: true })).toBe("mirror-0");
  });
});
