import { codesIn, explanationProblems } from "../../scripts/docs/error-codes";
import { docsProblems } from "../../scripts/docs/pages";
import { difference, table, withSections } from "../../scripts/docs/sections";

describe("docs", () => {
  it("are as their sources say, and explain every code, alert and reason", () => {
    expect(docsProblems().join("\n")).toBe("");
  });
});

describe("generated sections", () => {
  const page = "# Title\n\n<!-- generated:a -->\nold\n<!-- /generated -->\n\nhand-written\n";

  it("are written anew; what a person wrote stays", () => {
    const fresh = withSections(page, { a: "new" });
    expect(fresh).toBe("# Title\n\n<!-- generated:a -->\n\nnew\n\n<!-- /generated -->\n\nhand-written\n");
    expect(withSections(fresh, { a: "new" })).toBe(fresh);
  });

  it("are taken as they are, whatever characters they hold", () => {
    expect(withSections(page, { a: "$1 $& $$" })).toContain("$1 $& $$");
  });

  it.each([
    [page, { a: "x", b: "y" }, "no place for b"],
    [page, {}, "nothing generates a"],
    [page.replace("<!-- /generated -->", ""), { a: "x" }, "is not closed"],
  ])("refuse a page whose places do not fit", (text, sections, problem) => {
    expect(() => withSections(text, sections)).toThrow(problem);
  });
});

describe("a drift", () => {
  it("is told as the lines that differ", () => {
    expect(difference("a\nb\nc\n", "a\nx\ny\nc\n")).toBe("@@ line 2 @@\n- b\n+ x\n+ y");
    expect(difference("a\n", "a\nb\n")).toBe("@@ line 2 @@\n+ b");
    expect(difference("a\nb\n", "a\n")).toBe("@@ line 2 @@\n- b");
    expect(difference("a\n", "a\n")).toBeUndefined();
  });

  it("is cut where it is long", () => {
    const long = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
    expect(difference("", long)).toContain("+ ... 12 more lines");
  });
});

describe("a table", () => {
  it("survives bars and line breaks in its cells", () => {
    expect(table(["A"], [["a | b\nc"]])).toBe("| A |\n|---|\n| a \\| b c |");
  });
});

describe("error codes", () => {
  const find = (text: string) => codesIn([{ file: "a.ts", text }]).map((c) => c.code);

  it.each([
    ['const p = { path: "x", message: "m", code: "COUNT_RANGE" };', ["COUNT_RANGE"]],
    ['const p = { code: bad ? "ONE_THING" : "OTHER_THING" };', ["ONE_THING", "OTHER_THING"]],
    ['refuse("x", "BAD_TEXT");', ["BAD_TEXT"]],
    ['for (const [field, code] of [["rpc.port", "RPC_PORT"]]) add(field, code);', ["RPC_PORT"]],
    ['const name = process.env.SOME_NAME; const other = process.env["CHAINKEEP_OTHER"]; const kill = "SIGTERM";', []],
    ['const health = { faults: [{ value: { from: "a" }, code: "EL_OFFLINE", text: "t" }] };', []],
    [`note("not up [START_TIMEOUT]", \`x \${text} [UNEXPECTED]\${stack}\`);`, ["START_TIMEOUT", "UNEXPECTED"]],
    ['// code: "NOT_THIS"', []],
    ['if (reasons.some((r) => r.code === "NO_ANSWER")) tell("OTHER_THING");', ["OTHER_THING"]],
  ])("are found in %s", (text, codes) => {
    expect(find(text)).toEqual(codes);
  });

  it("need a meaning and a fix, and no text stays behind a code that is gone", () => {
    const found = codesIn([{ file: "a.ts", text: 'const p = [{ code: "A_B" }, { code: "C_D" }, { code: "E_F" }];' }]);
    const page =
      "## Group\n\n### A_B\n\nMeaning. Fix: do it.\n\n### C_D\n\nMeaning only.\n\n## Next\n\nFix: not here.\n\n### G_H\n\nOld. Fix: it.\n";
    expect(explanationProblems(page, found)).toEqual([
      expect.stringContaining("E_F (a.ts) is not explained"),
      expect.stringContaining("C_D is explained without"),
      expect.stringContaining("G_H is explained, but no source gives it"),
    ]);
    expect(explanationProblems("### A_B\n\nText. Fix: x\n", found.slice(0, 1))).toEqual([]);
  });
});
