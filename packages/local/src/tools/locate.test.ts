import { mkdirSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { locateToolSync, locateTools } from "./locate";
import { ToolsWorld } from "./tools-world.fixture";

describe("locateTools", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld();
    world.env.PATH = world.bin;
  });
  afterEach(() => world.dispose());

  const locate = (name: string) => locateTools([name], world.env)[0]!;
  const cached = (name: string, version: string, says: string) =>
    world.program(name, says, path.join(world.cache, "tools", `${name}-${version}`));

  it("takes CHAINKEEP_<NAME> first, whatever its version, then PATH, then the cache", () => {
    const inCache = cached("process-compose", "1.64.1", "exit 9");
    expect(locate("process-compose").found).toMatchObject({ path: inCache, version: "1.64.1", source: "cache" });
    const onPath = world.program("process-compose", "echo Version: v1.64.3");
    expect(locate("process-compose").found).toMatchObject({ path: onPath, version: "1.64.3", source: "path" });
    const own = world.program("my-compose", "echo Version: v2.0.0", path.join(world.root, "own"));
    world.env.CHAINKEEP_PROCESS_COMPOSE = own;
    expect(locate("process-compose").found).toMatchObject({ path: own, version: "2.0.0", source: "env" });
  });

  it.each([
    ["3.6.9", "is 3.6.9; 3.7.0 or a later 3.7.x is needed"],
    ["3.8.0", "is 3.8.0; 3.7.0 or a later 3.7.x is needed"],
    ["2.45.0", "is 2.45.0; 3.7.0 or a later 3.7.x is needed"],
  ])("passes over version %s and says so", (version, reason) => {
    const file = world.program("prometheus", `echo "prometheus, version ${version} (branch: HEAD)"; echo go1.26.8`);
    expect(locate("prometheus")).toMatchObject({ found: undefined, skipped: [{ path: file, reason }] });
  });

  it("passes over a program without a version, and over one that does not run", () => {
    world.program(
      "prometheus",
      'echo "prometheus, version  (branch: , revision: unknown)"; echo "go version: go1.26.8"',
    );
    expect(locate("prometheus").skipped).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/no version/) }),
    ]);
    world.program("alertmanager", "echo broken >&2; exit 3");
    expect(locate("alertmanager").skipped).toEqual([expect.objectContaining({ reason: "does not run: broken" })]);
  });

  it("goes on along PATH after a wrong version", () => {
    const second = path.join(world.root, "second");
    world.program("cometbft", "echo 0.37.2");
    const right = world.program("cometbft", "echo 0.38.21", second);
    world.env.PATH = `${world.bin}:relative:${second}`;
    expect(locate("cometbft").found).toMatchObject({ path: right, version: "0.38.21" });
  });

  it("takes any later Pulumi 3, with the language host beside it", () => {
    const install = path.join(world.root, "pulumi-install");
    world.program("pulumi", "echo v3.274.1", install);
    const host = world.program("pulumi-language-nodejs", "exit 0", install);
    symlinkSync(path.join(install, "pulumi"), path.join(world.bin, "pulumi"));
    cached("pulumi-language-nodejs", "3.250.0", "exit 0");
    expect(locate("pulumi").found).toMatchObject({ version: "3.274.1", source: "path" });
    expect(locate("pulumi-language-nodejs").found).toMatchObject({ path: host, source: "path" });
  });

  it("does not take the project's own wrapper for Pulumi", () => {
    const shims = path.join(world.root, "project", ".chainkeep", "bin");
    const shim = world.program("pulumi", "echo v3.250.0", shims);
    mkdirSync(path.join(world.root, "project", "node_modules", ".bin"), { recursive: true });
    const link = path.join(world.root, "project", "node_modules", ".bin", "pulumi");
    symlinkSync(shim, link);
    world.env.PATH = `${path.dirname(link)}:${shims}`;
    expect(locate("pulumi")).toMatchObject({ found: undefined, skipped: [] });
  });

  it("finds in the cache a language host that was built at another version", () => {
    const host = cached("pulumi-language-nodejs", "3.64.0", "exit 0");
    expect(locate("pulumi-language-nodejs").found).toMatchObject({ path: host, version: "3.64.0", source: "cache" });
  });
});

describe("locateToolSync", () => {
  it("gives the path, or an error with what was looked at and the ways out", async () => {
    const world = new ToolsWorld();
    try {
      const file = world.program("acmed", "exit 0");
      expect(locateToolSync("acmed", world.env)).toBe(file);
      world.program("prometheus", "echo 2.45.0");
      const { message } = errorOf(() => locateToolSync("prometheus", world.env));
      expect(message).toContain(`prometheus: not found on PATH or in ${world.cache}`);
      expect(message).toContain("is 2.45.0");
      expect(message).toMatch(/tools --resolve prometheus.*; or install .* on PATH; or set CHAINKEEP_PROMETHEUS/);
      expect(message).toMatch(/\[TOOL_MISSING\]$/);
    } finally {
      await world.dispose();
    }
  });
});

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
