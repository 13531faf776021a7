import type { ClientDefinition, OptionDefinition } from "../chains/types";
import { toyClient } from "../testing/toy-protocol.fixture";
import { checkOptions } from "./check-options";

const options: Record<string, OptionDefinition> = {
  cacheMiB: { type: "number", description: "", min: 16, max: 64 },
  anyNumber: { type: "number", description: "" },
  mode: { type: "string", description: "", allowed: ["fast", "full"] },
  extra: { type: "string", description: "" },
  verbose: { type: "boolean", description: "" },
};
const client: ClientDefinition = { ...toyClient("toyd", ["full"]), options };
const { options: _, ...bare } = toyClient("bare", ["full"]);

type Options = Record<string, string | number | boolean>;
const lines = (given: Options, clients: ClientDefinition[] = [client]) =>
  checkOptions("nodes.rpc", given, clients).map((p) => `${p.path}: ${p.message} [${p.code}]`);

describe("checkOptions", () => {
  it("takes what the client takes", () => {
    expect(lines({ cacheMiB: 16, anyNumber: -5.5, mode: "fast", extra: "a b", verbose: false })).toEqual([]);
    expect(lines({ cacheMiB: 64, extra: "x".repeat(1000) })).toEqual([]);
    expect(lines({})).toEqual([]);
  });

  it.each<[string, Options, string]>([
    ["too small", { cacheMiB: 15 }, "nodes.rpc.options.cacheMiB: got 15; use a number from 16 to 64 [OPTION_VALUE]"],
    ["too large", { cacheMiB: 65 }, "nodes.rpc.options.cacheMiB: got 65; use a number from 16 to 64 [OPTION_VALUE]"],
    ["no number", { anyNumber: Number.NaN }, "nodes.rpc.options.anyNumber: got NaN; use a number [OPTION_VALUE]"],
    [
      "endless",
      { anyNumber: Number.POSITIVE_INFINITY },
      "nodes.rpc.options.anyNumber: got Infinity; use a number [OPTION_VALUE]",
    ],
    ["a text", { cacheMiB: "32" }, 'nodes.rpc.options.cacheMiB: got "32"; use a number from 16 to 64 [OPTION_VALUE]'],
    [
      "another choice",
      { mode: "quick" },
      'nodes.rpc.options.mode: got "quick"; use one of "fast", "full" [OPTION_VALUE]',
    ],
    ["no flag", { verbose: "true" }, 'nodes.rpc.options.verbose: got "true"; use a boolean [OPTION_VALUE]'],
    [
      "two lines, which would be two settings in a file",
      { extra: "a\nrpcpassword=x" },
      'nodes.rpc.options.extra: got "a\\nrpcpassword=x"; use a text of one line, at most 1000 characters [OPTION_VALUE]',
    ],
  ])("refuses a value that is %s", (_name, given, line) => {
    expect(lines(given)).toEqual([line]);
  });

  it.each(["constructor", "toString", "cacheMib"])("refuses %s, which no client takes", (name) => {
    expect(lines({ [name]: 1 })).toEqual([expect.stringMatching(/: unknown setting of toyd;.* \[OPTION_UNKNOWN\]$/)]);
  });

  it("refuses a text that is too long", () => {
    expect(lines({ extra: "x".repeat(1001) })).toHaveLength(1);
  });

  it("takes a setting that one of a pair takes, and names both where none does", () => {
    const other = {
      ...toyClient("toy-cl", ["full"]),
      options: { slots: { type: "number" as const, description: "" } },
    };
    expect(lines({ cacheMiB: 20, slots: 3 }, [client, other])).toEqual([]);
    expect(lines({ slot: 3 }, [client, other])[0]).toContain(
      'unknown setting of toyd and toy-cl; did you mean "slots"',
    );
  });

  it("says so when a client takes none", () => {
    expect(lines({ a: 1 }, [bare])[0]).toContain("; it takes none; remove it");
  });
});
