import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { ROOT } from "../../scripts/docs/source-files";

interface Program {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** Whole programs of the pages: blocks of TypeScript that begin with an import. Fragments are for reading. */
function programsOf(page: string, text: string): Program[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .filter((m) => m[1]?.startsWith("import "))
    .map((m) => ({ page, line: text.slice(0, m.index).split("\n").length + 1, text: m[1] ?? "" }));
}

function pages(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
  return ["README.md", ...below("docs").filter((file) => file.endsWith(".md"))];
}

/** Compiles the programs as if they lay in stacks/local, an ES module as a user's: nothing is written. */
function problemsOf(programs: readonly Program[]): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(ROOT, "tsconfig.check.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = { ...config?.options, types: ["node"], skipLibCheck: true };
  const files = new Map(programs.map((p, i) => [path.join(ROOT, "stacks", "local", `docs-program-${i}.ts`), p]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file)?.text ?? readFile.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const own = files.get(file);
    return own ? ts.createSourceFile(file, own.text, version) : getSourceFile.call(host, file, version, ...rest);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, { page, line }]) => {
    const source = program.getSourceFile(file);
    if (!source) return [`${page}:${line}: was not compiled`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((d) => {
      const at = source.getLineAndCharacterOfPosition(d.start ?? 0).line;
      return `${page}:${line + at}: ${ts.flattenDiagnosticMessageText(d.messageText, " ")}`;
    });
  });
}

describe("programs in the docs", () => {
  it("compile; a wrong one is found", () => {
    const found = pages().flatMap((page) => programsOf(page, readFileSync(path.join(ROOT, page), "utf8")));
    expect(found.map((p) => p.page)).toEqual(expect.arrayContaining(["README.md", "docs/components/node-cluster.md"]));
    const planted = 'import { NodeCluster } from "@chainkeep/local";\nnew NodeCluster("a", { chains: {} });\n';
    const problems = problemsOf([...found, { page: "planted.md", line: 1, text: planted }]);
    expect(problems).toEqual([expect.stringMatching(/^planted\.md:2: .*chains/)]);
  }, 120_000);
});
