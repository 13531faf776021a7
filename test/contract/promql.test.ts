import { durationSeconds, everyPart, parsePromql, selectorsOf } from "./promql";

describe("the tree of an expression", () => {
  it("tells names, matchers and windows of every selector", () => {
    const expr = 'sum by (a) (rate(x_total{b="c", d=~"e|f"}[5m] offset 1h)) / on (a) group_left (g) (y{h!="i"} > 1)';
    expect(
      selectorsOf(parsePromql(expr)).map(({ name, matchers, rangeSeconds }) => [name, matchers, rangeSeconds]),
    ).toEqual([
      [
        "x_total",
        [
          { label: "b", op: "=", value: "c" },
          { label: "d", op: "=~", value: "e|f" },
        ],
        300,
      ],
      ["y", [{ label: "h", op: "!=", value: "i" }], undefined],
    ]);
  });

  it("tells how sides are matched", () => {
    expect(parsePromql("a * on (b, c) group_right (d) e")).toMatchObject({
      op: "*",
      matching: "on",
      labels: ["b", "c"],
      group: "right",
      include: ["d"],
      left: { name: "a" },
      right: { name: "e" },
    });
    expect(parsePromql("a > bool 0")).toMatchObject({ op: ">", bool: true, matching: "none", right: { value: "0" } });
    expect(parsePromql("a unless ignoring (b) c")).toMatchObject({ op: "unless", matching: "ignoring", labels: ["b"] });
  });

  it("binds operators as Prometheus does", () => {
    expect(parsePromql("a or b and c")).toMatchObject({ op: "or", right: { op: "and" } });
    expect(parsePromql("a - b * c")).toMatchObject({ op: "-", right: { op: "*" } });
  });

  it("tells how labels are grouped, before or behind the argument", () => {
    for (const text of ["quantile by (n) (0.5, x)", "quantile (0.5, x) by (n)"]) {
      expect(parsePromql(text)).toMatchObject({
        kind: "aggregate",
        op: "quantile",
        grouping: "by",
        labels: ["n"],
        parameter: { value: "0.5" },
        of: { name: "x" },
      });
    }
    expect(parsePromql("sum(x)")).toMatchObject({ grouping: "none", labels: [] });
    expect(parsePromql("max without (a, b) (x)")).toMatchObject({ grouping: "without", labels: ["a", "b"] });
  });

  it("reads calls, subqueries, signs and names that are only matched", () => {
    expect(parsePromql('label_replace(x, "to", "$1", "from", "(.+)")')).toMatchObject({
      args: [{ name: "x" }, { value: "to" }, {}, {}, {}],
    });
    expect(parsePromql("max_over_time((x > 1)[1h30m:1m])")).toMatchObject({
      args: [{ kind: "subquery", rangeSeconds: 5400 }],
    });
    expect([...everyPart(parsePromql("-x + vector(1)"))].map((part) => part.kind)).toEqual([
      "binary",
      "negation",
      "selector",
      "call",
      "number",
    ]);
    expect(parsePromql('{__name__="up", job="a"}')).toMatchObject({ name: "up" });
  });

  it.each(["x >", "sum by (x", "rate(x[5m)", "", "x{a=b}"])("refuses %j", (text) => {
    expect(() => parsePromql(text)).toThrow(/not PromQL|no expression/);
  });

  it("reads durations", () => {
    expect(["30s", "1h30m", "500ms", "1d", "15"].map(durationSeconds)).toEqual([30, 5400, 0.5, 86_400, 15]);
    expect(durationSeconds("5x")).toBeNaN();
  });
});
