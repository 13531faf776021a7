import { readFileSync } from "node:fs";
import * as path from "node:path";
import { packageFolders, ROOT, sourceTexts } from "../../scripts/docs/source-files";
import { type Direction, directionProblems, importsOf, isTest } from "./import-rules";
import { cycles, type LongFiles, lengthProblems, nameProblems } from "./shape-rules";

const ALL = ["*"];

function dependenciesOf(folder: string): string[] {
  const text = readFileSync(path.join(ROOT, folder, "package.json"), "utf8");
  return Object.keys((JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies ?? {});
}

/** Imports point one way: stacks, examples -> targets, cli -> core; agent -> core. */
const DIRECTIONS: readonly Direction[] = [
  {
    folder: "packages/core/src",
    ours: {},
    // The domain is pure: no disk, no network, no processes.
    builtins: ["crypto", "path"],
    refused: ["@pulumi/"],
    dependencies: dependenciesOf("packages/core"),
  },
  {
    folder: "packages/agent/src",
    ours: { "@chainkeep/core": ALL },
    refused: ["@pulumi/"],
    dependencies: dependenciesOf("packages/agent"),
  },
  {
    folder: "packages/local/src",
    // The agent is a program here: only where its file lies is known.
    ours: { "@chainkeep/core": ALL, "@chainkeep/agent": ["agentBundlePath"] },
    oursInTests: { "@chainkeep/testing": ALL },
    dependencies: dependenciesOf("packages/local"),
  },
  {
    folder: "packages/cli/src",
    ours: { "@chainkeep/core": ALL, "@chainkeep/local": ALL },
    refused: ["@pulumi/"],
    dependencies: dependenciesOf("packages/cli"),
  },
  { folder: "packages/testing/src", ours: {}, dependencies: dependenciesOf("packages/testing") },
  { folder: "stacks", ours: { "@chainkeep/local": ALL, "@chainkeep/core": ALL } },
  { folder: "examples", ours: { "@chainkeep/local": ALL, "@chainkeep/core": ALL } },
];

/** Files above 300 lines, each with its reason. */
const LONG_FILES: LongFiles = {};

const packages = sourceTexts(...packageFolders().map((folder) => `${folder}/src`));
const programs = sourceTexts("stacks", "examples");

/** Every program is a folder of its own, so that "leaves its folder" means "imports another program". */
const programDirections = [...new Set(programs.map(({ file }) => file.split("/").slice(0, 2).join("/")))].map(
  (folder): Direction => ({ ...(DIRECTIONS.find((d) => folder.startsWith(d.folder)) as Direction), folder }),
);

describe("the house", () => {
  it("has a rule for every package", () => {
    const ruled = DIRECTIONS.map((d) => d.folder).filter((f) => f.startsWith("packages/"));
    expect(ruled.sort()).toEqual(packageFolders().map((folder) => `${folder}/src`));
  });

  it("imports in one direction only", () => {
    expect(directionProblems(packages, DIRECTIONS)).toEqual([]);
    expect(directionProblems(programs, programDirections)).toEqual([]);
  });

  it("has no circles of imports inside a package", () => {
    expect(cycles(packages.filter(({ file }) => !isTest(file)))).toEqual([]);
  });

  it("has no source file above 300 lines without a reason", () => {
    expect(lengthProblems(packages, 300, LONG_FILES)).toEqual([]);
  });

  it("names files and folders in kebab-case", () => {
    expect(nameProblems([...packages, ...programs].map((s) => s.file))).toEqual([]);
  });
});

describe("the rules themselves", () => {
  const core = DIRECTIONS.filter((d) => d.folder === "packages/core/src");
  const coreFile = (text: string, file = "packages/core/src/health/verdict.ts") =>
    directionProblems([{ file, text }], core);

  it.each([
    ['import { Output } from "@pulumi/pulumi";', "@pulumi/pulumi is refused"],
    ['import type { Output } from "@pulumi/pulumi";', "@pulumi/pulumi is refused"],
    ['import { NodeCluster } from "@chainkeep/local";', "must not be imported"],
    ['export * from "node:fs";', "node:fs is not allowed"],
    ['import { readFile } from "node:fs/promises";', "node:fs/promises is not allowed"],
    ['import * as http from "node:http";', "node:http is not allowed"],
    ['const c = require("node:child_process");', "node:child_process is not allowed"],
    ['const c = await import("node:net");', "node:net is not allowed"],
    ['let x: import("node:fs").Stats;', "node:fs is not allowed"],
    ['import fs from "fs";', "fs is no dependency"],
    ['import { x } from "../../../agent/src/index";', "leaves packages/core/src"],
    ['import { x } from "/tmp/x";', "absolute path"],
  ])("refuse %s in core", (text, problem) => {
    expect(coreFile(text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    'import { createHash } from "node:crypto";',
    'import { z } from "zod";',
    'import { show } from "../errors/errors";',
    '// import "node:fs";\nconst text = \'import "node:fs"\';',
  ])("allow %s in core", (text) => {
    expect(coreFile(text)).toEqual([]);
  });

  it("tell file and line", () => {
    expect(coreFile('\n\nimport "node:fs";')).toEqual([
      "packages/core/src/health/verdict.ts:3: node:fs is not allowed; only crypto, path are",
    ]);
  });

  it("let tests do I/O, but import no other package of ours", () => {
    const file = "packages/core/src/health/verdict.test.ts";
    expect(coreFile('import "node:fs";', file)).toEqual([]);
    expect(coreFile('import "@chainkeep/local";', file)).toHaveLength(1);
  });

  it("let the local target take nothing but the bundle's path from the agent", () => {
    const local = (text: string) => directionProblems([{ file: "packages/local/src/a.ts", text }], DIRECTIONS);
    expect(local('import { agentBundlePath } from "@chainkeep/agent";')).toEqual([]);
    expect(local('import { agentBundlePath, run } from "@chainkeep/agent";')).toEqual([
      expect.stringContaining("run of @chainkeep/agent"),
    ]);
    expect(local('import * as agent from "@chainkeep/agent";')).toHaveLength(1);
    expect(local('import { x } from "@chainkeep/core/src/index";')).toEqual([
      expect.stringContaining("reaches into a package"),
    ]);
  });

  it("keep programs apart", () => {
    const rule: Direction = { folder: "examples/a", ours: {} };
    const text = 'import { x } from "../b/index";';
    expect(directionProblems([{ file: "examples/a/index.ts", text }], [rule])).toEqual([
      "examples/a/index.ts:1: ../b/index leaves examples/a",
    ]);
  });

  it("refuse a file that no rule covers", () => {
    expect(directionProblems([{ file: "packages/new/src/a.ts", text: "" }], DIRECTIONS)).toHaveLength(1);
  });

  it("read the names of every form of import", () => {
    const text = `import a, { b as c, type D } from "x"; import * as e from "y"; import "z";
      export { f as g } from "w"; export type { H } from "v"; import type { I } from "u";`;
    expect(
      importsOf({ file: "a.ts", text }).map(({ specifier, names, typeOnly }) => [specifier, names, typeOnly]),
    ).toEqual([
      ["x", ["default", "b", "D"], false],
      ["y", ["*"], false],
      ["z", [], false],
      ["w", ["f"], false],
      ["v", ["H"], true],
      ["u", ["I"], true],
    ]);
  });

  it("find a circle, also through an index and through types, and tell it once", () => {
    const sources = [
      { file: "p/a.ts", text: 'import { b } from "./b";' },
      { file: "p/b.ts", text: 'import type { c } from "./c";' },
      { file: "p/c/index.ts", text: 'export * from "../a";' },
      { file: "p/d.ts", text: 'import "./a"; import "./c";' },
    ];
    expect(cycles(sources)).toEqual(["p/a.ts -> p/b.ts -> p/c/index.ts -> p/a.ts"]);
    expect(cycles(sources.slice(1))).toEqual([]);
  });

  it("find a long file and an entry that is no longer needed", () => {
    const long = { file: "p/long.ts", text: "x\n".repeat(301) };
    const fits = { file: "p/fits.ts", text: "x\n".repeat(300) };
    expect(lengthProblems([long, fits], 300, {})).toEqual(["p/long.ts: 301 lines, at most 300; split it by idea"]);
    expect(lengthProblems([long, fits], 300, { "p/long.ts": "a table" })).toEqual([]);
    expect(lengthProblems([fits], 300, { "p/fits.ts": "was long" })).toHaveLength(1);
  });

  it("find names that are not kebab-case", () => {
    const bad = ["p/nodeCluster.ts", "p/NodeCluster.ts", "p/node_cluster.ts", "p/Src/a.ts", "p/a.spec.ts"];
    expect(nameProblems(bad)).toHaveLength(bad.length);
    expect(
      nameProblems([
        "p/node-cluster.ts",
        "p/a.test.ts",
        "p/a.property.test.ts",
        "p/toy-protocol.fixture.ts",
        "p/ed25519.ts",
      ]),
    ).toEqual([]);
  });
});
