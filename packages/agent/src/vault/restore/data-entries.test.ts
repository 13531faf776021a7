import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { dataEntries, foreignPlace, hasData, placesOf } from "./data-entries";
import { writeTree } from "./restore-world.fixture";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "chainkeep-entries-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const places = (dataPaths: string[], keyPaths: string[] = [], stays: string[] = []) => ({ dataPaths, keyPaths, stays });

describe("dataEntries", () => {
  it("names what globs name as a whole, and nothing beside it", async () => {
    writeTree(home, { "data/b.db/1": "", "data/a.db/deep/1": "", "data/state.json": "", "config/x": "" });
    expect(await dataEntries(home, places(["data/*.db/**"]))).toEqual(["data/a.db", "data/b.db"]);
  });

  it("names single files", async () => {
    writeTree(home, { "data/db.version": "", "data/other": "" });
    expect(await dataEntries(home, places(["data/db.version"]))).toEqual(["data/db.version"]);
  });

  it("goes into a directory that may hold a key, and leaves the key", async () => {
    writeTree(home, { "data/chain/1": "", "data/key": "", "data/deep/key": "", "data/deep/2": "" });
    expect(await dataEntries(home, places(["data/**"], ["data/key", "data/**/key"]))).toEqual([
      "data/chain/1",
      "data/deep/2",
    ]);
  });

  it("takes everything but keys, configuration and what is our own where the whole home is data", async () => {
    writeTree(home, { "a/1": "", b: "", key: "", "conf/app.toml": "", "conf/state": "", ".chainkeep-files": "" });
    writeTree(home, { ".chainkeep-before-x/a/1": "" });
    expect(await dataEntries(home, places(["**"], ["key"], ["conf/app.toml"]))).toEqual(["a", "b", "conf/state"]);
  });

  it("finds nothing in a home that is not there", async () => {
    expect(await dataEntries(path.join(home, "gone"), places(["**"]))).toEqual([]);
  });
});

describe("placesOf", () => {
  const vault = { home: "", dataPaths: ["data/**"], keyPaths: ["key"], engine: "toy", graceSeconds: 1 };

  it("adds where the copy has its data, the signing state and what the target has written", async () => {
    writeTree(home, { ".chainkeep-files": '{"conf/app.toml":{"claim":"x"}}' });
    const given = { ...vault, home, signingState: "data/state.json" } as never;
    expect(await placesOf(given, ["chain/**", "data/**"])).toEqual({
      dataPaths: ["data/**", "chain/**"],
      keyPaths: ["key"],
      stays: ["data/state.json", "conf/app.toml"],
    });
  });

  it.each(["{", '"text"', "null", "[]"])("bears a list of configuration that says %s", async (text) => {
    writeTree(home, { ".chainkeep-files": text });
    await expect(placesOf({ ...vault, home } as never)).resolves.toMatchObject({ keyPaths: ["key"] });
  });
});

describe("hasData", () => {
  it("is not taken in by empty directories, keys and configuration", async () => {
    mkdirSync(path.join(home, "data/chain/empty"), { recursive: true });
    writeTree(home, { "data/key": "", "conf/app.toml": "" });
    expect(await hasData(home, places(["data/**"], ["data/key"]))).toBe(false);
  });

  it("sees one file", async () => {
    writeTree(home, { "data/chain/deep/1": "" });
    expect(await hasData(home, places(["data/**"]))).toBe(true);
  });
});

describe("foreignPlace", () => {
  it("finds a link in the place of the data, or above it", async () => {
    const elsewhere = path.join(home, "elsewhere");
    mkdirSync(path.join(elsewhere, "chain"), { recursive: true });
    mkdirSync(path.join(home, "node"));
    symlinkSync(elsewhere, path.join(home, "node/data"));
    expect(await foreignPlace(path.join(home, "node"), places(["data/chain/**"]))).toBe(path.join(home, "node/data"));
  });

  it("finds nothing in an ordinary home, nor in none", async () => {
    writeTree(home, { "data/chain/1": "", "other/1": "" });
    symlinkSync("/", path.join(home, "other/link"));
    expect(await foreignPlace(home, places(["data/*/**"]))).toBeUndefined();
    expect(await foreignPlace(path.join(home, "gone"), places(["**"]))).toBeUndefined();
  });
});
