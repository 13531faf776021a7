import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { InventoryProcessVault } from "@chainkeep/core";
import { BackupWorld } from "../testing/backup-world.fixture";
import { recoverRestore } from "./recover-restore";
import { type RestoreJournal, readRestoreJournal, writeRestoreJournal } from "./restore-journal";
import { carryOut, dataEntries, freshDirectory, movesOf, oldDirectory, takeBack } from "./swap";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "chainkeep-swap-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const vault = (dataPaths: string[], keyPaths: string[] = []) =>
  ({ home, dataPaths, keyPaths }) as unknown as InventoryProcessVault;
function write(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}
const read = (name: string) =>
  existsSync(path.join(home, name)) ? readFileSync(path.join(home, name), "utf8") : undefined;
const comet = vault(["data/*.db/**", "data/cs.wal/**"], ["config/node_key.json", "data/priv_validator_state.json"]);
const ID = "x";

/** Old data in its place, new data beside it. */
function before(): void {
  write(home, {
    "data/state.db/1": "old",
    "data/gone.db/1": "old",
    "data/priv_validator_state.json": "height 7",
    "config/node_key.json": "mine",
  });
  write(freshDirectory(home, ID), { "data/state.db/1": "new", "data/tx.db/1": "new" });
}
const state = () => ["data/state.db/1", "data/gone.db/1", "data/tx.db/1"].map(read);
const OLD = ["old", "old", undefined];
const NEW = ["new", undefined, "new"];

describe("dataEntries", () => {
  it("names what globs name as a whole, and nothing beside it", async () => {
    before();
    expect(await dataEntries(home, comet)).toEqual(["data/gone.db", "data/state.db"]);
  });

  it("goes into a directory that holds a key, and leaves the key", async () => {
    write(home, { "data/chain/1": "x", "data/key": "k", "data/deep/key": "k", "data/deep/2": "x" });
    expect(await dataEntries(home, vault(["data/**"], ["data/key", "data/**/key"]))).toEqual([
      "data/chain",
      "data/deep/2",
    ]);
  });

  it("takes everything but keys where the whole home is data", async () => {
    write(home, { "a/1": "x", b: "x", key: "k", ".chainkeep-files": "ours" });
    expect(await dataEntries(home, vault(["**"], ["key"]))).toEqual(["a", "b"]);
  });
});

describe("the swap", () => {
  it("puts new data in the place of the old, keeps the old, and leaves keys and signing state alone", async () => {
    before();
    await carryOut(await movesOf(home, ID, comet));
    expect(state()).toEqual(NEW);
    expect([read("config/node_key.json"), read("data/priv_validator_state.json")]).toEqual(["mine", "height 7"]);
    expect(readFileSync(path.join(oldDirectory(home, ID), "data/gone.db/1"), "utf8")).toBe("old");
  });

  it("ends with all new data wherever it broke off, and goes back to all old data as well", async () => {
    before();
    const moves = await movesOf(home, ID, comet);
    for (let n = 0; n <= moves.length; n++) {
      await carryOut(moves.slice(0, n));
      await carryOut(moves);
      expect(state()).toEqual(NEW);
      for (let back = 0; back <= n; back++) await takeBack(moves.slice(moves.length - back));
      await takeBack(moves);
      expect(state()).toEqual(OLD);
    }
  });

  it("brings data to a node that has lost all of it", async () => {
    write(freshDirectory(home, ID), { "data/state.db/1": "new" });
    await carryOut(await movesOf(home, ID, comet));
    expect(read("data/state.db/1")).toBe("new");
    expect(existsSync(oldDirectory(home, ID))).toBe(false);
  });
});

describe("recoverRestore", () => {
  it.each<[RestoreJournal["phase"], number, readonly unknown[]]>([
    ["fetch", 0, OLD],
    ["swap", 0, NEW],
    ["swap", 1, NEW],
    ["swap", 3, NEW],
    ["start", 9, NEW],
  ])(
    "of an agent that died in %s after %i moves leaves no mix, and a node that runs",
    async (phase, done, expected) => {
      const at = new BackupWorld();
      try {
        before();
        const moves = await movesOf(home, ID, comet);
        const fresh = [freshDirectory(home, ID)];
        await writeRestoreJournal(at.directory, {
          schemaVersion: 1,
          id: ID,
          node: "mirror-0",
          point: "p",
          phase,
          fresh,
          moves,
        });
        await carryOut(moves.slice(0, done));
        at.running = false;
        expect(await recoverRestore(at.world())).toEqual({ node: "mirror-0", data: expected === OLD ? "old" : "new" });
        expect(state()).toEqual(expected);
        expect(at.running).toBe(true);
        expect(existsSync(fresh[0] ?? "")).toBe(false);
        expect(await readRestoreJournal(at.directory)).toBeUndefined();
        expect(await recoverRestore(at.world())).toBeUndefined();
      } finally {
        at.close();
      }
    },
  );
});
