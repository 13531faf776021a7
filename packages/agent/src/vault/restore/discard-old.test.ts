import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { discardOld } from "./discard-old";
import { KEPT, OLD_DATA, RestoreWorld, readTree, writeTree } from "./restore-world.fixture";

let at: RestoreWorld;
beforeEach(() => {
  at = new RestoreWorld();
});
afterEach(() => at.close());

const discard = (name = "mirror-0") => discardOld(at.world(), name, at.job);

it("deletes what restores have put aside, and nothing else, and tells how much that was", async () => {
  writeTree(at.home, { ".chainkeep-before-01/data/a.db/1": "12345", ".chainkeep-before-02/data/a.db/1": "123" });
  writeTree(at.home, { "data/.chainkeep-before-03/1": "no restore's", ".chainkeep-files": "{}" });
  expect(await discard()).toEqual({
    node: "mirror-0",
    freedBytes: 8,
    directories: [".chainkeep-before-01", ".chainkeep-before-02"].map((name) => path.join(at.home, name)),
  });
  expect(readTree(at.home, true)).toEqual({
    ...KEPT,
    ...OLD_DATA,
    "data/.chainkeep-before-03/1": "no restore's",
    ".chainkeep-files": "{}",
  });
  expect((await discard()).freedBytes).toBe(0);
});

it("follows no link, neither in the place of such a directory nor inside of one", async () => {
  const precious = path.join(at.root, "precious");
  writeTree(precious, { file: "x" });
  symlinkSync(precious, path.join(at.home, ".chainkeep-before-01"));
  mkdirSync(path.join(at.home, ".chainkeep-before-02"));
  symlinkSync(precious, path.join(at.home, ".chainkeep-before-02/link"));
  await discard();
  expect(readTree(precious)).toEqual({ file: "x" });
  expect(existsSync(path.join(at.home, ".chainkeep-before-02"))).toBe(false);
});

it("keeps the old data while the node is not ready on the new", async () => {
  writeTree(at.home, { ".chainkeep-before-01/1": "" });
  at.ready = false;
  await expect(discard()).rejects.toMatchObject({ code: "DISCARD_NOT_READY" });
  expect(existsSync(path.join(at.home, ".chainkeep-before-01/1"))).toBe(true);
});

it("knows its nodes", async () => {
  await expect(discard("rpc-9")).rejects.toMatchObject({ code: "DISCARD_NODE" });
});
