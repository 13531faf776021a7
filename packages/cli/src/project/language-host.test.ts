import { runtimeOptions, takes } from "./language-host";

describe("runtimeOptions", () => {
  it("reads block form", () => {
    const yaml =
      'name: a\nruntime:\n  name: nodejs\n  options:\n    typescript: false # ours\n    nodeargs: "--import tsx"\nmain: x\n';
    expect(runtimeOptions(yaml)).toEqual({ typescript: "false", nodeargs: "--import tsx" });
  });

  it("reads flow form", () => {
    const yaml = "runtime: { name: nodejs, options: { typescript: false, nodeargs: '--import tsx' } }\n";
    expect(runtimeOptions(yaml)).toEqual({ typescript: "false", nodeargs: "--import tsx" });
  });

  it("finds none where there are none", () => {
    expect(runtimeOptions("name: a\nruntime: nodejs\ndescription: has typescript inside\n")).toEqual({});
  });
});

describe("takes", () => {
  const old =
    "Usage of x:\n  -nodeargs string\n    \tArguments for the Node process\n  -typescript\n    \tUse ts-node\n";
  const later = "Usage of x:\n  -nodeargs string\n    \t[obsolete] Arguments for the Node process\n";

  it("tells hosts that want flags from those that read the options themselves", () => {
    expect([takes(old, "nodeargs"), takes(old, "typescript"), takes(old, "tsconfig")]).toEqual([true, true, false]);
    expect([takes(later, "nodeargs"), takes("", "nodeargs")]).toEqual([false, false]);
  });
});
