import { findTool } from "./catalogue";
import { ToolsWorld } from "./tools-world.fixture";
import { goVersion, waysToGet } from "./ways";

describe("waysToGet", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld();
    world.env.PATH = world.bin;
  });
  afterEach(() => world.dispose());

  const tools = ["prometheus", "cometbft", "geth"].flatMap((name) => findTool(name) ?? []);

  it("tells which ways are open, and asks each host once", async () => {
    await world.serve();
    world.program("go", "echo go1.26.8");
    const ways = await waysToGet(tools, world.env);
    const host = new URL(world.env.CHAINKEEP_MIRROR ?? "").host;
    expect(ways.get("prometheus")).toEqual({ open: [`download from ${host}`, "build with Go 1.26.8"], closed: [] });
    expect(ways.get("geth")).toEqual({ open: ["build with Go 1.26.8"], closed: ["no download"] });
    expect(world.connections).toBe(1);
  });

  it("tells why ways are closed", async () => {
    await world.serve({ refuse: true });
    const { open, closed } = (await waysToGet(tools, world.env)).get("prometheus") ?? { open: [], closed: [] };
    expect(open).toEqual([]);
    expect(closed).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached/), "Go is not on PATH"]);
    world.env.CHAINKEEP_DOWNLOAD = "off";
    world.env.CHAINKEEP_BUILD = "off";
    expect((await waysToGet(tools, world.env)).get("cometbft")?.closed).toEqual([
      "download is off (CHAINKEEP_DOWNLOAD=off)",
      "build is off (CHAINKEEP_BUILD=off)",
    ]);
  });

  it("knows the version of Go without its name", async () => {
    expect(await goVersion(world.env)).toBeUndefined();
    world.program("go", "echo go1.25.1");
    expect(await goVersion(world.env)).toBe("1.25.1");
  });
});
