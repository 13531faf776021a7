import { z } from "zod";
import { whole } from "./fields";
import { pathText, problemsOf } from "./from-zod";

describe("pathText", () => {
  it.each([
    [[], ""],
    [["nodes", "rpc", "count"], "nodes.rpc.count"],
    [["peers", 3], "peers[3]"],
    [["nodes", "my-group", "kind"], "nodes.my-group.kind"],
    [["nodes", "a b"], 'nodes["a b"]'],
    [["nodes", ""], 'nodes[""]'],
    [["nodes", "a.b", "kind"], 'nodes["a.b"].kind'],
    [["line\nbreak"], '["line\\nbreak"]'],
    [["nodes", "x".repeat(500)], `nodes["${"x".repeat(76)}...]`],
  ])("writes %j", (path, written) => {
    expect(pathText(path)).toBe(written);
  });
});

describe("problemsOf", () => {
  const group = z.strictObject({ kind: z.string(), count: whole(1, 9, "COUNT").optional() });
  const schema = z.strictObject({
    nodes: z.record(z.string().regex(/^[a-z]+$/), group),
    peers: z.array(z.string()).optional(),
  });
  const known = (path: readonly PropertyKey[]) => (path.length === 0 ? ["nodes", "peers"] : ["kind", "count"]);

  function lines(value: unknown): string[] {
    const parsed = schema.safeParse(value);
    return problemsOf(parsed.error as z.ZodError, value, known).map((p) => `${p.path}: ${p.message} [${p.code}]`);
  }

  it("tells every problem once, by its path", () => {
    expect(lines({ nodes: { rpc: { kind: 1, count: 99, cuont: 1 }, v: null }, peers: ["a", 2], more: 1 })).toEqual([
      "nodes.rpc.kind: got 1; use a string (Invalid input: expected string, received number) [BAD_TYPE]",
      "nodes.rpc.count: got 99; use a whole number from 1 to 9 [COUNT]",
      'nodes.rpc.cuont: unknown key; did you mean "count"; known keys are kind, count; remove it or use a known one [UNKNOWN_KEY]',
      "nodes.v: got null; use an object (Invalid input: expected object, received null) [BAD_TYPE]",
      "peers[1]: got 2; use a string (Invalid input: expected string, received number) [BAD_TYPE]",
      "more: unknown key; known keys are nodes, peers; remove it or use a known one [UNKNOWN_KEY]",
    ]);
  });

  it("tells what is missing, and what is wrong with the whole", () => {
    expect(lines({ nodes: { rpc: {} } })).toEqual(["nodes.rpc.kind: missing; give a string [BAD_TYPE]"]);
    expect(lines(undefined)).toEqual(["args: missing; give an object [BAD_TYPE]"]);
    expect(lines([])).toEqual([expect.stringMatching(/^args: got \[\]; use an object .*\[BAD_TYPE\]$/)]);
  });

  it("tells names that are no names at their own path", () => {
    expect(lines({ nodes: { Rpc: { kind: "full" } } })).toEqual([
      expect.stringMatching(/^nodes\.Rpc: .* \[BAD_KEY\]$/),
    ]);
  });
});
