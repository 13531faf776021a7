import { heightChart, scaleOf, sparkline } from "./chart";
import { historyOf, nodeOf } from "./status.fixture";

const chart = (heights: Parameters<typeof historyOf>[0], nodes = [nodeOf("a"), nodeOf("b")]) => {
  const history = historyOf(heights);
  return heightChart(history, nodes, scaleOf(history)).text;
};
const path = (text: string, name: string) => new RegExp(`class="${name}" d="([^"]*)"`).exec(text)?.[1];

describe("heightChart", () => {
  it("says so while there is nothing to draw", () => {
    expect(chart({ a: [5] })).toContain("has just started");
    expect(chart({})).toContain("has just started");
  });

  it("draws the best height from corner to corner, and tells the pace in words", () => {
    const text = chart({ a: [100, 110, 120], b: [100, 105, 110] });
    expect(path(text, "best")).toBe("M0 186L300 95L600 4");
    expect(path(text, "band")).toBe("M0 186L300 95L600 4L600 95L300 140.5L0 186Z");
    expect(text).toContain("From 100 to 120 in 10 s, 2 blocks a second.");
  });

  it("leaves gaps where nothing is known, and takes nobody's silence for a fall", () => {
    const text = chart({ a: [100, null, 120, 130], b: [null, null, 110, null] }, [nodeOf("b", { ready: false })]);
    expect(path(text, "best")).toBe("M0 186M400 64.7L600 4");
    expect(path(text, "odd0")).toBe("M400 125.3");
  });

  it.each([
    ["a halt", { a: [7, 7, 7] }, "No new block in 10 s: the best height stays 7."],
    ["slow blocks", { a: [7, 7, 8] }, "From 7 to 8 in 10 s, a block each 10 s."],
    ["silence", { a: [null, null] }, "No node has told a height in this time."],
  ])("tells %s", (_, heights, text) => {
    expect(chart(heights)).toContain(text);
    expect(chart(heights)).not.toMatch(/NaN|Infinity|null/);
  });

  it("draws a node that is far behind at the lower edge, so that the others can still be told apart", () => {
    const text = chart({ a: [1000, 1010], b: [1, 2] }, [nodeOf("b", { ready: false })]);
    expect(path(text, "odd0")).toBe("M0 186L600 186");
    expect(path(text, "best")).toBe("M0 186L600 4");
  });

  it("names four nodes that stand out, the worst ones", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const text = chart(
      Object.fromEntries(names.map((n) => [n, [1, 2]])),
      names.map((n) => nodeOf(n, { ready: n === "a" })),
    );
    expect([...text.matchAll(/href="#(\w)"/g)].map((m) => m[1])).toEqual(["b", "c", "d", "e"]);
  });
});

describe("sparkline", () => {
  it("is on the scale of all nodes, and thin", () => {
    const history = historyOf({ a: Array.from({ length: 120 }, (_, i) => 100 + i), b: new Array(120).fill(100) });
    const scale = scaleOf(history);
    const line = sparkline(scale, history.heights.b ?? [], true)?.text ?? "";
    expect(line).toMatch(/class="spark off".*d="M0 23L.*L120 23"/);
    expect(line.match(/L/g)?.length).toBeLessThan(45);
    expect(sparkline(scaleOf(historyOf({ a: [1] })), [1], false)).toBeUndefined();
  });
});
