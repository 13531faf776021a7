import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { survey } from "./survey";

describe("a survey of data", () => {
  let home: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(path.join(tmpdir(), "chainkeep-survey-")));
    mkdirSync(path.join(home, "db/deep"), { recursive: true });
    writeFileSync(path.join(home, "db/old"), "12345");
    writeFileSync(path.join(home, "db/deep/new"), "123");
    utimesSync(path.join(home, "db/old"), 1000, 1000);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const look = (since = 2_000_000) => survey(home, [path.join(home, "db")], since);

  it("counts, and finds what has changed lately", async () => {
    expect(await look()).toMatchObject({
      files: 2,
      bytes: 8,
      recent: [path.join(home, "db/deep/new")],
      foreign: false,
    });
    expect((await look(1_000_000)).recent).toHaveLength(2);
    expect(await survey(home, [path.join(home, "absent")], 0)).toMatchObject({ files: 0 });
  });

  it("tells links that lead out of the home, or would lead a restored copy back to it; others stay", async () => {
    symlinkSync("deep/new", path.join(home, "db/inner"));
    expect((await look()).strayLinks).toEqual([]);
    symlinkSync("../../elsewhere", path.join(home, "db/outer"));
    symlinkSync(path.join(home, "db/old"), path.join(home, "db/deep/absolute"));
    expect((await look()).strayLinks.map((link) => path.basename(link.path)).sort()).toEqual(["absolute", "outer"]);
  });
});
