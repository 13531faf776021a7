import { didYouMean, suggest } from "./suggest";

const KNOWN = ["count", "kind", "options", "rpc"];

describe("suggest", () => {
  it.each([
    ["cuont", "count"],
    ["Kind", "kind"],
    ["option", "options"],
    ["rpcc", "rpc"],
    ["count", "count"],
  ])("takes %s for %s", (word, meant) => {
    expect(suggest(word, KNOWN)).toBe(meant);
  });

  it.each(["", "xy", "altogether", "constructor", "count".repeat(50_000)])(
    "has no idea what is meant otherwise",
    (word) => {
      expect(suggest(word, KNOWN)).toBeUndefined();
    },
  );

  it("takes the nearest, and the first by name among equals", () => {
    expect(suggest("nodeb", ["nodec", "nodea", "node"])).toBe("node");
    expect(suggest("xode", ["yode", "aode"])).toBe("aode");
  });

  it("never takes a word that shares nothing with it", () => {
    expect(suggest("ab", ["cd"])).toBeUndefined();
  });
});

describe("didYouMean", () => {
  it("is a clause, or nothing", () => {
    expect(didYouMean("cuont", KNOWN)).toBe('; did you mean "count"');
    expect(didYouMean("else", KNOWN)).toBe("");
  });
});
