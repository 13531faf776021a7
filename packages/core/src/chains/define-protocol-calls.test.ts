import { bitcoin } from "./bitcoin";
import { btcd } from "./btcd";
import { callProblems } from "./define-protocol-calls";
import { polkadot } from "./polkadot";
import { substrate } from "./substrate";
import type { ClientDefinition, ProcessContext } from "./types";

/** What is said of a btcd with changed functions; they may return anything, as a user's may. */
function problems(change: object): string[] {
  const client = { ...btcd, ...change } as ClientDefinition;
  return callProblems(bitcoin, client, "clients[1]").map((p) => `${p.path} [${p.code}] ${p.message}`);
}

describe("calls with a sample context", () => {
  it("find nothing wrong with the catalogue's clients", () => {
    expect(problems({})).toEqual([]);
    expect(callProblems(substrate, polkadot, "clients[0]")).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["args that are no list", { args: () => "start" }, '.args [FUNCTION_RESULT] got "start"; return a list of texts'],
    ["an argument that is no text", { args: () => ["start", 5] }, ".args [FUNCTION_RESULT] got 5 as an argument"],
    ["an empty argument", { args: () => [""] }, ".args [FUNCTION_RESULT] got an empty text as an argument"],
    [
      "a port that is not there",
      { args: (ctx: ProcessContext) => [`--engine=${ctx.ports.engine}`] },
      '.args [FUNCTION_RESULT] got "--engine=undefined" as an argument',
    ],
    [
      "an option without a default",
      { args: (ctx: ProcessContext) => [`--cache=${Number(ctx.options.cache) * 2}`] },
      '.args [FUNCTION_RESULT] got "--cache=NaN" as an argument',
    ],
    [
      "a function that throws",
      {
        args: () => {
          throw new Error("no peers");
        },
      },
      '.args [FUNCTION_THREW] threw "no peers" for kind "full" on "mainnet"',
    ],
    ["variables that are none", { env: () => "A=1" }, ".env [FUNCTION_RESULT]"],
    ["a variable that is no text", { env: () => ({ A: 1 }) }, ".env [FUNCTION_RESULT] got 1 as variable A"],
    ["files that are no list", { files: () => ({}) }, ".files [FUNCTION_RESULT]"],
    [
      "a file outside the home",
      { files: () => [{ path: "../x", content: "" }] },
      '.files [FUNCTION_RESULT] got "../x"',
    ],
    ["a file at the root", { files: () => [{ path: "/etc/x", content: "" }] }, '.files [FUNCTION_RESULT] got "/etc/x"'],
    ["a file without content", { files: () => [{ path: "x" }] }, ".files [FUNCTION_RESULT]"],
    [
      "a mode of letters",
      { files: () => [{ path: "x", content: "", mode: "rw" }] },
      '.files [FUNCTION_RESULT] got mode "rw"',
    ],
    ["a step that is no text", { prepare: () => [{ agent: [1] }] }, ".prepare [FUNCTION_RESULT]"],
    ["no figures", { sizing: () => undefined }, ".sizing [FUNCTION_RESULT]"],
    [
      "a disk of nothing",
      { sizing: () => ({ cpu: 1, memoryGiB: 1, diskGiB: 0, growthGiBPerMonth: 0 }) },
      ".sizing [FUNCTION_RESULT] got 0 as diskGiB",
    ],
    ["a check that is no list", { check: () => true }, ".check [FUNCTION_RESULT]"],
  ])("find %s", (_, change, expected) => {
    expect(problems(change)).toEqual([expect.stringContaining(`clients[1]${expected}`)]);
  });

  it("find a mistake that one kind and network alone has", () => {
    const args = ({ kind, network }: ProcessContext) => (kind === "mirror" && network === "simnet" ? [""] : ["start"]);
    expect(problems({ args })).toEqual([expect.stringContaining('(for kind "mirror" on "simnet")')]);
  });

  it("take files that lie in the node's shared directory", () => {
    expect(problems({ files: () => [{ path: "shared:jwt.hex", content: "x", mode: "0600" }] })).toEqual([]);
  });
});
