import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { KEY_FILE_BYTES } from "@chainkeep/core";
import { keyOf, smallText } from "./key-file";

const HEX = "ab".repeat(32);

describe("a key in a copy", () => {
  it.each([
    ["the paths of its client", "btcd.conf", "rpcpass=x", ["btcd.conf"], /a key of its client \(btcd\.conf\)/],
    ["its name anywhere", "data/x.db/node_key.json", undefined, [], /CometBFT/],
    ["a directory of keys", "data/keystore/a", undefined, [], /directory of keys/],
    ["what is in it", "data/x.db/notes", HEX, [], /32 bytes/],
  ])("is told by %s", (_, below, text, keyPaths, why) => {
    expect(keyOf({ below, text }, keyPaths)).toMatch(why);
  });

  it("is no key that only lies below the paths of another client, or in a home that is called like one", () => {
    expect(keyOf({ below: "data/x.db/000001.log", text: "rpcpass=x" }, ["btcd.conf"])).toBeUndefined();
    expect(keyOf({ below: "data/x.db/CURRENT", text: undefined })).toBeUndefined();
  });
});

describe("what is read for it", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-keys-"));
  const file = path.join(directory, "a");
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("is small: a database's files are large, and an empty one holds nothing", async () => {
    writeFileSync(file, HEX);
    expect(await smallText(file, HEX.length)).toBe(HEX);
    expect(await smallText(file, KEY_FILE_BYTES + 1)).toBeUndefined();
    expect(await smallText(file, 0)).toBeUndefined();
  });

  it("is nothing silently where it should be there: a file that cannot be read is no proof of anything", async () => {
    await expect(smallText(path.join(directory, "gone"), 10)).rejects.toThrow("ENOENT");
  });
});
