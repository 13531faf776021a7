import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { ConfigError } from "@chainkeep/core";
import { findGrafana } from "../monitoring/grafana-program";
import { locateTools } from "./locate";
import { resolveOptional, resolveTool } from "./resolve";
import { ToolsWorld } from "./tools-world.fixture";

const OS = process.platform;
const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
const BASE = "/dl.grafana.com/oss/release";
const ARCHIVE = `grafana-12.4.2.${OS}-${ARCH}.tar.gz`;
const SAYS = { "bin/grafana": "echo grafana version 12.4.2" };
const BESIDE = ["conf/defaults.ini", "public/index.html"];

/** The makers' sum of the pinned version is in the catalogue: an archive of a test cannot have it. */
jest.mock("./services", () => {
  const real = jest.requireActual<typeof import("./services")>("./services");
  const free = ({ release, ...tool }: (typeof real.SERVICES)[number]) =>
    release?.name === "grafana" ? { ...tool, release: { ...release, sha256: {} } } : { ...tool, release };
  return { ...real, SERVICES: real.SERVICES.map(free) };
});

describe("a program that is kept with all that lies beside it", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld();
  });
  afterEach(() => world.dispose());

  const options = () => ({ env: world.env, progress: world.progress });
  const release = (programs: Readonly<Record<string, string>> = SAYS, beside = BESIDE) =>
    world.release(BASE, ARCHIVE, `${ARCHIVE}.sha256`, programs, undefined, beside);
  const kept = () => path.join(world.cache, "tools", "grafana-12.4.2");
  const problemOf = async () => {
    const error = await resolveTool("grafana", options()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems[0]!;
  };

  it("is downloaded as a whole, and found again with its home", async () => {
    await world.serve();
    release();
    const got = await resolveTool("grafana", options());
    const place = path.join(kept(), "bin", "grafana");
    expect(got).toEqual({ name: "grafana", path: place, version: "12.4.2", source: "download" });
    expect(readFileSync(path.join(kept(), "public", "index.html"), "utf8")).toBe("public/index.html\n");
    expect(readlinkSync(path.join(world.cache, "bin", "grafana"))).toBe("../tools/grafana-12.4.2/bin/grafana");
    world.requests.length = 0;
    expect(await resolveOptional(options())).toEqual([{ ...got, source: "cache" }]);
    expect(world.requests).toEqual([]);
    expect(findGrafana(world.env)).toEqual({ program: place, home: kept() });
  });

  it("is proved by a list that is nothing but its sum", async () => {
    await world.serve();
    const bytes = release();
    const sum = createHash("sha256").update(bytes).digest("hex");
    world.files.set(`${BASE}/${ARCHIVE}.sha256`, Buffer.from(`${sum}\n`));
    expect(await resolveTool("grafana", options())).toMatchObject({ source: "download" });
    world.files.set(`${BASE}/${ARCHIVE}.sha256`, Buffer.from("a".repeat(64)));
    execFileSync("rm", ["-r", kept()]);
    expect((await problemOf()).message).toMatch(/refused: .* published is a{64}/);
  });

  it("takes the place of what a broken run left", async () => {
    await world.serve();
    release();
    mkdirSync(path.join(kept(), "public", "old"), { recursive: true });
    await resolveTool("grafana", options());
    expect(existsSync(path.join(kept(), "public", "old"))).toBe(false);
  });

  it.each<[string, () => void, RegExp]>([
    ["its pages are missing", () => void release(SAYS, ["conf/defaults.ini"]), /holds no public/],
    ["the program is missing", () => void release({ "bin/other": "true" }), /holds no bin\/grafana/],
    [
      "it is another version",
      () => void release({ "bin/grafana": "echo 12.4.1" }),
      /says that it is 12\.4\.1, not 12\.4\.2/,
    ],
    ["it does not run", () => void release({ "bin/grafana": "exit 1" }), /does not run on this machine/],
  ])("leaves nothing in the cache when %s", async (_what, spoil, reason) => {
    await world.serve();
    spoil();
    expect((await problemOf()).message).toMatch(reason);
    expect(existsSync(kept())).toBe(false);
  });

  it("refuses an archive that reaches out of its folder, or has several", async () => {
    await world.serve();
    const pack = (...names: string[]) => {
      const folder = path.join(world.root, "evil", "inner");
      mkdirSync(folder, { recursive: true });
      for (const name of names) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), "x");
      }
      const file = path.join(world.root, "evil.tar.gz");
      execFileSync("tar", ["-czPf", file, "-C", folder, ...names]);
      const bytes = readFileSync(file);
      world.files.set(`${BASE}/${ARCHIVE}`, bytes);
      const sum = createHash("sha256").update(bytes).digest("hex");
      world.files.set(`${BASE}/${ARCHIVE}.sha256`, Buffer.from(sum));
    };
    pack("a/bin/grafana", "../escaped");
    expect((await problemOf()).message).toContain("holds ../escaped, outside of its own folder");
    pack("a/bin/grafana", "b/public");
    expect((await problemOf()).message).toContain("has 2 folders at its top, not one");
  });
});

