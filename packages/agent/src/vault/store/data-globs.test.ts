import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { expandGlobs, outermost } from "./data-globs";
import { excludeLines } from "./excludes";

describe("globs of data", () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), "chainkeep-globs-"));
    for (const name of [
      "data/blockstore.db",
      "data/state.db/deep",
      "data/cs.wal",
      "chains/a/db",
      "chains/b/db",
      "chains/b/keystore",
    ]) {
      mkdirSync(path.join(home, name), { recursive: true });
    }
    for (const name of ["data/priv_state.json", "data/VERSION.json", "data/state.db/deep/1.ldb"])
      writeFileSync(path.join(home, name), "x");
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it.each([
    [
      ["data/*.db/**", "data/cs.wal/**"],
      ["data/blockstore.db", "data/cs.wal", "data/state.db"],
    ],
    [["**"], [""]],
    [["chains/*/db/**"], ["chains/a/db", "chains/b/db"]],
    [["data/VERSION.json", "data/absent.json", "absent/**", "data/VERSION.json/**"], ["data/VERSION.json"]],
    [["data/**", "data/*.db/**", "*/state.db/**"], ["data"]],
    [["**/deep/**", "data/?????.db/**"], ["data/state.db"]],
  ])("%j", async (globs, expected) => {
    expect(await expandGlobs(home, globs)).toEqual(expected.map((name) => path.join(home, name)));
  });

  it("never leaves out what no other entry holds", () => {
    const segment = fc.constantFrom("a", "b", "ab", "a.b");
    const paths = fc.array(fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`));
    fc.assert(
      fc.property(paths, (all) => {
        const kept = outermost(all);
        const holds = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}/`);
        expect(all.every((name) => kept.filter((outer) => holds(outer, name)).length === 1)).toBe(true);
      }),
    );
  });
});

describe("what restic leaves out", () => {
  it("is absolute, without what lies elsewhere, and means the same to restic", () => {
    expect(excludeLines("/srv/$HOME/a[1]*", ["data/**/jwt-secret", "shared:jwt.hex", "key[0]"])).toEqual([
      "/srv/$$HOME/a\\[1]\\*/.chainkeep-*",
      "/srv/$$HOME/a\\[1]\\*/data/**/jwt-secret",
      "/srv/$$HOME/a\\[1]\\*/key\\[0]",
    ]);
    expect(() => excludeLines("/srv/a\nb", ["key"])).toThrow("line break");
  });
});
