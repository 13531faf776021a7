import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fakeInventory, inventoryNode } from "../testing/fake-node.fixture";
import { runCommand } from "./commands";

describe("check", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "chainkeep-check-"));
  const file = path.join(directory, "agent.json");
  afterAll(() => rmSync(directory, { recursive: true }));

  async function check(...args: string[]) {
    const texts = { out: "", err: "" };
    const code = await runCommand(args.length > 0 ? args : ["check", "--inventory", file], {
      out: (text) => {
        texts.out += text;
      },
      err: (text) => {
        texts.err += text;
      },
    });
    return { code, ...texts };
  }

  it("finds a sound inventory sound", async () => {
    writeFileSync(file, JSON.stringify(await fakeInventory([inventoryNode("rpc-0", "http://127.0.0.1:9")])));
    const sound = { code: 0, out: `${file}: sound; 1 nodes of toy\n`, err: "" };
    expect(await check()).toEqual(sound);
    expect(await check("check", `--inventory=${file}`)).toEqual(sound);
  });

  it("starts no watchdog that does not know its attempt, and ends one that has nothing to watch over", async () => {
    const journal = path.join(directory, "journal.json");
    expect(await check("watchdog", "--journal", journal)).toMatchObject({
      code: 2,
      err: expect.stringContaining("--attempt"),
    });
    expect((await check("watchdog", "--journal", journal, "--attempt", "a")).code).toBe(0);
    writeFileSync(journal, "{ torn");
    expect(await check("watchdog", "--journal", journal, "--attempt", "a")).toMatchObject({
      code: 1,
      out: expect.stringContaining("torn"),
    });
  });

  it("tells all problems of an unsound one", async () => {
    const inventory = await fakeInventory([inventoryNode("rpc-0", "ftp://x")]);
    writeFileSync(file, JSON.stringify({ ...inventory, stack: "", proxy: undefined }));
    expect(await check()).toEqual({
      code: 2,
      out: "",
      err: [
        `Inventory ${file} has 3 problems:`,
        '  stack: got ""; use the stack\'s name [INVENTORY_FIELD]',
        '  nodes[0].processes[0].probeUrl: got "ftp://x"; use an address like "http://127.0.0.1:26657" [INVENTORY_FIELD]',
        '  nodes[0].processes[0].rpcUrl: got "ftp://x"; use an address like "http://127.0.0.1:26657" [INVENTORY_FIELD]',
        "",
      ].join("\n"),
    });
  });

  it.each<[string, () => void, RegExp]>([
    ["missing", () => rmSync(file, { force: true }), /is not there; give the path of an agent\.json/],
    ["torn", () => writeFileSync(file, '{"schemaVersion":1,'), /is no JSON: .*\[INVENTORY_UNREADABLE\]/],
    ["empty", () => writeFileSync(file, ""), /is no JSON/],
    ["far too large", () => truncateSync(file, 65 * 1024 * 1024), /is larger than/],
    [
      "a directory",
      () => {
        rmSync(file, { force: true });
        mkdirSync(file);
      },
      /cannot be read \(EISDIR\)/,
    ],
  ])("says what is wrong with a file that is %s", async (_, prepare, text) => {
    prepare();
    const got = await check();
    expect([got.code, got.out]).toEqual([2, ""]);
    expect(got.err).toMatch(text);
  });
});
