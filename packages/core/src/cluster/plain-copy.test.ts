import { plainCopy } from "./plain-copy";

const paths = (value: unknown, opaque?: string[]) =>
  plainCopy(value, opaque).problems.map((p) => `${p.path} ${p.code}`);

describe("plainCopy", () => {
  it("copies plain data and is not bothered by what happens to the original", () => {
    const given = { nodes: { rpc: { kind: "full", peers: ["a", "b"] } }, count: 3, nothing: undefined, no: null };
    const { value, problems } = plainCopy(given);
    expect(problems).toEqual([]);
    expect(value).toEqual(given);
    given.nodes.rpc.peers.push("c");
    expect(value.nodes.rpc.peers).toEqual(["a", "b"]);
  });

  it.each([undefined, null, 5, "text", false])("gives %p back as it is", (value) => {
    expect(plainCopy(value)).toEqual({ value, problems: [] });
  });

  it("reads a getter once, so that all later checks see the same", () => {
    let reads = 0;
    const given = {
      get count() {
        reads += 1;
        return reads;
      },
    };
    const { value } = plainCopy(given);
    expect([value.count, value.count, reads]).toEqual([1, 1, 1]);
  });

  it("tells a getter that throws, and goes on", () => {
    const given = {
      before: 1,
      get count(): number {
        throw new Error("no\nluck");
      },
      after: 2,
    };
    const { value, problems } = plainCopy(given);
    expect(problems).toEqual([
      {
        path: "count",
        message: 'got a property that cannot be read ("no\\nluck"); use a plain value',
        code: "NOT_PLAIN",
      },
    ]);
    expect(value).toEqual({ before: 1, after: 2, count: undefined });
  });

  it("tells circles, but not the same object in two places", () => {
    const circle: Record<string, unknown> = { a: { b: {} } };
    (circle.a as Record<string, unknown>).b = circle;
    expect(paths(circle)).toEqual(["a.b NOT_PLAIN"]);
    const shared = { kind: "full" };
    expect(paths({ a: shared, b: shared })).toEqual([]);
  });

  it("ends on data that is nested without end", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = { deep };
    expect(paths(deep)).toEqual([expect.stringMatching(/^deep(\.deep)+ NOT_PLAIN$/)]);
  });

  it("refuses Outputs, promises, classes and functions", () => {
    const problems = plainCopy({
      a: { __pulumiOutput: true },
      b: Promise.resolve(1),
      c: new Map(),
      d: () => 1,
    }).problems;
    expect(problems.map((p) => p.message.split(";")[0])).toEqual([
      "got a Pulumi output",
      "got a promise",
      "got a Map",
      "got a function",
    ]);
  });

  it("takes opaque places as they are", () => {
    const seed = Promise.resolve("x");
    const definition = { args: () => [] };
    const { value, problems } = plainCopy({ seed, chain: { definition } }, ["seed", "chain.definition"]);
    expect(problems).toEqual([]);
    expect(value.seed).toBe(seed);
    expect(value.chain.definition).toBe(definition);
  });

  it("refuses __proto__ as a key and leaves prototypes alone", () => {
    const { value, problems } = plainCopy(JSON.parse('{ "nodes": { "__proto__": { "count": 1 } } }'));
    expect(problems.map((p) => p.path)).toEqual(["nodes.__proto__"]);
    expect(Object.getPrototypeOf(value.nodes)).toBe(Object.prototype);
    expect(value.nodes.count).toBeUndefined();
  });
});