describe("a program that the stack can do without", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld();
  });
  afterEach(() => world.dispose());

  const options = () => ({ env: world.env, progress: world.progress });
  const unpacked = (folder: string, says = "echo grafana version 12.5.0") => {
    const file = world.program("grafana", says, path.join(folder, "bin"));
    mkdirSync(path.join(folder, "public"));
    mkdirSync(path.join(folder, "conf"));
    writeFileSync(path.join(folder, "conf", "defaults.ini"), "");
    return file;
  };

  it("is told once and then done without where there is no way to it", async () => {
    world.env.CHAINKEEP_DOWNLOAD = "off";
    expect(await resolveOptional(options())).toEqual([]);
    expect(world.told).toEqual([
      expect.stringMatching(/^grafana 12\.4\.2: cannot be had, and all else works without it/),
    ]);
    expect(findGrafana(world.env)).toBeUndefined();
  });

  it("is not looked for when it is turned off", async () => {
    world.env.PATH = `${path.dirname(unpacked(path.join(world.root, "grafana")))}:${world.env.PATH}`;
    expect(findGrafana(world.env)).toMatchObject({ home: path.join(world.root, "grafana") });
    world.env.CHAINKEEP_GRAFANA = "off";
    expect(findGrafana(world.env)).toBeUndefined();
    expect(await resolveOptional(options())).toEqual([]);
    expect(world.told).toEqual([]);
    expect(locateTools(["grafana"], world.env)[0]?.skipped).toEqual([
      { path: "CHAINKEEP_GRAFANA=off", reason: "turns it off" },
    ]);
  });

  it("is an error when its variable leads nowhere", async () => {
    world.env.CHAINKEEP_GRAFANA = "/nowhere/grafana";
    await expect(resolveOptional(options())).rejects.toThrow(/TOOL_OVERRIDE/);
    expect(() => findGrafana(world.env)).toThrow(/TOOL_OVERRIDE/);
  });

  it("finds the home of a package that keeps its files elsewhere", () => {
    const prefix = path.join(world.root, "prefix");
    unpacked(path.join(prefix, "share", "grafana"));
    const file = world.program("grafana", "echo grafana version 12.5.0", path.join(prefix, "bin"));
    world.env.CHAINKEEP_GRAFANA = file;
    const home = path.join(prefix, "share", "grafana");
    expect(findGrafana(world.env)).toEqual({ program: path.join(home, "bin", "grafana"), home });
  });

  it("does without a Grafana that has no pages, unless somebody named it", () => {
    const file = world.program("grafana", "echo grafana version 12.5.0");
    expect(findGrafana(world.env)).toBeUndefined();
    world.env.CHAINKEEP_GRAFANA = file;
    expect(() => findGrafana(world.env)).toThrow(/no public\/ and conf\/defaults\.ini around it.*\[TOOL_OVERRIDE\]/);
  });

  it("refuses what does not fit the pin, as for every program", () => {
    const file = unpacked(path.join(world.root, "old"), "echo grafana version 11.6.0");
    world.env.PATH = `${path.dirname(file)}:${world.env.PATH}`;
    expect(findGrafana(world.env)).toBeUndefined();
    expect(locateTools(["grafana"], world.env)[0]?.skipped).toEqual([
      { path: file, reason: "is 11.6.0; 12.4.2 or a later 12.x is needed" },
    ]);
  });
});
