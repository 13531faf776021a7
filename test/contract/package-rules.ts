/** A package.json, as far as the rules look at it. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly main?: string;
  readonly types?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Lines for what a published package must say of itself and does not. */
export function manifestProblems(manifest: Manifest): string[] {
  const { exports = {}, files = [], bin = {}, dependencies = {} } = manifest;
  const root = exports["."] as Readonly<Record<string, string>> | undefined;
  const checks: readonly (readonly [boolean, string])[] = [
    [/^@chainkeep\/[a-z]+$/.test(manifest.name ?? ""), "name: use @chainkeep/<word>"],
    [/^\d+\.\d+\.\d+/.test(manifest.version ?? ""), "version: use a semantic version"],
    [(manifest.description ?? "").length > 10, "description: say what it is"],
    [manifest.private !== true, "private: published packages are not"],
    [manifest.license === "Apache-2.0", "license: use Apache-2.0"],
    [manifest.type === "commonjs", 'type: say "commonjs"'],
    [/^>=20\.19/.test(manifest.engines?.node ?? ""), 'engines.node: use ">=20.19"'],
    [root !== undefined, 'exports: give "."'],
    [root === undefined || Object.keys(root)[0] === "types", 'exports["."]: types come first'],
    [root === undefined || Object.keys(root).at(-1) === "default", 'exports["."]: default comes last'],
    [
      root === undefined || (root.types === manifest.types && root.default === manifest.main),
      "main and types: same as exports",
    ],
    [exports["./package.json"] === "./package.json", 'exports: give "./package.json"'],
    [files.includes("dist"), "files: dist is missing"],
    [!files.includes("src"), "files: sources are not published"],
  ];
  const programs = Object.values(bin).filter((p) => !files.some((f) => p.replace(/^\.\//, "").startsWith(`${f}/`)));
  const siblings = Object.entries(dependencies).filter(
    ([n, v]) => n.startsWith("@chainkeep/") && v !== manifest.version,
  );
  return [
    ...checks.filter(([holds]) => !holds).map(([, problem]) => problem),
    ...programs.map((p) => `bin: ${p} is not in files`),
    ...siblings.map(([n, v]) => `dependencies: ${n} is ${v}; packages are released together as ${manifest.version}`),
  ];
}
