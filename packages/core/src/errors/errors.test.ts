import { ConfigError, formatProblems, show } from "./errors";

describe("show", () => {
  class Group {
    readonly kind = "full";
  }
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  const refusing = new Proxy(
    {},
    {
      has: () => {
        throw new Error("no");
      },
    },
  );

  it.each([
    ["a text", "rpc", '"rpc"'],
    ["a text with a line break", "a\nb", '"a\\nb"'],
    ["a number", 1.5, "1.5"],
    ["no number", Number.NaN, "NaN"],
    ["infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["a big integer", 10n, "10n"],
    ["null", null, "null"],
    ["nothing", undefined, "nothing"],
    ["false", false, "false"],
    ["a list", [1, "a", 2n], '[1,"a","2n"]'],
    ["an object", { kind: "full" }, '{"kind":"full"}'],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ["a function, without its source", () => "source", "a function"],
    ["a symbol", Symbol("line\nbreak"), "a symbol"],
    ["a date", new Date(0), "a Date"],
    ["a map", new Map([[1, 2]]), "a Map"],
    ["an object of a class", new Group(), "a Group"],
    ["a promise", Promise.resolve(1), "a promise"],
    ["an Output", { __pulumiOutput: true }, "a Pulumi output"],
    ["a circle", circle, "a value that JSON cannot hold"],
    ["an object that refuses to be asked", refusing, "an object that cannot be read"],
  ])("tells %s", (_, value, told) => {
    expect(show(value)).toBe(told);
  });

  it("shortens long values, whatever they are", () => {
    for (const value of ["x".repeat(1_000_000), Array(5000).fill("abc"), { text: "y".repeat(500) }]) {
      expect(show(value)).toHaveLength(80);
      expect(show(value)).toMatch(/\.\.\.$/);
    }
  });

  it("does not tell what is named like a secret, however deep", () => {
    const text = show({ list: [{ seed: "sesame", authToken: "abc", plain: 1 }], PRIVATE_KEY: { raw: "d" } });
    expect(text).toBe('{"list":[{"seed":"[hidden]","authToken":"[hidden]","plain":1}],"PRIVATE_KEY":...');
  });
});

describe("ConfigError", () => {
  it("tells the number of problems and one line for each, path first", () => {
    const problems = [
      { path: "nodes.rpc.count", message: "got 0; use a whole number from 1 to 200", code: "COUNT_RANGE" },
      { path: "seed", message: "missing; give a text", code: "SEED_MISSING" },
    ];
    const error = new ConfigError('NodeCluster "eth"', problems);
    expect(error.message.split("\n")).toEqual([
      'NodeCluster "eth" has 2 problems:',
      "  nodes.rpc.count: got 0; use a whole number from 1 to 200 [COUNT_RANGE]",
      "  seed: missing; give a text [SEED_MISSING]",
    ]);
    expect(error.problems).toBe(problems);
    expect(error.name).toBe("ConfigError");
    expect(formatProblems("It", problems.slice(0, 1))).toMatch(/^It has 1 problem:\n/);
  });
});
