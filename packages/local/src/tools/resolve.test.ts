import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { ConfigError } from "@chainkeep/core";
import { resolveTool, resolveTools } from "./resolve";
import { ToolsWorld } from "./tools-world.fixture";

const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
const OS = process.platform;
const BASE = "/github.com/prometheus/prometheus/releases/download/v3.7.0";
const ARCHIVE = `prometheus-3.7.0.${OS}-${ARCH}.tar.gz`;
const SAYS = { prometheus: "echo prometheus, version 3.7.0", promtool: "echo promtool, version 3.7.0" };

describe("resolveTool", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld();
  });
  afterEach(() => world.dispose());

  const resolve = (name: string) => resolveTool(name, { env: world.env, progress: world.progress });
  const problemOf = async (name: string) => {
    const error = await resolve(name).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems[0]!;
  };
  const installed = () => (existsSync(`${world.cache}/tools`) ? readdirSync(`${world.cache}/tools`) : []);
  const leftovers = () => (existsSync(`${world.cache}/work`) ? readdirSync(`${world.cache}/work`) : []);

  it("downloads a release, proves it, and keeps all its programs for next time", async () => {
    await world.serve();
    world.release(BASE, ARCHIVE, "sha256sums.txt", SAYS);
    const got = await resolve("prometheus");
    const place = `${world.cache}/tools/prometheus-3.7.0/prometheus`;
    expect(got).toEqual({ name: "prometheus", path: place, version: "3.7.0", source: "download" });
    expect(readlinkSync(`${world.cache}/bin/promtool`)).toBe("../tools/promtool-3.7.0/promtool");
    expect(leftovers()).toEqual([]);
    world.requests.length = 0;
    expect(await resolve("promtool")).toMatchObject({ source: "cache", version: "3.7.0" });
    expect(await resolve("prometheus")).toEqual({ ...got, source: "cache" });
    expect(world.requests).toEqual([]);
  });

  it("follows redirects, as release hosts make them", async () => {
    await world.serve();
    world.release(BASE, ARCHIVE, "sha256sums.txt", SAYS);
    world.files.set("/elsewhere", world.files.get(`${BASE}/${ARCHIVE}`)!);
    world.files.set(`${BASE}/${ARCHIVE}`, { location: "/elsewhere" });
    expect(await resolve("prometheus")).toMatchObject({ source: "download" });
  });

  it("refuses a redirect to plain http elsewhere", async () => {
    await world.serve();
    world.release(BASE, ARCHIVE, "sha256sums.txt", SAYS);
    world.files.set(`${BASE}/${ARCHIVE}`, { location: "http://release.invalid/x" });
    const { message } = await problemOf("prometheus");
    expect(message).toContain("leads to http://release.invalid, not https");
  });

  it("refuses an archive whose sum is not the published one, and builds instead", async () => {
    await world.serve();
    world.release(BASE, ARCHIVE, "sha256sums.txt", SAYS, "a".repeat(64));
    const { message } = await problemOf("prometheus");
    expect(message).toContain(`refused: ${ARCHIVE} has SHA-256`);
    expect(message).toContain("not built: Go is not on PATH");
    expect(installed()).toEqual([]);
    expect(leftovers()).toEqual([]);
    world.go("echo prometheus, version 3.7.0");
    expect(await resolve("prometheus")).toMatchObject({ source: "build" });
  });

  it("takes the pinned sum rather than a published one that fits a forged archive", async () => {
    await world.serve();
    const base = "/github.com/prometheus/alertmanager/releases/download/v0.28.1";
    const says = { alertmanager: "echo alertmanager, version 0.28.1", amtool: "echo amtool, version 0.28.1" };
    world.release(base, `alertmanager-0.28.1.linux-${ARCH}.tar.gz`, "sha256sums.txt", says);
    const { message } = await problemOf("alertmanager");
    if (OS === "linux") expect(message).toMatch(/refused: .* published is [0-9a-f]{64}/);
    expect(installed()).toEqual([]);
  });

  it.each<[string, (w: ToolsWorld, whole: Buffer) => void, RegExp]>([
    ["breaks off", (w) => w.files.set(`${BASE}/${ARCHIVE}`, "hang-up"), /broke off/],
    [
      "is cut short",
      (w, whole) => w.files.set(`${BASE}/${ARCHIVE}`, whole.subarray(0, whole.length / 2)),
      /refused: .* has SHA-256/,
    ],
    ["is not there", (w) => w.files.delete(`${BASE}/${ARCHIVE}`), /answers 404/],
    ["is in no list", (w) => w.files.set(`${BASE}/sha256sums.txt`, Buffer.from("")), /list of sums has no/],
    [
      "holds other programs",
      (w) => w.release(BASE, ARCHIVE, "sha256sums.txt", { other: "true" }),
      /holds no prometheus, promtool/,
    ],
    [
      "holds another version",
      (w) => w.release(BASE, ARCHIVE, "sha256sums.txt", { ...SAYS, prometheus: "echo version 3.6.0" }),
      /says that it is 3\.6\.0, not 3\.7\.0/,
    ],
    [
      "holds a program that does not run",
      (w) => w.release(BASE, ARCHIVE, "sha256sums.txt", { ...SAYS, prometheus: "exit 1" }),
      /does not run on this machine/,
    ],
  ])("leaves nothing in the cache when the archive %s", async (_what, spoil, reason) => {
    await world.serve();
    spoil(world, world.release(BASE, ARCHIVE, "sha256sums.txt", SAYS));
    const { message, code } = await problemOf("prometheus");
    expect(code).toBe("TOOL_UNAVAILABLE");
    expect(message).toMatch(reason);
    expect(installed()).not.toContain("prometheus-3.7.0");
    expect(leftovers()).toEqual([]);
  });

  it("builds from the pinned Go module with the version stamped, when there is no download", async () => {
    world.env.CHAINKEEP_DOWNLOAD = "off";
    const log = world.go("echo prometheus, version 3.7.0");
    const got = await resolve("prometheus");
    expect(got).toMatchObject({ version: "3.7.0", source: "build" });
    const calls = readFileSync(log, "utf8");
    expect(calls).toContain("get github.com/prometheus/prometheus@v0.307.0");
    expect(calls).toContain("-X=github.com/prometheus/common/version.Version=3.7.0");
    expect(calls).toMatch(/build .*-trimpath .*github\.com\/prometheus\/prometheus\/cmd\/prometheus$/m);
    expect(world.told).toEqual([
      "prometheus 3.7.0: building from its Go module, about 3:00 alone on two cores",
      "prometheus 3.7.0: built from its Go module",
    ]);
  });

  it("says what Go said when a build fails", async () => {
    world.env.CHAINKEEP_DOWNLOAD = "off";
    world.program("go", '[ "$1" = get ] && { echo "verifying module: checksum mismatch" >&2; exit 1; }; exit 0');
    const { message } = await problemOf("cometbft");
    expect(message).toContain('build failed at "go get": verifying module: checksum mismatch');
    expect(leftovers()).toEqual([]);
  });

  it("says that the disk is full, and looks for no other way", async () => {
    world.env.CHAINKEEP_DOWNLOAD = "off";
    world.program("go", 'echo "write $WORK/b001: no space left on device" >&2; exit 1');
    const { message, code } = await problemOf("cometbft");
    expect(code).toBe("DISK_FULL");
    expect(message).toContain("no space is left on the device");
    expect(leftovers()).toEqual([]);
  });

  it("names everything that is missing and three ways out, and asks an unreachable host once", async () => {
    await world.serve({ refuse: true });
    const host = new URL(world.env.CHAINKEEP_MIRROR ?? "").host;
    await problemOf("process-compose");
    const options = { env: world.env, progress: world.progress };
    const error = (await resolveTools(["prometheus", "cometbft"], options).catch((e: unknown) => e)) as ConfigError;
    expect(error.problems.map((p) => `${p.path} ${p.code}`).sort()).toEqual([
      "cometbft TOOL_UNAVAILABLE",
      "prometheus TOOL_UNAVAILABLE",
    ]);
    for (const { message } of error.problems) {
      expect(message).toContain(`${host} cannot be reached`);
      expect(message).toMatch(/install .* on PATH.* or allow the download from github\.com, or install Go/);
    }
    expect(world.connections).toBe(1);
  });

  it("refuses a mirror that is neither https nor on loopback", async () => {
    world.env.CHAINKEEP_MIRROR = "http://mirror.invalid";
    const { message } = await problemOf("prometheus");
    expect(message).toContain('CHAINKEEP_MIRROR is "http://mirror.invalid", which is no https address');
  });

  it("builds once for several that ask at the same time", async () => {
    world.env.CHAINKEEP_DOWNLOAD = "off";
    const log = world.go("echo 0.38.19");
    const all = await Promise.all([resolve("cometbft"), resolve("cometbft"), resolve("cometbft")]);
    expect(all.map((t) => t.source).sort()).toEqual(["build", "cache", "cache"]);
    expect(readFileSync(log, "utf8").match(/^build /gm)).toHaveLength(1);
  });

  it("gets nothing when the user's own choice is no program", async () => {
    world.env.CHAINKEEP_COMETBFT = "/nowhere/cometbft";
    world.go("echo 0.38.19");
    const { message, code } = await problemOf("cometbft");
    expect(code).toBe("TOOL_OVERRIDE");
    expect(message).toContain("CHAINKEEP_COMETBFT=/nowhere/cometbft");
    expect(installed()).toEqual([]);
  });

  it("tells of a program that it does not know how to get", async () => {
    expect(await problemOf("acmed")).toMatchObject({ path: "acmed", code: "TOOL_MISSING" });
  });
});
