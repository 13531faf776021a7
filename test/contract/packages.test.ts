import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { packageFolders, ROOT } from "../../scripts/docs/source-files";
import { type Manifest, manifestProblems } from "./package-rules";

const folders = packageFolders();
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(ROOT, folder, "package.json"), "utf8")) as Manifest;

describe("package.json", () => {
  it.each(folders)("of %s says all that a published package must say", (folder) => {
    expect(manifestProblems(manifestOf(folder))).toEqual([]);
  });

  it("gives all packages one version", () => {
    expect(new Set(folders.map((f) => manifestOf(f).version)).size).toBe(1);
  });

  it.each(folders.flatMap((f) => Object.values(manifestOf(f).bin ?? {}).map((program) => path.join(f, program))))(
    "lists %s, which can be executed",
    (program) => {
      expect(statSync(path.join(ROOT, program)).mode & 0o111).not.toBe(0);
    },
  );
});

const built = folders.every((folder) => existsSync(path.join(ROOT, folder, "dist", "index.js")));
if (!built) console.log("publint: skipped, the packages are not built; run npm run build first");
const whenBuilt = built ? describe : describe.skip;

/** publint is an ES module, which jest cannot load: it runs in a process of its own and prints its messages. */
function publint(): Record<string, string[]> {
  const program = `
    import { publint } from "publint";
    import { formatMessage } from "publint/utils";
    const found = {};
    for (const folder of process.argv.slice(1)) {
      const { messages, pkg } = await publint({ pkgDir: folder, pack: "npm", strict: true });
      found[folder] = messages.map((m) => m.type + ": " + formatMessage(m, pkg, { color: false }));
    }
    console.log(JSON.stringify(found));`;
  const args = ["--input-type=module", "--eval", program, ...folders];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as Record<string, string[]>;
}

whenBuilt("built packages", () => {
  it("pass publint", () => {
    expect(publint()).toEqual(Object.fromEntries(folders.map((folder) => [folder, []])));
  }, 60_000);
});

describe("the rules themselves", () => {
  const sound = manifestOf("packages/cli");

  it.each<[string, Partial<Record<keyof Manifest, unknown>>, string]>([
    ["no exports", { exports: undefined }, 'give "."'],
    ["types after default", { exports: { ".": { default: sound.main, types: sound.types } } }, "types come first"],
    ["another main", { main: "./src/index.ts" }, "same as exports"],
    ["no license", { license: undefined }, "Apache-2.0"],
    ["no engines", { engines: undefined }, "engines.node"],
    ["no files", { files: undefined }, "dist is missing"],
    ["a program that is not published", { files: ["dist"] }, "is not in files"],
    ["a sibling of another version", { dependencies: { "@chainkeep/core": "0.0.9" } }, "released together"],
  ])("refuse %s", (_, change, problem) => {
    const problems = manifestProblems({ ...sound, ...change } as Manifest);
    expect(problems.join("\n")).toContain(problem);
  });
});
